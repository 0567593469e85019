/** The conversation as rows, and what screen readers are told of it. */

import { byId, el } from "../shared/dom.js";
import { drawRow } from "./bubble.js";
import { isOneDay } from "./speech.js";

const RUN_SECONDS = 5 * 60;
const NEAR_PX = 120;

export class Log {
  #rows = new Map(); // by the messages' numbers
  #fresh = []; // drawn together, when all that came at once is here
  #timer = null;
  #isAtEnd = true;

  constructor({ chat, speech, company, actions, onShown }) {
    Object.assign(this, { chat, speech, company, actions, onShown });
    this.root = byId("log");
    this.scroller = byId("scroller");
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    byId("earlier").addEventListener("click", () => this.#showEarlier());
    byId("down").addEventListener("click", () => this.#scroll(this.scroller.scrollHeight));
    new ResizeObserver(() => this.#isAtEnd && this.toEnd()).observe(this.scroller);
    chat.addEventListener("all", () => this.show());
    chat.addEventListener("message", ({ detail }) => this.#take(detail));
    chat.addEventListener("changed", ({ detail }) => this.#replace(detail));
    chat.addEventListener("queue", () => this.#showQueue());
  }

  /** Draw everything anew; history is no news for a screen reader. */
  show() {
    this.root.setAttribute("aria-live", "off");
    this.#rows.clear();
    this.root.replaceChildren();
    for (const message of this.chat.all) this.#append(message);
    this.#showQueue();
    this.#dress();
    setTimeout(() => this.root.setAttribute("aria-live", "polite"));
  }

  /** What is new and longer than the window is read from its beginning; so is what stands first. */
  toEnd() {
    const { clientHeight, scrollHeight } = this.scroller;
    const isLong = (row) => row.offsetHeight > clientHeight && this.chat.isUnread(row.message);
    const rows = [...this.root.children];
    const first = rows.length ? rows.find(isLong) : byId("intro");
    this.#scroll(first?.offsetTop ?? scrollHeight);
  }

  #scroll(top) {
    this.scroller.scrollTop = top;
    this.#scrolled();
  }

  #take(message) {
    if (message.from === "client") return this.#takeOwn(message);
    this.#fresh.push(message);
    this.#timer ??= setTimeout(() => this.#drawFresh());
  }

  /** At once, in the place of the row that waited. */
  #takeOwn(message) {
    this.#append(message);
    this.#dress();
  }

  /** Many at once, as after a sleep, are announced by their number alone. */
  #drawFresh() {
    this.#timer = null;
    const fresh = this.#fresh.splice(0).filter(({ seq }) => this.chat.messages.has(seq));
    const count = fresh.length;
    if (count > 1) {
      this.root.setAttribute("aria-live", "off");
      byId("news").textContent = this.speech.say("newMessages", { count });
      setTimeout(() => this.root.setAttribute("aria-live", "polite"));
    }
    for (const message of fresh) if (!this.#rows.has(message.seq)) this.#append(message, true);
    this.#showQueue();
    this.#dress();
  }

  /** In its place by number: what was written here may be known before what came earlier. */
  #append(message, isFresh = false) {
    const row = this.#draw(message);
    row.classList.toggle("is-fresh", isFresh);
    this.root.insertBefore(row, this.#firstBehind(message.seq));
    this.#rows.set(message.seq, row);
  }

  #firstBehind(seq) {
    const isBehind = ({ message }) => message.seq === undefined || message.seq > seq;
    let [found, row] = [null, this.root.lastElementChild];
    while (row && isBehind(row)) [found, row] = [row, row.previousElementSibling];
    return found;
  }

  #draw(message) {
    return drawRow(message, this);
  }

  #replace(message) {
    const old = this.#rows.get(message.seq);
    if (!old) return;
    const hadFocus = old.contains(document.activeElement);
    const row = this.#draw(message);
    old.replaceWith(row);
    this.#rows.set(message.seq, row);
    this.#dress();
    if (hadFocus) byId("text").focus();
  }

  /** What waits to be sent stands behind everything else. */
  #showQueue() {
    for (const row of this.root.querySelectorAll(".is-queued")) row.remove();
    for (const message of this.chat.outbox.all) {
      const row = this.#draw({ ...message, from: "client", isQueued: true });
      row.classList.add("is-queued");
      if (message.refusal) this.#showRefusal(row, message);
      this.root.append(row);
    }
    this.#dress();
  }

  /** Words for it are loaded then: most visitors never need them. */
  async #showRefusal(row, message) {
    const { drawRefusal } = await import("../later/refusal.js");
    drawRefusal(row, message, this);
    if (this.#isAtEnd) this.toEnd();
  }

  async #showEarlier() {
    const { scrollHeight, scrollTop } = this.scroller;
    if (!(await this.chat.loadEarlier())) return;
    this.show();
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }

  /** Messages of one side within minutes stand together; a new day starts under its date. */
  #dress() {
    const rows = [...this.root.children];
    rows.forEach((row, at) => {
      const [above, below] = [rows[at - 1]?.message, rows[at + 1]?.message];
      row.classList.toggle("starts-day", !above || !isOneDay(above.at, row.message.at));
      row.classList.toggle("starts-run", !above || !isOneRun(above, row.message));
      row.classList.toggle("ends-run", !below || !isOneRun(row.message, below));
    });
    byId("earlier").hidden = this.chat.before === null;
    byId("intro").hidden = rows.some(({ message }) => message.from !== "client");
    if (this.#isAtEnd && rows.length) this.toEnd();
    this.onShown();
  }

  /** Whether one sees the last of all; what is not drawn yet, nobody has seen. */
  get isAtEnd() {
    return this.#isAtEnd && !this.#timer;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    byId("down").hidden = this.#isAtEnd;
    if (this.#isAtEnd) this.onShown();
  }
}

function isOneRun(first, second) {
  return first.from === second.from && isOneDay(first.at, second.at) && second.at - first.at < RUN_SECONDS;
}
