/** The list of chats: who, when, what was said last, how much of it is unread. */

import { hueKey, isBotFather, mainBot } from "/static/js/bots.js";
import { avatar, el, icon } from "/static/js/dom.js";
import { t, timeOrDate } from "/static/js/i18n.js";
import { serviceText, summary } from "/static/js/messages.js";
import { isPrivate } from "/static/js/people.js";
import { goTo } from "/static/js/route.js";

/** The chats of the list: those that were opened, and those one is likely to open. */
export function listed(store) {
  const usual = (mainBot(store.bots) ?? store.bots[0])?.id ?? null;
  return [...store.chats.values()].filter((chat) => {
    if (store.shownBotId !== null) return chat.bot === store.shownBotId;
    if (chat === store.chosen) return true;
    const isMakers = isBotFather(store.botOf(chat)) && store.isAdmin(chat.id);
    return !chat.isUnopened || chat.bot === usual || isMakers;
  });
}

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
  focus(key) {
    this.#rows.get(key)?.button.focus();
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
    const shown = [...this.root.children];
    const isSame = shown.length === rows.length && shown.every((row, index) => row === rows[index]);
    if (!isSame) this.#arrange(rows);
    this.#letOneBeReached(chats);
    document.title = this.#pageTitle(chats);
  }

  #inOrder() {
    const when = (chat) => this.store.history(chat.key).last?.date ?? 0;
    return listed(this.store).sort((a, b) => when(b) - when(a));
  }

  #arrange(rows) {
    const focused = document.activeElement;
    this.root.replaceChildren(...rows);
    if (this.root.contains(focused)) focused.focus();
  }

  #row(chat) {
    if (!this.#rows.has(chat.key)) {
      const button = el("button", { class: "chat", type: "button", onclick: () => goTo(chat.key) });
      this.#rows.set(chat.key, { item: el("li", {}, button), button, drawn: "" });
    }
    const row = this.#rows.get(chat.key);
    const parts = this.#describe(chat);
    const signature = JSON.stringify(parts);
    if (signature !== row.drawn) {
      row.button.replaceChildren(...drawRow(parts, chatAvatar(chat, this.store)));
      row.drawn = signature;
    }
    row.button.classList.toggle("with-bot", parts.bot !== undefined);
    row.button.setAttribute("aria-current", String(chat.key === this.store.chosen?.key));
    return row.item;
  }

  #describe(chat) {
    const last = this.store.history(chat.key).last;
    return {
      title: chat.title,
      language: isPrivate(chat) ? this.store.people.get(chat.id)?.language_code : undefined,
      isAdmin: this.store.isAdmin(chat.id),
      bot: this.store.bots.length > 1 ? botLine(this.store.botOf(chat)) : undefined,
      time: last && timeOrDate(last.date),
      who: last && whoSpoke(chat, last),
      preview: last ? summary(last) : t("noMessages"),
      isTyping: this.store.typists.has(chat.key),
      unread: this.store.unread(chat.key),
    };
  }

  #letOneBeReached(chats) {
    const focused = chats.find((chat) => this.#button(chat) === document.activeElement);
    const chosen = chats.find((chat) => chat.key === this.store.chosen?.key);
    const reachable = focused ?? chosen ?? chats[0];
    for (const chat of chats) this.#button(chat).tabIndex = chat === reachable ? 0 : -1;
  }

  #button(chat) {
    return this.#rows.get(chat.key).button;
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
    const count = chats.reduce((sum, chat) => sum + this.store.unread(chat.key), 0);
    return count ? `(${count}) Sportello` : "Sportello";
  }
}

/** Whose chat it is; where there are several bots, with the letter of its bot. */
export function chatAvatar(chat, { bots }) {
  const face = avatar(chat.id, chat.title);
  if (!isPrivate(chat)) face.replaceChildren(icon("group"));
  const bot = bots.find(({ id }) => id === chat.bot);
  if (!bot || bots.length < 2) return face;
  return el("span", { class: "faces" }, face, avatar(hueKey(bot), bot.first_name, "tiny"));
}

function whoSpoke(chat, message) {
  if (message.from.is_bot || serviceText(message)) return "";
  return isPrivate(chat) ? t("you") : message.from.first_name;
}

/** Which bot it is; the one that only plays Telegram's own says so. */
function botLine(bot) {
  if (!isBotFather(bot)) return bot?.first_name;
  return `${bot.first_name} · ${t("emulated")}`;
}

function drawRow({ title, language, isAdmin, bot, time, who, preview, isTyping, unread }, face) {
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
  const parts = [face, name, el("span", { class: "chat-time" }, time ?? ""), line];
  if (bot) parts.push(el("span", { class: "chat-bot" }, bot));
  return unread ? [...parts, counter(unread)] : parts;
}

function counter(unread) {
  const spoken = el("span", { class: "visually-hidden" }, t("unread", { count: unread }));
  return el("span", { class: "chat-count" }, el("span", { "aria-hidden": "true" }, unread), spoken);
}
