/** Up to which message each chat was read, remembered over reloads. */

const KEY = "sportello.read";

export class ReadMarks {
  #marks = new Map(JSON.parse(localStorage.getItem(KEY) ?? "[]"));

  get(chatId) {
    return this.#marks.get(chatId) ?? 0;
  }

  set(chatId, messageId) {
    this.#marks.set(chatId, messageId);
    localStorage.setItem(KEY, JSON.stringify([...this.#marks]));
  }

  /** A fresh emulator counts from one again: a mark beyond its last message is void. */
  clamp(chatId, lastId) {
    if (this.get(chatId) > lastId) this.set(chatId, 0);
  }
}
