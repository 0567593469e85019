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
import { attempt, toast } from "/static/js/toasts.js";

/** A text, or a file that words may stand under. */
const isEditable = ({ text, photo, document, voice }) => text || photo || document || voice;

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

  /** Open the menu of a message at a button (`anchor`) or a point (`at`). */
  menu(message, { anchor, at }) {
    const { composer } = this;
    const text = message.text ?? message.caption;
    const link = botLinkIn(message);
    const isOwn = message.from.id === this.store.persona(this.store.chosen)?.id;
    const items = [
      { label: t("reply"), icon: "reply", run: () => composer.reply(message) },
      text && { label: t("copy"), icon: "copy", run: () => copy(text) },
      link && { label: t("openLinkAs"), icon: "link", run: () => askForLink(this.store, link) },
    ];
    const ownItems = [
      isEditable(message) && { label: t("edit"), icon: "edit", run: () => composer.edit(message) },
      { label: t("delete"), icon: "trash", isDanger: true, run: () => this.#delete(message) },
    ];
    if (isOwn) items.push(...ownItems);
    openMenu({ items: items.filter(Boolean), anchor, at });
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
