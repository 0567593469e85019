/** Up to which message each chat's bot has read what was written. */

export class Taken {
  #last = new Map();

  constructor(onChange) {
    this.onChange = onChange;
  }

  has(key, messageId) {
    return messageId <= (this.#last.get(key) ?? 0);
  }

  put(key, messageId) {
    if (this.has(key, messageId)) return;
    this.#last.set(key, messageId);
    this.onChange(key);
  }
}
