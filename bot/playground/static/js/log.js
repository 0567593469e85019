/** The rows of the open chat: the latest ones, older ones as the reader goes up. */

import { drawRow, drawTicks } from "/static/js/bubble.js";
import { dayKey } from "/static/js/i18n.js";
import { serviceText } from "/static/js/messages.js";
import { isPrivate } from "/static/js/people.js";

const PAGE = 80;
const RUN_SECONDS = 5 * 60;
const NEAR_TOP_PX = 400;

export class Log {
  #rows = new Map();

  constructor({ root, scroller, store, actions }) {
    this.root = root;
    this.scroller = scroller;
    this.store = store;
    this.actions = actions;
    scroller.addEventListener("scroll", () => this.#drawOlder(), { passive: true });
  }

  /** Draw the open chat from scratch. */
  show() {
    this.root.setAttribute("aria-busy", "true"); // history is not news for a screen reader
    this.#rows.clear();
    this.root.replaceChildren();
    this.#insert(this.#messages().slice(-PAGE), null);
    this.root.removeAttribute("aria-busy");
  }

  get isEmpty() {
    return this.#rows.size === 0;
  }

  /** Draw a new or changed message; answers false when it is none of this page's. */
  put(message, { isFresh }) {
    const id = message.message_id;
    const old = this.#rows.get(id);
    if (!this.#isShown(message) || (!old && this.#isAbovePage(id))) return false;
    const row = this.#draw(message);
    row.classList.toggle("is-fresh", isFresh);
    if (old) replaceKeepingFocus(old, row);
    else this.root.insertBefore(row, this.#firstAfter(id));
    this.#joinAround(row);
    return true;
  }

  /** The bot took what was written: show it. */
  tick() {
    for (const row of this.#rows.values()) {
      const isSent = row.querySelector(".ticks.is-sent") !== null;
      if (isSent && this.store.isTaken(row.message)) drawTicks(row, true);
    }
  }

  remove(id) {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    const { previousElementSibling: above, nextElementSibling: below } = row;
    row.remove();
    this.#rows.delete(id);
    for (const neighbour of [above, below]) if (neighbour) this.#join(neighbour);
  }

  /** Bring a message into view, however old, and make it shine. */
  find(id) {
    while (!this.#rows.has(id) && this.#pageAbove().length) this.#drawPageAbove();
    const row = this.#rows.get(id);
    if (row === undefined) return;
    row.scrollIntoView({ block: "center" });
    row.classList.remove("is-found");
    requestAnimationFrame(() => row.classList.add("is-found"));
  }

  #messages() {
    return this.store.history(this.store.chosen.key).all.filter((message) => this.#isShown(message));
  }

  #isShown(message) {
    return this.store.topic === null || message.message_thread_id === this.store.topic;
  }

  #isAbovePage(id) {
    return id < Number(this.root.firstElementChild?.dataset.id) && this.#pageAbove().length > 0;
  }

  #firstAfter(id) {
    let [next, row] = [null, this.root.lastElementChild];
    while (row && Number(row.dataset.id) > id) [next, row] = [row, row.previousElementSibling];
    return next;
  }

  #pageAbove() {
    const messages = this.#messages();
    const first = messages.findIndex((message) => this.#rows.has(message.message_id));
    return messages.slice(Math.max(0, first - PAGE), Math.max(0, first));
  }

  #drawOlder() {
    if (this.scroller.scrollTop < NEAR_TOP_PX && !this.isEmpty) this.#drawPageAbove();
  }

  #drawPageAbove() {
    const { scrollHeight, scrollTop } = this.scroller;
    this.#insert(this.#pageAbove(), this.root.firstElementChild);
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }

  #insert(messages, before) {
    if (!messages.length) return;
    const rows = messages.map((message) => this.#draw(message));
    const fragment = document.createDocumentFragment();
    fragment.append(...rows);
    this.root.insertBefore(fragment, before);
    for (const row of rows) this.#join(row);
    if (before) this.#join(before);
  }

  #draw(message) {
    const { chosen } = this.store;
    const isOwn = message.from.id === this.store.persona(chosen)?.id;
    const row = drawRow(message, { isOwn, hasFaces: !isPrivate(chosen), actions: this.actions });
    row.message = message;
    if (isOwn && isPrivate(chosen)) drawTicks(row, this.store.isTaken(message));
    this.#rows.set(message.message_id, row);
    return row;
  }

  #joinAround(row) {
    const neighbours = [row.previousElementSibling, row, row.nextElementSibling];
    for (const each of neighbours) if (each) this.#join(each);
  }

  /** Messages of one person within minutes stand together; a new day starts under its date. */
  #join(row) {
    const above = row.previousElementSibling?.message;
    const below = row.nextElementSibling?.message;
    row.classList.toggle("starts-day", !above || !isOneDay(above, row.message));
    row.classList.toggle("starts-run", !above || !isOneRun(above, row.message));
    row.classList.toggle("ends-run", !below || !isOneRun(row.message, below));
  }
}

/** A card that changes under one's fingers keeps the focus on the same button. */
function replaceKeepingFocus(old, row) {
  const nodes = (root) => [...root.querySelectorAll(".inline-button")];
  const at = nodes(old).indexOf(document.activeElement);
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(row);
  if (hadFocus) (nodes(row)[at] ?? nodes(row)[0] ?? row).focus({ preventScroll: true });
}

function isOneDay(first, second) {
  return dayKey(first.date) === dayKey(second.date);
}

function isOneRun(first, second) {
  if (serviceText(first) || serviceText(second) || first.from.id !== second.from.id) return false;
  return isOneDay(first, second) && second.date - first.date < RUN_SECONDS;
}
