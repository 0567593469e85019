/** The head of the conversation: whose it is, what the bot is doing, what can be done with it. */

import * as api from "/static/js/api.js";
import { isBotFather } from "/static/js/bots.js";
import { byId, dress, el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { chatAvatar } from "/static/js/list.js";
import { openMenu } from "/static/js/menu.js";
import { isPrivate } from "/static/js/people.js";
import { goTo } from "/static/js/route.js";
import { attempt } from "/static/js/toasts.js";

export class Header {
  constructor(store) {
    this.store = store;
    dress(byId("back"), "back", t("back"));
    dress(byId("head-menu"), "more", t("chatMenu"));
    byId("back").addEventListener("click", () => goTo(null));
    byId("head-menu").addEventListener("click", () => this.#openMenu());
    byId("unblock").append(t("unblock"));
    byId("unblock").addEventListener("click", () => this.#setBlocked(false));
    for (const topic of ["chosen", "chat"]) store.on(topic, () => this.#draw());
    store.on("typing", () => this.#drawStatus());
  }

  #draw() {
    const { chosen: chat } = this.store;
    if (chat === null) return;
    const isAdmin = this.store.isAdmin(chat.id) && t("admin");
    const isEmulated = isBotFather(this.store.bot) && t("emulated");
    const shown = [isAdmin, isEmulated].filter(Boolean);
    const badges = shown.map((text) => el("span", { class: "badge" }, text));
    byId("head-title").replaceChildren(el("span", {}, chat.title), ...badges);
    byId("head-avatar").replaceChildren(chatAvatar(chat, this.store));
    byId("head-menu").hidden = !isPrivate(chat) || this.store.bot === null;
    byId("unblock").hidden = !chat.blocked;
    const isStart = this.store.starts.has(chat.key) && !chat.blocked;
    byId("start").hidden = !isStart;
    byId("line").hidden = chat.blocked || isStart || this.store.bot === null;
    this.#drawStatus();
    this.#drawTopics(chat);
  }

  #drawStatus() {
    const { chosen: chat, bot } = this.store;
    if (bot === null) byId("head-status").textContent = t("noBot");
    if (chat === null || bot === null) return;
    const isTyping = this.store.typists.has(chat.key);
    const count = this.store.peopleIn(chat).length;
    const name = { bot: bot.first_name };
    const quiet = isPrivate(chat) ? t("chattingWith", name) : t("groupOf", { count, ...name });
    byId("head-status").textContent = isTyping ? `${t("botTyping", name)}…` : quiet;
    byId("head-status").classList.toggle("is-typing", isTyping);
  }

  #drawTopics({ topics }) {
    byId("topics").hidden = topics.length === 0;
    const all = [{ id: null, name: t("all") }, ...topics];
    byId("topics").replaceChildren(...all.map((topic) => this.#topic(topic)));
  }

  #topic({ id, name }) {
    const onclick = () => {
      this.store.chooseTopic(id);
      this.#drawTopics(this.store.chosen);
    };
    const isPressed = String(this.store.topic === id);
    return el("button", { type: "button", "aria-pressed": isPressed, onclick }, name);
  }

  #openMenu() {
    const { blocked } = this.store.chosen;
    const label = t(blocked ? "unblock" : "block");
    const block = { label, icon: "ban", isDanger: !blocked, run: () => this.#setBlocked(!blocked) };
    openMenu({ items: [block], anchor: byId("head-menu") });
  }

  #setBlocked(isBlocked) {
    const { chosen: chat, bot } = this.store;
    return attempt(() => (isBlocked ? api.block : api.unblock)(chat.id, bot.id));
  }
}
