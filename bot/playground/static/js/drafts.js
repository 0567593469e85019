/** What was written in each chat and not sent, remembered over reloads. */

const KEY = "sportello.drafts";

/** What was kept; whatever else stands there, as of another page on this address, is left. */
function kept() {
  try {
    return new Map(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Map();
  }
}

export class Drafts {
  #texts = kept();

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
