/** What was written and is not known to have arrived: kept by the page, sent until it has. */

import { Refused } from "./api.js";
import { pauseAfter } from "./pause.js";

const PREFIX = "out:";

export class Outbox {
  #isSending = false;
  #refused = new Map(); // by the messages' ids: the text that says why
  files = new Map(); // by the messages' ids; they stay, to be seen

  /** `send(message)` sends one; `onFailure()` is told of each that the server will not take. */
  constructor(host, { send, onFailure }) {
    Object.assign(this, { host, send, onFailure });
    for (const { id, files } of this.all) if (files) this.#refused.set(id, "filesLost"); // by a reload
    addEventListener("online", () => this.flush());
  }

  /** Oldest first: {id, text, at, refusal}. */
  get all() {
    const names = [...this.host.kept.keys()].filter((name) => name.startsWith(PREFIX));
    const found = names.map((name) => JSON.parse(this.host.kept.get(name)));
    const known = found.map((one) => ({ ...one, refusal: this.#refused.get(one.id) }));
    return known.sort((a, b) => a.at - b.at);
  }

  /** `key`: {message, data} of the one that was tapped. `files`: what goes along. */
  add(text, key, files) {
    const message = { id: uuid(), text, at: Date.now() / 1000, ...(key && { key }) };
    if (files?.length) {
      this.files.set(message.id, files);
      message.files = files.map(({ kind, name }) => ({ kind, name }));
    }
    this.host.keep(PREFIX + message.id, JSON.stringify(message));
    this.flush();
  }

  retry(id) {
    this.#refused.delete(id);
    this.flush();
  }

  /** It has arrived, or nobody wants it any more. */
  remove(id) {
    this.#refused.delete(id);
    if (this.host.kept.has(PREFIX + id)) this.host.keep(PREFIX + id, null);
  }

  async flush() {
    if (this.#isSending) return;
    this.#isSending = true;
    let failures = 0;
    const isOurs = ({ id, files, refusal }) => !refusal && (!files || this.files.has(id));
    for (let next; (next = this.all.find(isOurs)); ) {
      try {
        await this.send(next);
        this.remove(next.id);
        failures = 0;
      } catch (error) {
        if (!(error instanceof Refused) || error.status >= 500) await pauseAfter(++failures).over;
        else if (error.retryAfter > 99) this.#refuse(next, "tooMuch");
        else if (error.status === 429) await pauseAfter(1, 1_000 * error.retryAfter || undefined).over;
        else if (error.status !== 401 || ++failures > 1) this.#refuse(next, error.status ? "failed" : "cut");
      }
    }
    this.#isSending = false;
  }

  #refuse(message, why) {
    this.#refused.set(message.id, why);
    this.onFailure();
  }
}

/** crypto.randomUUID is missing where the page around us came without TLS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
