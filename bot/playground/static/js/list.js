/** The list of chats: who, when, what was said last, how much of it is unread. */

import { avatar, el, icon } from "/static/js/dom.js";
import { t, timeOrDate } from "/static/js/i18n.js";
import { serviceText, summary } from "/static/js/messages.js";
import { isPrivate } from "/static/js/people.js";
import { goTo } from "/static/js/route.js";

export class ChatList {
  #rows = new Map();
  #isScheduled = false;

  constructor(root, store) {
    this.root = root;
    this.store = store;
    root.addEventListener("keydown", (event) => this.#move(event));
    store.on("list", () => this.#schedule());
  }

  /** Give a chat's row the focus. */
  focus(chatId) {
    this.#rows.get(chatId)?.button.focus();
  }

  /** Draw at most once per frame, however much happens in it. */
  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const chats = this.#inOrder();
    const rows = chats.map((chat) => this.#row(chat));
    if (rows.some((row, index) => this.root.children[index] !== row)) this.#arrange(rows);
    this.#letOneBeReached(chats);
    document.title = this.#pageTitle(chats);
  }

  #inOrder() {
    const when = (chat) => this.store.history(chat.id).last?.date ?? 0;
    return [...this.store.chats.values()].sort((a, b) => when(b) - when(a));
  }

  #arrange(rows) {
    const focused = document.activeElement;
    this.root.replaceChildren(...rows);
    if (this.root.contains(focused)) focused.focus();
  }

  #row(chat) {
    if (!this.#rows.has(chat.id)) {
      const button = el("button", { class: "chat", type: "button", onclick: () => goTo(chat.id) });
      this.#rows.set(chat.id, { item: el("li", {}, button), button, drawn: "" });
    }
    const row = this.#rows.get(chat.id);
    const parts = this.#describe(chat);
    const signature = JSON.stringify(parts);
    if (signature !== row.drawn) row.button.replaceChildren(...drawRow(chat, parts));
    row.drawn = signature;
    row.button.setAttribute("aria-current", String(chat.id === this.store.chosen?.id));
    return row.item;
  }

  #describe(chat) {
    const last = this.store.history(chat.id).last;
    return {
      title: chat.title,
      language: isPrivate(chat) ? this.store.people.get(chat.id)?.language_code : undefined,
      isAdmin: this.store.isAdmin(chat.id),
      time: last && timeOrDate(last.date),
      who: last && whoSpoke(chat, last),
      preview: last ? summary(last) : t("noMessages"),
      isTyping: this.store.typists.has(chat.id),
      unread: this.store.unread(chat.id),
    };
  }

  #letOneBeReached(chats) {
    const focused = chats.find((chat) => this.#button(chat) === document.activeElement);
    const chosen = chats.find((chat) => chat.id === this.store.chosen?.id);
    const reachable = focused ?? chosen ?? chats[0];
    for (const chat of chats) this.#button(chat).tabIndex = chat === reachable ? 0 : -1;
  }

  #button(chat) {
    return this.#rows.get(chat.id).button;
  }

  #move(event) {
    const buttons = [...this.root.querySelectorAll(".chat")];
    const at = buttons.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    const target = buttons[steps[event.key]];
    if (target === undefined) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }

  #pageTitle(chats) {
    const count = chats.reduce((sum, chat) => sum + this.store.unread(chat.id), 0);
    return count ? `(${count}) Sportello` : "Sportello";
  }
}

export function chatAvatar(chat) {
  const face = avatar(chat.id, chat.title);
  if (!isPrivate(chat)) face.replaceChildren(icon("group"));
  return face;
}

function whoSpoke(chat, message) {
  if (message.from.is_bot || serviceText(message)) return "";
  return isPrivate(chat) ? t("you") : message.from.first_name;
}

function drawRow(chat, { title, language, isAdmin, time, who, preview, isTyping, unread }) {
  const name = el("span", { class: "chat-name" }, el("span", {}, title));
  if (language) name.append(el("span", { class: "language" }, language.toUpperCase()));
  if (isAdmin) name.append(el("span", { class: "badge" }, t("admin")));
  const line = el("span", { class: "chat-preview" });
  if (isTyping) {
    line.classList.add("is-typing");
    line.append(`${t("typing")}…`);
  } else {
    if (who) line.append(el("span", { class: "who" }, `${who}: `));
    line.append(preview);
  }
  const parts = [chatAvatar(chat), name, el("span", { class: "chat-time" }, time ?? ""), line];
  return unread ? [...parts, counter(unread)] : parts;
}

function counter(unread) {
  const spoken = el("span", { class: "visually-hidden" }, t("unread", { count: unread }));
  return el("span", { class: "chat-count" }, el("span", { "aria-hidden": "true" }, unread), spoken);
}
