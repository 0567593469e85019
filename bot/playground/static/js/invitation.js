/** What an empty chat says: whom one writes to, and three things to ask. */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

export function drawInvitation({ name, questions, onPick }) {
  const bell = el("img", { src: "/static/bell.svg", alt: "" });
  const chips = questions.map((question) => drawChip(question, onPick));
  const text = questions.length ? el("p", {}, t("invitationText")) : null;
  const title = el("h3", {}, t("invitation", { bot: name }));
  return el("div", { class: "invitation" }, bell, title, text, ...chips);
}

function drawChip(question, onPick) {
  const onclick = () => onPick(question);
  return el("button", { class: "suggestion", type: "button", onclick }, question);
}
