/** Which chats the bot is typing in: until a message arrives, or five seconds pass. */

const TYPING_MS = 5_000; // core.telegram.org/bots/api#sendchataction

export class Typists {
  #timers = new Map();

  constructor(onChange) {
    this.onChange = onChange;
  }

  has(chatId) {
    return this.#timers.has(chatId);
  }

  start(chatId) {
    clearTimeout(this.#timers.get(chatId));
    this.#timers.set(chatId, setTimeout(() => this.end(chatId), TYPING_MS));
    this.onChange(chatId);
  }

  end(chatId) {
    if (!this.#timers.has(chatId)) return;
    clearTimeout(this.#timers.get(chatId));
    this.#timers.delete(chatId);
    this.onChange(chatId);
  }
}
