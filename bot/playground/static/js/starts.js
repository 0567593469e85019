/** What Start shall send in the chats whose bots were opened by a link. */

export class Starts {
  #payloads = new Map();

  constructor(onChange) {
    this.onChange = onChange;
  }

  has(key) {
    return this.#payloads.has(key);
  }

  /** The text that Start sends. */
  textOf(key) {
    return `/start ${this.#payloads.get(key)}`.trim();
  }

  offer(key, payload) {
    this.#payloads.set(key, payload);
    this.onChange();
  }

  end(key) {
    this.#payloads.delete(key);
    this.onChange();
  }
}
