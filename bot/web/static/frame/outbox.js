/** What was written and is not known to have arrived: kept by the page, sent until it has. */

import { Refused } from "./api.js";
import { pauseAfter } from "./pause.js";

const PREFIX = "out:";

export class Outbox {
  #isSending = false;
  #refused = new Set();

  /** `send(message)` sends one; `onFailure(message)` is told of each that the server will not take. */
  constructor(host, { send, onFailure }) {
    Object.assign(this, { host, send, onFailure });
    addEventListener("online", () => this.flush());
  }

  /** Oldest first: {id, text, at, isRefused}. */
  get all() {
    const names = [...this.host.kept.keys()].filter((name) => name.startsWith(PREFIX));
    const found = names.map((name) => JSON.parse(this.host.kept.get(name)));
    const known = found.map((one) => ({ ...one, isRefused: this.#refused.has(one.id) }));
    return known.sort((a, b) => a.at - b.at);
  }

  /** `key`: {message, data} of the one that was tapped. */
  add(text, key) {
    const message = { id: uuid(), text, at: Date.now() / 1000, ...(key && { key }) };
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
    for (let next; (next = this.all.find((one) => !one.isRefused)); ) {
      try {
        await this.send(next);
        this.remove(next.id);
        failures = 0;
      } catch (error) {
        if (!(error instanceof Refused) || error.status >= 500) await pauseAfter(++failures).over;
        else if (error.status === 429) await pauseAfter(1, 1_000 * error.retryAfter || undefined).over;
        else if (error.status !== 401 || ++failures > 1) this.#refuse(next);
      }
    }
    this.#isSending = false;
  }

  #refuse(message) {
    this.#refused.add(message.id);
    this.onFailure(message);
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
