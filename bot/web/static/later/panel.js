/** The strip above the field: the way to Telegram, or how it was. The next message takes it away. */

import { byId, el, name } from "../shared/dom.js";
import { icon } from "../frame/icons.js";
import { WORDS } from "./words.js";

const VALUES = [1, 2, 3, 4, 5];
const trouble = el("p", { class: "trouble" });
const panel = el("section", { id: "offer", hidden: true });
const style = el("link", { rel: "stylesheet", href: new URL("panel.css", import.meta.url) });

/** A link that is good once. */
export async function leave(chat, language) {
  const words = WORDS[language];
  const { url } = (await ask(chat, words, "telegram", {})) ?? {};
  if (!url) return;
  const link = el("a", { href: url, target: "_blank", rel: "noopener" }, words.open);
  show(chat, words.close, el("p", {}, words.once), link);
  link.focus();
}

/** An answer takes long: nobody need wait here. */
export function suggest(chat, language) {
  if (!panel.hidden) return;
  const words = WORDS[language];
  show(chat, words.no, el("button", { type: "button", onclick: () => leave(chat, language) }, words.onward));
}

/** From 1 to 5, and some words beside it. */
export function rate(chat, language) {
  const words = WORDS[language];
  const choice = (value) =>
    el("label", {}, el("input", { type: "radio", name: "value", value, required: true }), `${value}`);
  const more = { name: "text", maxlength: 1000, "aria-label": words.more, placeholder: words.more };
  const send = async (event) => {
    event.preventDefault();
    const { value, text } = Object.fromEntries(new FormData(event.target));
    const given = { value: Number(value), text: text.trim() };
    if ((await ask(chat, words, "rating", given)) === undefined) return;
    show(chat, words.close, el("p", {}, words.thanks));
    byId("text").focus(); // what was pressed is gone
    byId("news").textContent = words.thanks;
  };
  const form = el("form", { onsubmit: send });
  form.append(el("fieldset", {}, el("legend", {}, words.rate), ...VALUES.map(choice)));
  form.append(el("input", more), el("button", { type: "submit" }, words.send));
  show(chat, words.no, form);
  byId("news").textContent = words.rate;
}

/** undefined: it was refused, and they are told so beside what they wrote. */
async function ask(chat, words, what, body) {
  try {
    return await chat.api.post(chat.session, what, body);
  } catch {
    if (panel.hidden) show(chat, words.close);
    trouble.textContent = byId("alarm").textContent = words.failed;
    panel.prepend(trouble);
  }
}

/** `label`: of what takes it away. */
function show(chat, label, ...nodes) {
  const close = el("button", { class: "dismiss", type: "button", onclick: hide }, icon("close"));
  name(close, label);
  panel.replaceChildren(...nodes, close);
  panel.hidden = false;
  if (!panel.isConnected) {
    document.head.append(style);
    byId("composer").before(panel);
    for (const topic of ["all", "message", "queue"]) chat.addEventListener(topic, hide);
  }
}

/** The focus does not stay on what is gone. */
function hide() {
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = true;
  if (hadFocus) byId("text").focus();
}
