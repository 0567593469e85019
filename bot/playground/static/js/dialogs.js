/** Modal dialogs: a form with fields, or a sentence to confirm. */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

/** `onSubmit` gets the form's FormData; it may throw a refusal, then the dialog stays open. */
export function openDialog({ title, content, submit, onSubmit, onRefusal }) {
  const cancel = el("button", { type: "button" }, t("cancel"));
  const confirm = el("button", { type: "submit" }, submit);
  const actions = el("div", { class: "dialog-actions" }, cancel, confirm);
  const form = el("form", { autocomplete: "off" }, el("h2", {}, title), ...content, actions);
  const dialog = show(form, title);
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await onSubmit(new FormData(form));
      dialog.close();
    } catch (refusal) {
      onRefusal(refusal);
    }
  });
  return dialog;
}

export function openAlert(text) {
  const button = el("button", { type: "submit" }, t("close"));
  const actions = el("div", { class: "dialog-actions" }, button);
  const form = el("form", { method: "dialog" }, el("p", { class: "message" }, text), actions);
  show(form, text);
}

export function field(label, control) {
  return el("label", { class: "field-label" }, label, control);
}

function show(form, label) {
  const dialog = el("dialog", { "aria-label": label }, form);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
