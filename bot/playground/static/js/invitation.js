/** What an empty chat says: whom one writes to, and three things to ask. */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

export function drawInvitation({ name, questions, onPick }) {
  const bell = el("img", { src: "/static/bell.svg", alt: "" });
  const chips = questions.map((question) => drawChip(question, onPick));
  const text = questions.length ? el("p", {}, t("invitationText")) : null;
  return el("div", { class: "invitation" }, bell, el("h3", {}, t("invitation", { bot: name })), text, ...chips);
}

function drawChip(question, onPick) {
  return el("button", { class: "suggestion", type: "button", onclick: () => onPick(question) }, question);
}
