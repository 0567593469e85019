/** The messages of one chat, oldest first. */

export class History {
  #byId = new Map();
  #sorted = [];
  #deleted = new Set();

  /** Add a message or replace it; answers whether it is new. */
  put(message) {
    const id = message.message_id;
    const isNew = !this.#byId.has(id);
    this.#byId.set(id, message);
    if (isNew && id > (this.last?.message_id ?? 0)) this.#sorted.push(message);
    else this.#sort();
    return isNew;
  }

  /** Whether it may come back is another question: see `bury`. */
  remove(id) {
    this.#byId.delete(id);
    this.#sort();
  }

  /** It was deleted: whoever sent it may hear only now that it was sent. */
  bury(id) {
    this.#deleted.add(id);
  }

  isDeleted(id) {
    return this.#deleted.has(id);
  }

  get(id) {
    return this.#byId.get(id);
  }

  get all() {
    return this.#sorted;
  }

  get last() {
    return this.#sorted.at(-1);
  }

  #sort() {
    this.#sorted = [...this.#byId.values()].sort((a, b) => a.message_id - b.message_id);
  }
}
