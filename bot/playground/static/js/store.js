/** What the page knows: people, chats and their messages, as one bot sees them.
 *
 * Whoever draws subscribes with `on(topic, listener)`. Topics: `list` (anything that the list of
 * chats shows), `chosen` (another chat was opened), `chat` (the open one changed), `history` (one
 * was loaded), `message`, `removed`, `typing`, `answer` (to a pressed button).
 */

import { History } from "/static/js/history.js";
import { ReadMarks } from "/static/js/marks.js";
import { concerns, insiders, isPrivate, unopenedChat } from "/static/js/people.js";
import { Typists } from "/static/js/typists.js";

export class Store {
  bots = [];
  bot = null;
  people = new Map();
  chats = new Map();
  chosen = null;
  topic = null;
  typists = new Typists((chatId) => this.#tell("typing", chatId));
  #marks = new ReadMarks();
  #histories = new Map();
  #personas = new Map();
  #listeners = new Map();

  constructor(about) {
    this.about = about;
  }

  on(topic, listener) {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener]);
  }

  /** Take in /client/state: each person has a private chat, even one never opened. */
  replace({ bots, people, chats }) {
    const seenBy = this.bot?.id;
    this.bots = bots;
    this.bot = bots.find((bot) => bot.id === this.bot?.id) ?? bots[0] ?? null;
    this.people = new Map(people.map((person) => [person.id, person]));
    const present = people.filter((person) => !person.is_deactivated).map(unopenedChat);
    const ours = chats.filter((chat) => concerns(chat, this.bot));
    this.chats = new Map([...present, ...ours].map((chat) => [chat.id, chat]));
    this.chosen = this.chats.get(this.chosen?.id) ?? null;
    this.#tell(seenBy === this.bot?.id ? "chat" : "chosen");
  }

  chooseBot(id) {
    this.bot = this.bots.find((bot) => bot.id === id);
    this.#histories.clear();
  }

  choose(chatId) {
    this.chosen = this.chats.get(chatId) ?? null;
    this.topic = null;
    this.#tell("chosen");
  }

  chooseTopic(topic) {
    this.topic = topic;
    this.#tell("history", this.chosen.id);
  }

  history(chatId) {
    if (!this.#histories.has(chatId)) this.#histories.set(chatId, new History());
    return this.#histories.get(chatId);
  }

  /** Take in a chat's messages; of a chat that is known already, only what differs. */
  load(chatId, messages) {
    const history = this.history(chatId);
    if (history.last) return this.#merge(chatId, messages);
    for (const message of messages) history.put(message);
    this.#marks.clamp(chatId, history.last?.message_id ?? 0);
    this.#tell("history", chatId);
  }

  #merge(chatId, messages) {
    const present = new Set(messages.map((message) => message.message_id));
    const gone = this.history(chatId).all.filter((known) => !present.has(known.message_id));
    for (const { message_id: id } of gone) this.#remove(chatId, id);
    for (const message of messages) this.put(chatId, message);
  }

  put(chatId, message) {
    const known = this.history(chatId).get(message.message_id);
    if (JSON.stringify(known) === JSON.stringify(message)) return;
    this.history(chatId).put(message);
    if (message.from.is_bot && !known) this.typists.end(chatId);
    this.#tell("message", { chatId, message, isFresh: !known });
  }

  #remove(chatId, messageId) {
    this.history(chatId).remove(messageId);
    this.#tell("removed", { chatId, messageId });
  }

  /** Take in one event of the stream. */
  take(event) {
    const { type, chat_id: chatId } = event;
    if (type === "chat") this.#takeChat(event.chat);
    else if (type === "commands" || type === "profile") this.#takeBot(event);
    else if (!this.#isOurs(event)) return;
    else if (type === "message" || type === "edited") this.put(chatId, event.message);
    else if (type === "deleted") this.#remove(chatId, event.message_id);
    else if (type === "typing") this.typists.start(chatId);
    else if (type === "callback_answer") this.#tell("answer", event);
  }

  #takeChat(chat) {
    if (!concerns(chat, this.bot)) return;
    this.chats.set(chat.id, chat);
    if (chat.id === this.chosen?.id) this.chosen = chat;
    this.#tell("chat");
  }

  #takeBot({ bot: id, commands, first_name: name }) {
    const bot = this.bots.find((known) => known.id === id);
    if (commands && bot) bot.commands = commands;
    if (name && bot) bot.first_name = name;
    this.#tell(bot ? "chat" : "stranger");
  }

  /** In a supergroup all bots see the same messages; elsewhere each has its own. */
  #isOurs({ bot, chat_id: chatId }) {
    return !bot || bot === this.bot?.id || this.chats.get(chatId)?.type === "supergroup";
  }

  /** The people of a chat, each of whom one can be. */
  peopleIn(chat) {
    const ids = isPrivate(chat) ? [chat.id] : insiders(chat);
    return ids.map((id) => this.people.get(id)).filter((person) => person !== undefined);
  }

  /** Who one is in a chat: the client, or the chosen member of a group. */
  persona(chat) {
    const people = this.peopleIn(chat);
    return people.find(({ id }) => id === this.#personas.get(chat.id)) ?? people[0];
  }

  setPersona(chat, personId) {
    this.#personas.set(chat.id, personId);
    this.#tell("chat");
    this.#tell("history", chat.id);
  }

  isAdmin(personId) {
    return this.about.admins.includes(personId);
  }

  unread(chatId) {
    const mark = this.#marks.get(chatId);
    const isUnread = (message) => message.message_id > mark && message.from.is_bot;
    return this.history(chatId).all.filter(isUnread).length;
  }

  markRead(chatId) {
    const last = this.history(chatId).last?.message_id ?? 0;
    if (last <= this.#marks.get(chatId)) return;
    this.#marks.set(chatId, last);
    this.#tell("read", chatId);
  }

  /** Whatever happens may show in the list. */
  #tell(topic, detail) {
    for (const name of [topic, "list"]) {
      for (const listener of this.#listeners.get(name) ?? []) listener(detail);
    }
  }
}
