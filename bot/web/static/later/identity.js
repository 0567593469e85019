/** Who the visitor is, as the page proves it: loaded where a page says anything of it. */

import { alone, keep, open } from "./session.js";

const AGAIN_MS = 3_000; // until it is asked again what could not be answered

export class Identity {
  #who; // what the page said last: a JWT; null: that they have left
  #proof = {}; // {jwt, sub}, as long as it may prove something

  constructor(chat) {
    Object.assign(this, { chat, host: chat.host, api: chat.api });
    this.host.addEventListener("news", () => this.#heed());
    chat.addEventListener("connected", () => this.prove());
    this.#heed();
  }

  /** A session for the next message: theirs, or anybody's where nothing is proven. */
  async open() {
    if (!this.#proof.jwt) return open(this.chat);
    try {
      return await this.#take();
    } catch (error) {
      if (error.status !== 401) throw error;
      this.#proof = {}; // it proves nothing
      return this.open();
    }
  }

  /** They go on in their own chat, at once. */
  async prove() {
    const isNew = () => this.#proof.jwt && this.chat.session?.sub !== this.#proof.sub;
    if (!isNew()) return;
    const prove = async () => isNew() && keep(this.chat, await this.#take(this.chat.session));
    await alone(this.chat, prove).catch(({ status, retryAfter = 0 }) => {
      if (status === 401) this.#proof = {};
      if (!status || status >= 429) setTimeout(() => this.prove(), AGAIN_MS + 1_000 * retryAfter);
    });
  }

  #heed() {
    const { who } = this.host;
    if (who === this.#who) return;
    this.#who = who;
    const { sub, aud } = claims(who);
    if (who && ![aud].flat().includes(this.api.key)) return; // another site's
    this.#proof = sub ? { jwt: who, sub } : {};
    const before = JSON.parse(this.host.kept.get("session") ?? "null");
    if (who === null || (sub && before?.sub && before.sub !== sub)) this.#leave(before);
    this.prove();
  }

  /** Nothing of who was here stays: not what was said, and not what was about to be. */
  #leave(session) {
    for (const name of [...this.host.kept.keys()]) this.host.keep(name, null);
    this.host.dispatchEvent(new CustomEvent("left"));
    if (session) this.api.end(session).catch(() => {}); // it ends by itself in the end
  }

  /** Theirs, in the place of one that was anybody's; or a new one, where that is over. */
  async #take(session) {
    const { jwt, sub } = this.#proof;
    const anew = () => open(this.chat, jwt);
    const over = (error) => {
      if (!error.isFinal) throw error; // it may go on in what was said
      return anew();
    };
    const made = await (session ? this.api.post(session, "identity", { jwt }).catch(over) : anew());
    if (this.#proof.sub === sub) return { ...made, sub };
    this.api.end(made).catch(() => {});
    throw new Error("they have left");
  }
}

/** What a JWT says; the server alone knows whether it is true. */
function claims(jwt) {
  try {
    return JSON.parse(atob(jwt.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return {};
  }
}
