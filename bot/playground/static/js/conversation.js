/** The open chat: its rows, who types in it, what it says while it is empty. */

import { descriptionOf, mainBot } from "/static/js/bots.js";
import { byId, el } from "/static/js/dom.js";
import { Follow } from "/static/js/follow.js";
import { t } from "/static/js/i18n.js";
import { drawInvitation } from "/static/js/invitation.js";
import { Log } from "/static/js/log.js";
import { MessageActions } from "/static/js/messageActions.js";
import { isPrivate } from "/static/js/people.js";
import { listenToRows } from "/static/js/rowKeys.js";
import { listenToSwipes } from "/static/js/swipe.js";

export class Conversation {
  /** `say(text)` sends a text. */
  constructor({ store, composer, say }) {
    Object.assign(this, { store, composer, say });
    const [root, scroller, pill] = [byId("log"), byId("scroller"), byId("pill")];
    const find = (id) => this.log.find(id);
    const actions = new MessageActions({ store, composer, command: say, find });
    // Before the log, which moves what is shown when it draws older rows.
    this.follow = new Follow({ scroller, content: root, pill, onEnd: () => this.#read() });
    this.log = new Log({ root, scroller, store, actions });
    listenToRows({
      root,
      openMenu: (message, place) => actions.menu(message, place),
      leave: () => composer.text.focus(),
    });
    listenToSwipes({ root, reply: (message) => composer.reply(message) });
    document.addEventListener("visibilitychange", () => this.follow.isAtEnd && this.#read());
    this.#subscribe();
  }

  #subscribe() {
    const { store } = this;
    const isOpen = (key) => key === store.chosen?.key;
    store.on("chosen", () => this.#show());
    store.on("history", (key) => isOpen(key) && this.#show());
    store.on("typing", (key) => isOpen(key) && this.#drawTyping());
    store.on("message", (news) => isOpen(news.key) && this.#put(news));
    store.on("taken", (key) => isOpen(key) && this.log.tick());
    store.on("removed", ({ key, messageId }) => isOpen(key) && this.#remove(messageId));
  }

  #show() {
    const { chosen, bot } = this.store;
    if (chosen === null || bot === null) return;
    byId("log").setAttribute("aria-label", t("conversation", { bot: bot.first_name }));
    this.log.show();
    this.#invite();
    this.#drawTyping();
    this.follow.toEnd();
  }

  #put({ message, isFresh }) {
    byId("log").querySelector(".invitation")?.remove();
    byId("log").classList.remove("is-empty");
    if (!this.log.put(message, { isFresh }) || !isFresh) return;
    if (message.from.id === this.store.persona(this.store.chosen)?.id) this.follow.toEnd();
    else this.follow.count();
  }

  #remove(messageId) {
    this.log.remove(messageId);
    this.composer.forget(messageId);
    this.#invite();
  }

  #invite() {
    const { chosen, bot, bots, about } = this.store;
    byId("log").classList.toggle("is-empty", this.log.isEmpty);
    if (!this.log.isEmpty) return;
    const addressee = isPrivate(chosen) ? "" : `@${bot.username} `;
    const isMain = bot === mainBot(bots);
    const asks = isMain && !this.store.isAdmin(chosen.id);
    byId("log").replaceChildren(
      drawInvitation({
        name: (isMain && about.company) || bot.first_name,
        description: descriptionOf(bot, this.store.persona(chosen)),
        questions: this.#firstWords(asks ? this.#questions() : ["/start"]),
        onPick: (question) => this.say(addressee + question),
      }),
    );
  }

  /** What one could ask, in one's language if there are such questions. */
  #questions() {
    const { chosen, about } = this.store;
    const spoken = this.store.persona(chosen)?.language_code;
    return about.questions[spoken] ?? about.questions[about.language] ?? about.questions.en;
  }

  /** Where a link was opened, nothing but its Start. */
  #firstWords(words) {
    return this.store.starts.has(this.store.chosen.key) ? [] : words;
  }

  #read() {
    const isSeen = !document.hidden && byId("conversation").offsetParent !== null;
    if (isSeen && this.store.chosen) this.store.markRead(this.store.chosen.key);
  }

  #drawTyping() {
    const { chosen, bot, typists } = this.store;
    const isTyping = typists.has(chosen.key);
    const dots = el("span", { "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    const spoken = el("b", { class: "visually-hidden" }, t("botTyping", { bot: bot.first_name }));
    byId("typing").hidden = !isTyping;
    byId("typing").replaceChildren(...(isTyping ? [dots, spoken] : []));
    if (this.follow.isAtEnd) this.follow.toEnd();
  }
}
