/** The field one writes in, and where files and voices come in. */

import { byId, name } from "../shared/dom.js";
import { inParts } from "../shared/parts.js";
import { icon } from "./icons.js";

export class Composer {
  tray = null; // once something is to go along
  voice = null; // while it is recorded

  /** `send(text, files)` sends; `onDraft(text)` follows what is written. */
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
    this.#awaitFiles(speech);
    this.#awaitVoice(speech);
    byId("composer").addEventListener("submit", (event) => this.#submit(event));
    this.text.addEventListener("keydown", (event) => {
      const isComposing = event.isComposing || event.keyCode === 229; // the second is Safari's
      if (event.key === "Enter" && !event.shiftKey && !isComposing) this.#submit(event);
    });
    this.text.addEventListener("input", () => this.changed());
    this.changed();
  }

  /** The rest is loaded when there are any. */
  #awaitFiles(speech) {
    const [button, input] = [byId("attach"), byId("pick")];
    const take = async (event, { files }) => {
      if (!files.length) return; // words
      event.preventDefault();
      const given = [...files];
      input.value = "";
      const later = await import("../later/tray.js").catch(() => this.#isOffline(speech));
      this.tray ??= later && new later.Tray(this, speech);
      this.tray?.take(given);
    };
    button.append(icon("clip"));
    name(button, speech.say("attach"));
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", (event) => take(event, input));
    addEventListener("paste", (event) => take(event, event.clipboardData));
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => take(event, event.dataTransfer));
  }

  /** Where there may be a microphone: the page may forbid it to us. */
  #awaitVoice(speech) {
    const button = byId("record");
    const isAllowed = document.featurePolicy?.allowsFeature("microphone") ?? true;
    button.hidden = !(isAllowed && navigator.mediaDevices && window.MediaRecorder);
    button.append(icon("mic"));
    name(button, speech.say("record"));
    button.addEventListener("click", async () => {
      const later = await import("../later/voice.js").catch(() => this.#isOffline(speech));
      later?.record(this, speech);
    });
  }

  #isOffline(speech) {
    byId("state").textContent = speech.say("offline");
  }

  clear() {
    this.tray?.empty();
    this.voice?.discard();
    this.text.value = "";
    this.changed();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    this.text.focus();
    if (!this.#isReady) return;
    const files = this.tray?.empty();
    this.clear();
    inParts(text).forEach((part, at) => this.send(part, !at && files));
  }

  get #isReady() {
    return this.text.value.trim() !== "" || this.tray?.items.length > 0;
  }

  changed() {
    this.onDraft(this.text.value);
    byId("send").classList.toggle("is-ready", this.#isReady);
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }
}
