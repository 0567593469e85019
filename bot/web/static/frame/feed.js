/** What happens in a chat from a number on, whatever becomes of the connection. */

import { pauseAfter } from "./pause.js";
import { readEvents } from "./sse.js";

const FIRST_BYTE_MS = 4_000; // later, something on the way holds the stream back
const STALE_MS = 20_000; // the server says something every 15 s
const SILENCE_MS = 45_000;

export class Feed {
  #ending = null; // ends the feed
  #connection = null; // ends the stream of the moment
  #heardAt = 0;
  #hurry = () => {}; // ends a pause
  #polls = false;
  #retryMs = 2_000;
  #failures = 0;

  /**
   * `ask(after, {live, wait, signal})` answers a response; `after()` the number from which it goes on;
   * `onEvent({id, type, data})` gets each event, `onConnected(is)` how it stands, `onRefused(refused)`
   * that the server wants no more of it.
   */
  constructor({ ask, after, onEvent, onConnected, onRefused }) {
    Object.assign(this, { ask, after, onEvent, onConnected, onRefused });
    addEventListener("online", () => this.#hurry());
    addEventListener("offline", () => this.#ending && this.onConnected(false));
  }

  /** Once more: go on at once, over a new connection where the old one may have died in a sleep. */
  start() {
    if (this.#ending) {
      if (Date.now() - this.#heardAt > STALE_MS) this.#connection?.abort();
      return this.#hurry();
    }
    this.#ending = new AbortController();
    this.#run(this.#ending.signal);
  }

  stop() {
    this.#ending?.abort();
    this.#ending = null;
    this.#hurry();
  }

  async #run(ended) {
    let full = 0; // no room to stay: one looks in, and comes again after so many seconds
    while (!ended.aborted) {
      try {
        await (full || this.#polls ? this.#poll(ended, full ? 0 : 25) : this.#listen(ended));
      } catch (error) {
        if (ended.aborted) return;
        if (error.isFinal) {
          this.#ending = null;
          return this.onRefused(error);
        }
        if (error instanceof HeldBack) continue;
        if (error.status === 429 && !full) {
          full = error.retryAfter || 10;
          continue;
        }
        this.#failed();
      }
      if (!ended.aborted && (full || this.#failures || !this.#polls)) await this.#pause(full * 1_000);
      full = 0;
    }
  }

  async #listen(ended) {
    const connection = (this.#connection = new AbortController());
    const end = () => connection.abort();
    ended.addEventListener("abort", end);
    let isHeldBack = false;
    let timer = setTimeout(() => {
      isHeldBack = this.#polls = true;
      end();
    }, FIRST_BYTE_MS);
    try {
      const response = await this.ask(this.after(), { live: true, signal: connection.signal });
      for await (const { retry, type, ...event } of readEvents(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(end, SILENCE_MS);
        this.#works();
        if (retry) this.#retryMs = retry;
        if (type) this.onEvent({ type, ...event, data: JSON.parse(event.data) });
      }
    } catch (error) {
      throw isHeldBack ? new HeldBack() : error;
    } finally {
      clearTimeout(timer);
      ended.removeEventListener("abort", end);
    }
  }

  async #poll(signal, wait) {
    const { events } = await (await this.ask(this.after(), { wait, signal })).json();
    this.#works();
    for (const { seq, event, data } of events) this.onEvent({ id: seq, type: event, data });
  }

  #works() {
    this.#heardAt = Date.now();
    this.#failures = 0;
    this.onConnected(true);
  }

  #failed() {
    this.#failures += 1;
    if (this.#failures > 1) this.onConnected(false); // once is often a server that starts anew
  }

  async #pause(ms) {
    const pause = ms ? pauseAfter(1, ms) : pauseAfter(this.#failures, this.#retryMs);
    this.#hurry = pause.end;
    await pause.over;
  }
}

class HeldBack extends Error {}
