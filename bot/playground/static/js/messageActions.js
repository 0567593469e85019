/** What one can do with a message: answer, copy, edit, delete it, press its buttons. */

import * as api from "/static/js/api.js";
import { botNamed } from "/static/js/bots.js";
import { copy } from "/static/js/clipboard.js";
import { openAlert } from "/static/js/dialogs.js";
import { t } from "/static/js/i18n.js";
import { Presses } from "/static/js/inlineButtons.js";
import { askForLink, openBotLink } from "/static/js/linking.js";
import { botLinkIn } from "/static/js/links.js";
import { openMenu } from "/static/js/menu.js";
import { askForQuote } from "/static/js/quoting.js";
import { REACTIONS } from "/static/js/reactions.js";
import { askForPlace } from "/static/js/sharing.js";
import { attempt, toast } from "/static/js/toasts.js";

/** A text, or a file that words may stand under. */
const CAPTIONED = ["photo", "document", "voice", "audio", "video", "animation"];
const isEditable = (message) => message.text || CAPTIONED.some((kind) => kind in message);

export class MessageActions {
  #presses = new Presses(showAnswer);

  /** `command` sends a bot command; `find` brings a message into view. */
  constructor({ store, composer, command, find }) {
    Object.assign(this, { store, composer, command, find });
    store.on("answer", (answer) => this.#presses.take(answer));
  }

  /** Whether a mention is that of a bot here. */
  knowsBot(username) {
    return botNamed(this.store.bots, username) !== undefined;
  }

  /** Open the chat of the bot that a link or a mention names. */
  openBot(link) {
    openBotLink(this.store, link, this.store.persona(this.store.chosen)?.id);
  }

  press(message, button, node) {
    if (button.copy_text) return copy(button.copy_text.text);
    const { chosen, bot } = this.store;
    const body = { bot: bot.id, from: this.store.persona(chosen)?.id, data: button.callback_data };
    const send = () => api.press(chosen.id, message.message_id, body);
    return attempt(() => this.#presses.press(node, send));
  }

  /** The emoji that one has put on a message, if any. */
  mine({ reactions }) {
    return reactions?.[this.store.persona(this.store.chosen)?.id];
  }

  react({ message_id: id }, emoji) {
    const { chosen, bot } = this.store;
    const from = this.store.persona(chosen)?.id;
    return attempt(() => api.react(chosen.id, id, { bot: bot.id, from, emoji }));
  }

  /** Open the menu of a message at a button (`anchor`) or a point (`at`). */
  menu(message, { anchor, at }) {
    const { composer } = this;
    const text = message.text ?? message.caption;
    const link = botLinkIn(message);
    const isOwn = message.from.id === this.store.persona(this.store.chosen)?.id;
    const items = [
      { label: t("reply"), icon: "reply", run: () => composer.reply(message) },
      text && { label: t("quoteSome"), icon: "quote", run: () => this.#quote(message) },
      text && { label: t("copy"), icon: "copy", run: () => copy(text) },
      link && { label: t("openLinkAs"), icon: "link", run: () => askForLink(this.store, link) },
    ];
    const ownItems = [
      ...this.#moves(message),
      isEditable(message) && { label: t("edit"), icon: "edit", run: () => composer.edit(message) },
      { label: t("delete"), icon: "trash", isDanger: true, run: () => this.#delete(message) },
    ];
    if (isOwn) items.push(...ownItems);
    openMenu({ items: items.filter(Boolean), strip: this.#strip(message), anchor, at });
  }

  #strip(message) {
    const mine = this.mine(message);
    return REACTIONS.map((emoji) => ({
      face: emoji,
      isChecked: emoji === mine,
      run: () => this.react(message, emoji === mine ? "" : emoji),
    }));
  }

  #quote(message) {
    askForQuote(message, (words) => this.composer.reply(message, words));
  }

  /** A live location moves until it is stopped. */
  #moves({ message_id: id, location }) {
    if (!location?.live_period) return [];
    const { chosen, bot } = this.store;
    const move = (place) => api.move(chosen.id, id, { bot: bot.id, ...place });
    return [
      { label: t("move"), icon: "pin", run: () => askForPlace(move, location) },
      { label: t("stopSharing"), icon: "stop", run: () => attempt(() => move({})) },
    ];
  }

  #delete({ message_id: id }) {
    const { chosen, bot } = this.store;
    return attempt(() => api.remove(chosen.id, id, bot.id));
  }
}

function showAnswer({ text, show_alert: isAlert }) {
  if (text && isAlert) openAlert(text);
  else if (text) toast(text);
}
