/** A visitor's chat: what was said in it, and what is on its way. */

import { Feed } from "./feed.js";
import { Outbox } from "./outbox.js";
import { pauseAfter } from "./pause.js";
import { Tabs } from "./tabs.js";

const sessions = () => import("../later/session.js"); // once in a while one begins or ends
const TYPING_MS = 6_000; // said again every 4.5 s

/**
 * Events: "all" (draw anew), "message" and "changed" (detail: the message), "queue", "unread",
 * "typing", "connected".
 */
export class Chat extends EventTarget {
  session = null;
  messages = new Map(); // by their numbers
  before = null; // there is more before this number
  isTyping = false;
  isConnected = true;
  isClosed = false;
  identity = null; // of who is here, where the page says that
  #after = null; // the stream is known up to here; null: not loaded yet
  #early = []; // what other tabs told before
  #typingTimer = null;

  constructor({ api, host, language }) {
    super();
    Object.assign(this, { api, host, language });
    this.outbox = new Outbox(host, {
      send: (message) => this.#send(message),
      onFailure: () => this.#tell("queue"),
    });
    this.feed = new Feed({
      ask: (after, how) => api.events(this.session, after, how),
      after: () => this.#after,
      onEvent: (event) => this.#hear(event),
      onConnected: (is) => this.#connected(is),
      onRefused: (refused) => this.#lose(refused),
    });
    host.addEventListener("kept", ({ detail: name }) => {
      if (name === "session") this.#follow();
      else this.#tell(name === "read" ? "unread" : "queue");
    });
  }

  start() {
    this.#follow();
    this.outbox.flush();
  }

  /** The page is seen again: where nobody was let in, perhaps one is now. */
  again() {
    if (!this.isClosed) return;
    this.#connected(true);
    this.#enter(this.session);
  }

  /** Oldest first. */
  get all() {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  get unread() {
    return this.all.filter((one) => this.isUnread(one)).length;
  }

  isUnread({ from, seq }) {
    return from !== "client" && seq > this.#read;
  }

  get #read() {
    return Number(this.host.kept.get("read") ?? 0);
  }

  /** A tapped key is what the visitor says; the keys stand still until the server has others. */
  press(message, key) {
    message.buttons = message.buttons.map((row) => row.map((one) => ({ ...one, isOver: true })));
    this.#tell("changed", message);
    this.outbox.add(key.text, { message: message.id, data: key.data });
  }

  /** Everything that is here was seen. */
  see() {
    const last = this.all.findLast((one) => this.isUnread(one));
    if (!last) return;
    this.#note(last.seq);
    this.api.post(this.session, "read", { seq: last.seq }).catch(() => {}); // told again with the next one
  }

  #note(seq) {
    if (seq > this.#read) this.host.keep("read", String(seq));
  }

  /** The page before; whether it came. */
  async loadEarlier() {
    const { session, tabs } = this;
    const page = await this.api.page(session, this.before).catch(() => null);
    if (!page || this.tabs !== tabs) return false;
    this.before = page.before;
    for (const message of page.messages) this.#put(message);
    return true;
  }

  /** Take the session that the page keeps: another tab may have begun it, or ended it. */
  #follow() {
    const session = JSON.parse(this.host.kept.get("session") ?? "null");
    if (session?.token === this.session?.token) return;
    this.#enter(session);
    if (!session) this.#tell("all");
  }

  #enter(session) {
    this.tabs?.leave();
    this.tabs = null;
    this.session = session;
    this.messages.clear();
    this.#after = this.before = null;
    this.#early = [];
    this.#type(false);
    if (!session) return;
    this.tabs = new Tabs(session.chat, {
      lead: () => this.feed.start(),
      rest: () => this.feed.stop(),
      onHeard: (event) => this.#take(event),
    });
    this.#load(this.tabs);
  }

  async #load(tabs) {
    for (let failures = 0, page = null; !page; ) {
      try {
        page = await this.api.page(this.session);
        if (this.tabs === tabs) this.#begin(page);
      } catch (error) {
        if (this.tabs !== tabs) return;
        if (error.isFinal) return this.#lose(error);
        this.#connected(++failures < 2);
        await pauseAfter(failures).over;
      }
    }
    tabs.join();
  }

  #begin({ messages, before, seq, read = 0 }) {
    this.#connected(true);
    this.#note(read);
    for (const message of messages) this.#put(message);
    this.before = before;
    this.#after = seq;
    this.#tell("all");
    for (const event of this.#early.splice(0)) this.#take(event);
  }

  /** From the server: the other tabs hear it too. */
  #hear(event) {
    this.tabs?.pass(event);
    this.#take(event);
  }

  #take(event) {
    if (this.#after === null) return this.#early.push(event);
    const { id, type, data } = event;
    if (type === "reset") this.messages.clear();
    if (type === "reset") return this.#begin(data);
    if (id) this.#after = Math.max(this.#after, Number(id));
    if (type === "message") this.#add(data);
    else if (type === "keys") this.#change(data);
    else if (type === "typing") this.#type(true);
    else if (type === "read") this.#note(data.seq);
    else if (type === "erased") this.#erase(data.before);
  }

  #add(message) {
    const isAbove = this.before !== null && message.seq < this.before; // its page is not here
    if (isAbove || this.messages.has(message.seq)) return;
    this.#put(message);
    if (message.from !== "client") this.#type(false);
    this.#tell("message", this.messages.get(message.seq));
  }

  #put(message) {
    this.messages.set(message.seq, { ...message, at: Date.parse(message.at) / 1000 });
    if (message.from === "client") this.outbox.remove(message.id);
  }

  /** Other keys stand under a message. */
  #change({ message: id, buttons }) {
    const message = this.all.find((one) => one.id === id);
    if (!message) return;
    message.buttons = buttons;
    this.#tell("changed", message);
  }

  #erase(before) {
    for (const seq of this.messages.keys()) if (seq <= before) this.messages.delete(seq);
    this.#tell("all");
  }

  #type(is) {
    clearTimeout(this.#typingTimer);
    if (is) this.#typingTimer = setTimeout(() => this.#type(false), TYPING_MS);
    if (is === this.isTyping) return;
    this.isTyping = is;
    this.#tell("typing");
  }

  #connected(is) {
    if (is === this.isConnected && !this.isClosed) return;
    this.isConnected = is;
    this.isClosed = false;
    this.#tell("connected");
  }

  async #send({ id, text, key, files: attachments }) {
    try {
      if (!this.session) await (await sessions()).begin(this);
      const { session } = this;
      const files = [];
      for (const file of this.outbox.files.get(id) ?? []) files.push(await file.send(session));
      const [page] = this.host.page.slice(0, 2_000).split(/[?#;]/); // what stands behind may be nobody's business
      const said = { id, text: text || undefined, key, page, ...(attachments && { files }) };
      const { seq, at } = await this.api.post(session, "messages", said);
      if (this.session?.token !== session.token) return; // it is another one's by now
      const known = { seq, id, from: "client", text, entities: [], at, attachments };
      this.tabs?.pass({ type: "message", data: known });
      this.#add(known);
    } catch (error) {
      if (error.isFinal) await this.#lose(error);
      throw error;
    }
  }

  /** The server wants no more of the session; of a site that is switched off it may again. */
  async #lose({ status, token }) {
    if (this.session?.token !== token) return; // it was another one, and is over as it should be
    if (status === 403) {
      this.isClosed = true;
      this.feed.stop();
      return this.#tell("connected");
    }
    await (await sessions()).lose(this, token);
  }

  #tell(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }
}
