/** The field one writes in. Each chat keeps its draft, and what it answers or edits. */

import { byId, dress, name } from "/static/js/dom.js";
import { Drafts } from "/static/js/drafts.js";
import { t } from "/static/js/i18n.js";
import { showQuoteBar } from "/static/js/quoteBar.js";

export class Composer {
  #drafts = new Drafts();
  #modes = new Map();
  #key = null;
  #mode = null;

  /**
   * `send(text, mode)` sends, and answers what could not be sent; `speak()` is what the button does
   * where nothing is written; `keys(event)` may take a key first; `onText` follows what is written;
   * `lastOwn` answers the last message that one could edit.
   */
  constructor({ send, speak, keys, onText, lastOwn }) {
    Object.assign(this, { send, speak, keys, onText, lastOwn });
    this.text = byId("text");
    byId("composer").addEventListener("submit", (event) => this.#press(event));
    this.text.addEventListener("keydown", (event) => this.#takeKey(event));
    this.text.addEventListener("input", () => this.#changed());
  }

  /** Another chat was opened. */
  open(key) {
    this.#modes.set(this.#key, { mode: this.#mode, text: this.text.value });
    this.#key = key;
    const { mode, text } = this.#modes.get(key) ?? { mode: null };
    this.text.value = mode?.kind === "edit" ? text : this.#drafts.get(key);
    this.#setMode(mode);
    this.#changed();
  }

  setPlaceholder(text) {
    this.text.placeholder = text;
    this.text.setAttribute("aria-label", text);
  }

  /** Answer a message, or some `quote` of its words. */
  reply(message, quote = "") {
    if (this.#mode?.kind === "edit") this.text.value = "";
    this.#setMode({ kind: "reply", message, quote });
    this.text.focus();
  }

  edit(message) {
    this.#setMode({ kind: "edit", message });
    this.text.value = message.text ?? message.caption ?? "";
    this.text.focus();
    this.#changed();
  }

  /** What is being answered, if anything. */
  get replied() {
    return this.#mode?.kind === "reply" ? this.#mode : null;
  }

  /** The answer went in another way. */
  endReply() {
    if (this.replied) this.#setMode(null);
  }

  clear() {
    this.text.value = "";
    this.#setMode(null);
    this.#changed();
  }

  /** A message is gone: nothing can answer or edit it. */
  forget(messageId) {
    if (this.#mode?.message.message_id === messageId) this.#cancel();
  }

  #takeKey(event) {
    if (event.isComposing || this.keys(event)) return;
    if (event.key === "Enter" && !event.shiftKey) this.#submit(event);
    else if (event.key === "Escape" && this.#mode) this.#cancel();
    else if (event.key === "ArrowUp" && !this.text.value && this.lastOwn()) {
      event.preventDefault();
      this.edit(this.lastOwn());
    }
  }

  #press(event) {
    if (!this.#isVoice) return this.#submit(event);
    event.preventDefault();
    this.speak();
  }

  get #isVoice() {
    return !this.text.value.trim() && this.#mode?.kind !== "edit";
  }

  #submit(event) {
    event.preventDefault();
    const [text, mode] = [this.text.value, this.#mode];
    if (!text.trim()) return this.text.focus();
    this.clear();
    this.text.focus();
    this.send(text, mode).then((rest) => rest && this.#giveBack(rest, mode));
  }

  /** What could not be sent is not lost. */
  #giveBack(text, mode) {
    this.text.value = this.text.value ? `${text}\n${this.text.value}` : text;
    this.#setMode(mode);
    this.#changed();
  }

  #cancel() {
    if (this.#mode.kind === "edit") this.text.value = "";
    this.#setMode(null);
    this.#changed();
    this.text.focus();
  }

  #setMode(mode) {
    this.#mode = mode;
    showQuoteBar(mode, () => this.#cancel());
    this.#dressButton();
  }

  #dressButton() {
    const button = byId("send");
    const [face, label] = this.#isVoice ? ["mic", t("voice")] : ["send", t("send")];
    if (button.dataset.face !== face) dress(button, face, label);
    button.dataset.face = face;
    name(button, this.#mode?.kind === "edit" ? t("save") : label);
  }

  #changed() {
    if (!CSS.supports("field-sizing", "content")) this.#grow();
    this.#dressButton();
    if (this.#mode?.kind !== "edit") this.#drafts.set(this.#key, this.text.value);
    this.onText(this.text.value);
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }
}
