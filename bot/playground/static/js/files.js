/** What came with a message, inside its bubble. */

import { fileUrl } from "/static/js/api.js";
import { drawContact, drawDice, drawPlace, drawPoll } from "/static/js/cards.js";
import { el, icon } from "/static/js/dom.js";
import { fileSize, t } from "/static/js/i18n.js";
import { kindOf } from "/static/js/messages.js";
import { drawVoice } from "/static/js/player.js";

const DRAWN = {
  photo: (message) => drawPicture(message.photo.at(-1), t("photo")),
  sticker: ({ sticker }) => drawSticker(sticker),
  voice: ({ voice }) => drawVoice(voice),
  video: ({ video }) => drawVideo(video, t("video")),
  animation: ({ animation }) => drawVideo(animation, t("animation")),
  video_note: ({ video_note: note }) => drawVideo(note, t("video_note")),
  location: ({ location }) => drawPlace({ location }),
  venue: ({ venue }) => drawPlace(venue),
  contact: ({ contact }) => drawContact(contact),
  poll: ({ poll }) => drawPoll(poll),
  dice: ({ dice }) => drawDice(dice),
};

/** Undefined for a message of words alone. */
export function drawAttached(message) {
  const kind = kindOf(message);
  if (kind in DRAWN) return DRAWN[kind](message);
  const file = message[kind];
  if (file === undefined) return undefined;
  const name = file.file_name ?? t(kind);
  return drawDocument({ name, size: file.file_size, url: fileUrl(file.file_id) });
}

function drawPicture(file, label) {
  const size = { width: file.width, height: file.height };
  return el("img", { class: "photo", src: fileUrl(file.file_id), alt: label, ...size });
}

function drawSticker(sticker) {
  if (!sticker.emoji) return drawPicture(sticker, t("sticker"));
  const label = `${t("sticker")} ${sticker.emoji}`;
  const props = { class: "large-emoji", role: "img", "aria-label": label };
  return el("span", props, sticker.emoji);
}

function drawVideo(file, label) {
  const props = { class: "photo", src: fileUrl(file.file_id), controls: true, preload: "metadata" };
  return el("video", { ...props, "aria-label": label });
}

export function drawDocument({ name, size, url }) {
  const props = { class: "document", href: url, download: url && name };
  const text = el("span", {}, el("b", {}, name), el("small", {}, size == null ? "" : fileSize(size)));
  return el(url ? "a" : "div", props, el("span", {}, icon("file")), text);
}
