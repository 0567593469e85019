/** Up to which message each chat was read, remembered over reloads. */

const KEY = "sportello.read";

export class ReadMarks {
  #marks = new Map(JSON.parse(localStorage.getItem(KEY) ?? "[]"));

  get(key) {
    return this.#marks.get(key) ?? 0;
  }

  set(key, messageId) {
    this.#marks.set(key, messageId);
    localStorage.setItem(KEY, JSON.stringify([...this.#marks]));
  }

  /** A fresh emulator counts from one again: a mark beyond its last message is void. */
  clamp(key, lastId) {
    if (this.get(key) > lastId) this.set(key, 0);
  }
}
