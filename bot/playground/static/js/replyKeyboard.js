/** The keyboard that a bot put under the field of a chat. */

import { dress, el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

export class ReplyKeyboard {
  #hidden = new Set(); // ids of the messages whose keyboards were put away

  /** `onPress` gets the text of a key. */
  constructor({ root, toggle, onPress }) {
    Object.assign(this, { root, toggle, onPress });
    root.setAttribute("aria-label", t("showKeyboard"));
    dress(toggle, "keyboard", t("showKeyboard"));
    toggle.addEventListener("click", () => this.#flip());
  }

  show(chat) {
    this.shown = chat.keyboard?.keyboard && !chat.blocked ? chat.keyboard : null;
    this.toggle.hidden = this.shown === null;
    this.#draw();
  }

  #draw() {
    const isVisible = this.shown !== null && !this.#hidden.has(this.shown.message_id);
    this.root.hidden = !isVisible;
    this.toggle.setAttribute("aria-expanded", String(isVisible));
    const rows = isVisible ? this.shown.keyboard : [];
    const drawRow = (row) => el("div", {}, ...row.map((key) => this.#key(key)));
    this.root.replaceChildren(...rows.map(drawRow));
  }

  #key({ text }) {
    const onclick = () => {
      if (this.shown.one_time_keyboard) this.#flip();
      this.onPress(text);
    };
    return el("button", { type: "button", onclick }, text);
  }

  #flip() {
    const id = this.shown.message_id;
    if (!this.#hidden.delete(id)) this.#hidden.add(id);
    this.#draw();
  }
}
