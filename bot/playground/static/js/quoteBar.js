/** What is being answered or edited, above the field. */

import { byId, dress, el, icon } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { summary } from "/static/js/messages.js";

/** `mode` is null or {kind: "reply" | "edit", message}. */
export function showQuoteBar(mode, onCancel) {
  const bar = byId("quote-bar");
  bar.hidden = mode === null;
  bar.replaceChildren();
  if (mode === null) return;
  const { kind, message } = mode;
  const title = kind === "edit" ? t("editing") : t("replyTo", { name: message.from.first_name });
  const cancel = el("button", { class: "icon-button", type: "button", onclick: onCancel });
  dress(cancel, "close", t("cancel"));
  const quote = el("div", {}, el("b", {}, title), el("span", {}, mode.quote || summary(message)));
  bar.append(icon(kind), quote, cancel);
}
