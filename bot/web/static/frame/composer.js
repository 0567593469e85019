/** The field one writes in. */

import { byId, name } from "../shared/dom.js";
import { inParts } from "../shared/parts.js";
import { icon } from "./icons.js";

export class Composer {
  /** `send(text)` sends; `onDraft(text)` follows what is written. */
  constructor({ speech, draft, send, onDraft }) {
    this.send = send;
    this.onDraft = onDraft;
    this.text = byId("text");
    this.text.placeholder = speech.say("message");
    this.text.setAttribute("aria-label", speech.say("message"));
    this.text.value = draft;
    const button = byId("send");
    button.append(icon("send"));
    name(button, speech.say("send"));
    byId("composer").addEventListener("submit", (event) => this.#submit(event));
    this.text.addEventListener("keydown", (event) => {
      const isComposing = event.isComposing || event.keyCode === 229; // the second is Safari's
      if (event.key === "Enter" && !event.shiftKey && !isComposing) this.#submit(event);
    });
    this.text.addEventListener("input", () => this.#changed());
    this.#changed();
  }

  clear() {
    this.text.value = "";
    this.#changed();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    this.text.focus();
    if (!text) return;
    this.clear();
    for (const part of inParts(text)) this.send(part);
  }

  #changed() {
    this.onDraft(this.text.value);
    byId("send").classList.toggle("is-ready", this.text.value.trim() !== "");
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }
}
