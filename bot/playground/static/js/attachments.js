/** Choosing files: by the picker, dropped or pasted; shown once more before they go. */

import { byId, el } from "/static/js/dom.js";
import { field, openDialog } from "/static/js/dialogs.js";
import { drawDocument } from "/static/js/files.js";
import { t } from "/static/js/i18n.js";
import { isPicture, prepared } from "/static/js/pictures.js";
import { toast } from "/static/js/toasts.js";

/** `send(files, caption)` sends them; `files` are {kind, file}. Answers what opens the picker. */
export function acceptFiles({ send, text }) {
  const offer = (files) => files.length && confirmFiles([...files], send);
  const picker = el("input", { type: "file", multiple: true, hidden: true });
  picker.addEventListener("change", () => {
    offer(picker.files);
    picker.value = "";
  });
  byId("composer").append(picker);
  text.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    offer(event.clipboardData.files);
  });
  acceptDrops(offer);
  return () => picker.click();
}

function acceptDrops(offer) {
  const frame = byId("conversation");
  const hint = byId("drop-hint");
  hint.append(t("dropHere"));
  frame.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    hint.hidden = false;
  });
  frame.addEventListener("dragleave", (event) => {
    if (!frame.contains(event.relatedTarget)) hint.hidden = true;
  });
  frame.addEventListener("drop", (event) => {
    event.preventDefault();
    hint.hidden = true;
    offer(event.dataTransfer.files);
  });
}

function confirmFiles(files, send) {
  const urls = [];
  const previews = files.map((file) => preview(file, urls));
  const caption = el("input", { name: "caption", maxlength: "1024" });
  const plain = el("label", { class: "option" }, el("input", { type: "checkbox", name: "plain" }));
  plain.append(t("asFiles"));
  const dialog = openDialog({
    title: t("sendFiles", { count: files.length }),
    content: [
      el("div", { class: "previews" }, ...previews),
      field(t("caption"), caption),
      ...(files.some(isPicture) ? [plain] : []),
    ],
    submit: t("send"),
    onRefusal: (refusal) => toast(refusal.message),
    async onSubmit(form) {
      const asDocument = (file) => ({ kind: "document", file });
      const isPlain = form.has("plain");
      const ready = isPlain ? files.map(asDocument) : await Promise.all(files.map(prepared));
      return send(ready, form.get("caption"));
    },
  });
  dialog.addEventListener("close", () => urls.forEach((url) => URL.revokeObjectURL(url)));
  caption.focus();
}

function preview(file, urls) {
  if (!isPicture(file)) return drawDocument({ name: file.name, size: file.size });
  urls.push(URL.createObjectURL(file));
  return el("img", { class: "preview", src: urls.at(-1), alt: file.name });
}
