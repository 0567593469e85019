/** Answering some words of a message: they are marked in a field, by finger, pointer or keyboard. */

import { field, openDialog } from "/static/js/dialogs.js";
import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { toast } from "/static/js/toasts.js";

const LONGEST = 1024; // UTF-16 units

/** `onQuote(words)` gets them. */
export function askForQuote(message, onQuote) {
  const text = message.text ?? message.caption;
  // Not read-only: then no key would move in it.
  const area = el("textarea", { rows: "4", inputmode: "none", onbeforeinput: (e) => e.preventDefault() });
  area.value = text;
  openDialog({
    title: t("quote"),
    content: [field(t("quoteWhat"), area)],
    submit: t("quote"),
    onRefusal: (refusal) => toast(refusal.message),
    onSubmit() {
      const words = text.slice(area.selectionStart, area.selectionEnd).trim();
      if (!words || words.length > LONGEST) throw new Error(t("quoteWhat"));
      onQuote(words);
    },
  });
  area.focus();
  area.select();
}
