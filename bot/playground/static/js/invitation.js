/** What an empty chat says: whom one writes to, and how to begin. */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

export function drawInvitation({ name, description, questions, onPick }) {
  const bell = el("img", { src: "/static/bell.svg", alt: "" });
  const chips = questions.map((question) => drawChip(question, onPick));
  const asks = questions.some((question) => !question.startsWith("/"));
  const text = description || (asks ? t("invitationText") : "");
  const title = el("h2", {}, t("invitation", { bot: name }));
  return el("div", { class: "invitation" }, bell, title, el("p", {}, text), ...chips);
}

function drawChip(question, onPick) {
  const onclick = () => onPick(question);
  const label = question === "/start" ? t("start") : question;
  return el("button", { class: "suggestion", type: "button", onclick }, label);
}
