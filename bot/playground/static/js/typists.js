/** Which chats the bot is typing in: until a message arrives, or five seconds pass. */

const TYPING_MS = 5_000; // core.telegram.org/bots/api#sendchataction

export class Typists {
  #timers = new Map();

  constructor(onChange) {
    this.onChange = onChange;
  }

  has(key) {
    return this.#timers.has(key);
  }

  start(key) {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => this.end(key), TYPING_MS));
    this.onChange(key);
  }

  end(key) {
    if (!this.#timers.has(key)) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.onChange(key);
  }
}
