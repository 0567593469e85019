/** What was written in each chat and not sent, remembered over reloads. */

const KEY = "sportello.drafts";

export class Drafts {
  #texts = new Map(JSON.parse(localStorage.getItem(KEY) ?? "[]"));

  get(key) {
    return this.#texts.get(key) ?? "";
  }

  set(key, text) {
    if (text === this.get(key)) return;
    if (text) this.#texts.set(key, text);
    else this.#texts.delete(key);
    localStorage.setItem(KEY, JSON.stringify([...this.#texts]));
  }
}
