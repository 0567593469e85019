/** What the page knows: people, bots, their chats and messages.
 *
 * A chat is known by its key (see people.js), a group once for each bot in it. Whoever draws
 * subscribes with `on(topic, listener)`. Topics: `list` (anything that the list of chats shows),
 * `chosen` (another chat was opened), `chat` (the open one changed), `history` (one was loaded),
 * `message`, `removed`, `taken` (the bot read what was written), `typing`, `answer` (to a press).
 */

import { isBotFather, mainBot, renew, withBotFatherLast } from "/static/js/bots.js";
import { History } from "/static/js/history.js";
import { ReadMarks } from "/static/js/marks.js";
import { insiders, isPrivate, keysOf, unopenedChat, views } from "/static/js/people.js";
import { Starts } from "/static/js/starts.js";
import { Taken } from "/static/js/taken.js";
import { Typists } from "/static/js/typists.js";

export class Store {
  bots = [];
  shownBotId = null; // the list shows this bot's chats; null: those of all
  people = new Map();
  chats = new Map();
  chosen = null;
  topic = null;
  typists = new Typists((key) => this.#tell("typing", key));
  starts = new Starts(() => this.#tell("chat"));
  #marks = new ReadMarks();
  #taken = new Taken((key) => this.#tell("taken", key));
  #histories = new Map();
  #personas = new Map();
  #listeners = new Map();

  constructor(about) {
    this.about = about;
  }

  on(topic, listener) {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener]);
  }

  /** The bot of the open chat. */
  get bot() {
    return this.botOf(this.chosen) ?? mainBot(this.bots);
  }

  botOf(chat) {
    return this.bots.find((bot) => bot.id === chat?.bot) ?? null;
  }

  /** Take in /client/state: each person has a chat with each bot, even one never opened. */
  replace({ bots, people, chats }) {
    this.bots = withBotFatherLast(bots);
    this.people = new Map(people.map((person) => [person.id, person]));
    const present = people.filter((person) => !person.is_deactivated);
    const unopened = (bot) => present.map((person) => unopenedChat(person, bot));
    const possible = bots.length ? this.bots.flatMap(unopened) : unopened(null);
    const open = chats.flatMap((chat) => views(chat, this.bots));
    this.chats = new Map([...possible, ...open].map((chat) => [chat.key, chat]));
    if (!bots.some((bot) => bot.id === this.shownBotId)) this.shownBotId = null;
    this.chosen = this.chats.get(this.chosen?.key) ?? null;
    this.#tell("chat");
  }

  showBot(id) {
    this.shownBotId = id;
    this.#tell("list");
  }

  choose(key) {
    this.chosen = this.chats.get(key) ?? null;
    this.topic = null;
    this.#tell("chosen");
  }

  chooseTopic(topic) {
    this.topic = topic;
    this.#tell("history", this.chosen.key);
  }

  history(key) {
    if (!this.#histories.has(key)) this.#histories.set(key, new History());
    return this.#histories.get(key);
  }

  /** Take in a chat's messages; of a chat that is known already, only what differs. */
  load(key, messages) {
    const history = this.history(key);
    const waiting = this.chats.get(key)?.unread_from;
    this.#taken.put(key, waiting ? waiting - 1 : (messages.at(-1)?.message_id ?? 0));
    if (history.last) return this.#merge(key, messages);
    for (const message of messages) history.put(message);
    this.#marks.clamp(key, history.last?.message_id ?? 0);
    this.#tell("history", key);
  }

  /** What was sent while they were fetched is not among them: its event brings it back. */
  #merge(key, messages) {
    const present = new Set(messages.map((message) => message.message_id));
    const gone = this.history(key).all.filter((known) => !present.has(known.message_id));
    for (const { message_id: id } of gone) this.#remove(key, id);
    for (const message of messages) this.put(key, message);
  }

  put(key, message) {
    if (this.history(key).isDeleted(message.message_id)) return;
    const known = this.history(key).get(message.message_id);
    message = { ...message, reactions: message.reactions ?? known?.reactions ?? {} };
    if (JSON.stringify(known) === JSON.stringify(message)) return;
    this.history(key).put(message);
    if (message.from.is_bot && !known) this.typists.end(key);
    this.#tell("message", { key, message, isFresh: !known });
  }

  #remove(key, messageId, isForGood = false) {
    if (isForGood) this.history(key).bury(messageId);
    this.history(key).remove(messageId);
    this.#tell("removed", { key, messageId });
  }

  /** Take in one event of the stream. */
  take(event) {
    const { type } = event;
    if (type === "chat") this.#takeChat(event.chat);
    else if (type === "commands" || type === "profile") this.#takeBot(event);
    else if (type === "bot_deleted") this.#tell("stranger");
    else if (type === "callback_answer") this.#tell("answer", event);
    else for (const key of keysOf(event, this.chats.values())) this.#takeInChat(key, event);
  }

  #takeInChat(key, { type, message, message_id: messageId, reactions }) {
    const known = this.history(key).get(messageId);
    if (type === "message" || type === "edited") this.put(key, message);
    else if (type === "deleted") this.#remove(key, messageId, true);
    else if (type === "reaction" && known) this.put(key, { ...known, reactions });
    else if (type === "typing") this.typists.start(key);
    else if (type === "read") this.#taken.put(key, messageId);
  }

  /** Whether the bot of the open chat has read what was written; BotFather does so at once. */
  isTaken({ message_id: id }) {
    return this.#taken.has(this.chosen.key, id) || isBotFather(this.bot);
  }

  #takeChat(chat) {
    for (const view of views(chat, this.bots)) {
      this.chats.set(view.key, view);
      if (view.key === this.chosen?.key) this.chosen = view;
    }
    this.#tell("chat");
  }

  #takeBot(event) {
    const bot = this.bots.find((known) => known.id === event.bot);
    if (bot) renew(bot, event);
    this.#tell(bot ? "chat" : "stranger");
  }

  /** The people of a chat, each of whom one can be. */
  peopleIn(chat) {
    const ids = isPrivate(chat) ? [chat.id] : insiders(chat);
    return ids.map((id) => this.people.get(id)).filter(Boolean);
  }

  /** Who one is in a chat: the client, or the chosen member of a group. */
  persona(chat) {
    const people = this.peopleIn(chat);
    return people.find(({ id }) => id === this.#personas.get(chat.key)) ?? people[0];
  }

  setPersona(chat, personId) {
    this.#personas.set(chat.key, personId);
    this.#tell("chat");
    this.#tell("history", chat.key);
  }

  isAdmin(personId) {
    return this.about.admins.includes(personId);
  }

  unread(key) {
    const mark = this.#marks.get(key);
    const isUnread = (message) => message.message_id > mark && message.from.is_bot;
    return this.history(key).all.filter(isUnread).length;
  }

  markRead(key) {
    const last = this.history(key).last?.message_id ?? 0;
    if (last <= this.#marks.get(key)) return;
    this.#marks.set(key, last);
    this.#tell("read", key);
  }

  /** Whatever happens may show in the list. */
  #tell(topic, detail) {
    for (const name of [topic, "list"]) {
      for (const listener of this.#listeners.get(name) ?? []) listener(detail);
    }
  }
}
