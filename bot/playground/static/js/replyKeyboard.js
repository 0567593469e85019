/** The keyboard that a bot put under the field of a chat. */

import { dress, el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

export class ReplyKeyboard {
  #hidden = new Set(); // ids of the messages whose keyboards were put away

  /** `onPress` gets the text of a key, `onBotRequest` what a key asks for that makes a bot. */
  constructor({ root, toggle, onPress, onBotRequest }) {
    Object.assign(this, { root, toggle, onPress, onBotRequest });
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

  #key({ text, request_managed_bot: request, ...others }) {
    const onclick = () => {
      if (request) return this.onBotRequest(request);
      if (this.shown.one_time_keyboard) this.#flip();
      this.onPress(text);
    };
    const disabled = Object.keys(others).some((name) => name.startsWith("request_"));
    const title = disabled ? t("unavailable") : null;
    return el("button", { type: "button", onclick, disabled, title }, text);
  }

  #flip() {
    const id = this.shown.message_id;
    if (!this.#hidden.delete(id)) this.#hidden.add(id);
    this.#draw();
  }
}
