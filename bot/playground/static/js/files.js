/** Pictures and files inside a bubble. */

import { fileUrl } from "/static/js/api.js";
import { el, icon } from "/static/js/dom.js";
import { fileSize, t } from "/static/js/i18n.js";
import { kindOf } from "/static/js/messages.js";

/** The file of a message; undefined when it has none. */
export function drawFile(message) {
  const kind = kindOf(message);
  if (kind === undefined) return undefined;
  const file = kind === "photo" ? message.photo.at(-1) : message[kind];
  if (kind === "photo" || kind === "sticker") return drawPicture(file, t(kind));
  const name = file.file_name ?? t(kind);
  return drawDocument({ name, size: file.file_size, url: fileUrl(file.file_id) });
}

function drawPicture(file, label) {
  return el("img", { class: "photo", src: fileUrl(file.file_id), alt: label });
}

export function drawDocument({ name, size, url }) {
  const props = { class: "document", href: url, download: url && name };
  const text = el("span", {}, el("b", {}, name), el("small", {}, fileSize(size)));
  return el(url ? "a" : "div", props, el("span", {}, icon("file")), text);
}
