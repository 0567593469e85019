/** The tabs of one browser that show the same chat: one of them listens, and tells the others. */

/** Whether tabs can agree on one: no browser lets them without TLS, some not in a frame. */
const asked = navigator.locks?.request("sportello", () => true).catch(() => false);
export const canAgree = Promise.resolve(asked ?? false);

const HIDDEN_MS = 60_000; // so long a hidden tab goes on

export class Tabs {
  #channel;
  #lead = null; // {release}, once it is ours
  #wish = null; // ends the wait for it
  #timer = null;
  #left = new AbortController();
  #canAgree = false;

  /** `lead()` begins to listen, or goes on at once; `rest()` ends it; `onHeard` gets what is passed on. */
  constructor(chat, { lead, rest, onHeard }) {
    Object.assign(this, { chat, lead, rest });
    this.#channel = new BroadcastChannel(`sportello:${chat}`);
    this.#channel.onmessage = ({ data }) => onHeard(data);
  }

  async join() {
    this.#canAgree = await canAgree;
    const { signal } = this.#left;
    if (signal.aborted) return;
    document.addEventListener("visibilitychange", () => this.#follow(), { signal });
    addEventListener("pagehide", () => this.#give(), { signal });
    addEventListener("pageshow", () => this.#follow(), { signal });
    this.#follow();
  }

  pass(event) {
    this.#channel.postMessage(event);
  }

  leave() {
    this.#left.abort();
    clearTimeout(this.#timer);
    this.#give();
    this.#channel.close();
  }

  #follow() {
    clearTimeout(this.#timer);
    if (!document.hidden) this.#take();
    else if (!this.#canAgree) this.#give();
    else this.#timer = setTimeout(() => this.#give(), HIDDEN_MS);
  }

  #take() {
    if (!this.#canAgree) this.#lead = { release() {} };
    if (this.#lead) return this.lead();
    if (this.#wish) return;
    this.#wish = new AbortController();
    const hold = () =>
      new Promise((release) => {
        this.#lead = { release };
        this.lead();
      });
    const options = { signal: this.#wish.signal };
    navigator.locks.request(`sportello:${this.chat}`, options, hold).catch(() => {}); // given up
  }

  #give() {
    this.#wish?.abort();
    this.#lead?.release();
    this.#lead = this.#wish = null;
    this.rest();
  }
}
