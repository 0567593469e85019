/** The buttons under a message, and what became of a press. */

import { el } from "/static/js/dom.js";
import { botLink } from "/static/js/links.js";
import { t } from "/static/js/i18n.js";

const PATIENCE_MS = 30_000;

export function drawButtons(message, keyboard, actions) {
  const rows = keyboard.map((row) =>
    el("div", {}, ...row.map((button) => drawButton(message, button, actions))));
  return el("div", { class: "buttons" }, ...rows);
}

function drawButton(message, button, actions) {
  const toBot = button.url ? botLink(button.url) : null;
  if (!toBot && /^https?:/i.test(button.url ?? "")) {
    const safely = { target: "_blank", rel: "noopener noreferrer" };
    return el("a", { class: "inline-button", href: button.url, ...safely }, button.text);
  }
  const works = toBot || button.callback_data !== undefined || button.copy_text !== undefined;
  const props = { class: "inline-button", type: "button", disabled: !works };
  const node = el("button", props, button.text);
  if (!works) node.title = t("unavailable");
  const press = () => (toBot ? actions.openBot(toBot) : actions.press(message, button, node));
  node.addEventListener("click", press);
  return node;
}

/** Presses that wait for the bot; its answer may overtake the answer to the press itself. */
export class Presses {
  #waiting = new Map();
  #early = new Map();

  /** `onAnswer` gets the bot's answer to a press made on this page. */
  constructor(onAnswer) {
    this.onAnswer = onAnswer;
  }

  /** `send` makes the press. */
  async press(node, send) {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    const end = () => node.removeAttribute("aria-busy");
    try {
      const { callback_query_id: id } = await send();
      this.#waiting.set(id, end);
      if (this.#early.has(id)) this.take(this.#early.get(id));
      else setTimeout(() => this.#forget(id), PATIENCE_MS);
    } catch (refusal) {
      end();
      throw refusal;
    }
  }

  take(answer) {
    const id = answer.callback_query_id;
    if (!this.#waiting.has(id)) return this.#early.set(id, answer);
    this.#forget(id);
    this.onAnswer(answer);
  }

  #forget(id) {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
    this.#early.delete(id);
  }
}
