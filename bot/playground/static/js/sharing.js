/** What the paper clip offers: files, and what is none. */

import { field, openDialog } from "/static/js/dialogs.js";
import { byId, dress, el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { openMenu } from "/static/js/menu.js";
import { toast } from "/static/js/toasts.js";

const STICKERS = ["👍", "👋", "❤️", "😀", "😂", "😍", "🎉", "🙏", "😢", "😡", "🤔", "👏"];
const GAMES = ["🎲", "🎯", "🎳", "🏀", "⚽", "🎰"];
const HERE = { latitude: 45.43842, longitude: 10.99171 };
const LIVE_SECONDS = 15 * 60;

/** `chooseFiles()`, `share(content)` and `sendSticker(emoji)` do what is chosen. */
export function letAttach({ chooseFiles, share, sendSticker }) {
  const button = byId("attach");
  dress(button, "clip", t("attach"));
  const items = [
    { label: t("photoOrFile"), icon: "file", run: chooseFiles },
    { label: t("location"), icon: "pin", run: () => askForPlace(share) },
    { label: t("contact"), icon: "person", run: () => askForContact(share) },
    { label: t("poll"), icon: "checks", run: () => askForPoll(share) },
    { label: t("dice"), icon: "play", run: () => askForEmoji(t("dice"), GAMES, (dice) => share({ dice })) },
    { label: t("sticker"), icon: "smile", run: () => askForEmoji(t("sticker"), STICKERS, sendSticker) },
  ];
  button.setAttribute("aria-haspopup", "menu");
  button.addEventListener("click", () => openMenu({ items, anchor: button }));
}

/** Where somebody is; `place` is where they were, of a live location that moves. */
export function askForPlace(share, place = null) {
  const number = (name, most) =>
    el("input", { name, type: "number", step: "any", min: -most, max: most, required: true, value: (place ?? HERE)[name] });
  const live = el("label", { class: "option" }, el("input", { type: "checkbox", name: "live" }));
  live.append(t("live"));
  const named = [
    field(t("placeName"), el("input", { name: "title", maxlength: "128" })),
    field(t("address"), el("input", { name: "address", maxlength: "256" })),
    live,
  ];
  openDialog({
    title: t("location"),
    content: [
      field(t("latitude"), number("latitude", 90)),
      field(t("longitude"), number("longitude", 180)),
      ...(place ? [] : named),
    ],
    submit: t("send"),
    onRefusal: (refusal) => toast(refusal.message),
    onSubmit: (form) => share({ place: described(form) }),
  });
}

function described(form) {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => Number(form.get(name)));
  const title = form.get("title")?.trim();
  if (!title) return { latitude, longitude, live_period: form.has("live") ? LIVE_SECONDS : 0 };
  return { latitude, longitude, title, address: form.get("address").trim() || title };
}

function askForContact(share) {
  const input = (name) => el("input", { name, required: true, maxlength: "64" });
  openDialog({
    title: t("contact"),
    content: [field(t("name"), input("first_name")), field(t("phone"), input("phone_number"))],
    submit: t("send"),
    onRefusal: (refusal) => toast(refusal.message),
    onSubmit: (form) => share({ contact: Object.fromEntries(form) }),
  });
}

function askForPoll(share) {
  openDialog({
    title: t("poll"),
    content: [
      field(t("question"), el("input", { name: "question", required: true, maxlength: "300" })),
      field(t("options"), el("textarea", { name: "options", required: true, rows: "4" })),
    ],
    submit: t("send"),
    onRefusal: (refusal) => toast(refusal.message),
    onSubmit: (form) => {
      const options = form.get("options").split("\n").map((line) => line.trim()).filter(Boolean);
      return share({ poll: { question: form.get("question"), options } });
    },
  });
}

function askForEmoji(title, offered, send) {
  const choice = (emoji, at) => {
    const radio = { type: "radio", name: "emoji", value: emoji, checked: at === 0 };
    return el("label", {}, el("input", radio), el("span", { class: "large-emoji" }, emoji));
  };
  openDialog({
    title,
    content: [el("div", { class: "stickers" }, ...offered.map(choice))],
    submit: t("send"),
    onRefusal: (refusal) => toast(refusal.message),
    onSubmit: (form) => send(form.get("emoji")),
  });
}
