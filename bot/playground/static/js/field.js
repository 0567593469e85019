/** Everything one writes with, tied to the open chat. */

import { acceptFiles } from "/static/js/attachments.js";
import { CommandMenu, commandsFor } from "/static/js/commands.js";
import { Composer } from "/static/js/composer.js";
import { byId, dress } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { askForManagedBot } from "/static/js/managedBot.js";
import { isPrivate } from "/static/js/people.js";
import { ReplyKeyboard } from "/static/js/replyKeyboard.js";

/** Answers the composer. */
export function buildField(store, outbox) {
  const say = (text, mode) => outbox.say(text, mode);
  const composer = new Composer({
    send: say,
    keys: (event) => commands.takeKey(event),
    onText: (text) => commands.follow(text),
    lastOwn: () => lastOwnText(store),
  });
  const commands = buildCommands(store, { composer, say });
  const keyboard = new ReplyKeyboard({
    root: byId("reply-keyboard"),
    toggle: byId("keyboard-toggle"),
    onPress: say,
    onBotRequest: (request) => askForManagedBot(store, request),
  });
  acceptFiles({
    text: composer.text,
    async send(files, caption) {
      await outbox.sendFiles(files, caption, composer.replied);
      composer.endReply();
    },
  });
  store.on("chosen", () => store.chosen && composer.open(store.chosen.key));
  for (const topic of ["chosen", "chat"]) {
    store.on(topic, () => {
      if (store.chosen === null || store.bot === null) return;
      keyboard.show(store.chosen);
      composer.setPlaceholder(placeholder(store));
    });
  }
  answerForcedReplies(store, composer);
  return composer;
}

function buildCommands(store, { composer, say }) {
  const toggle = byId("commands-toggle");
  const commands = new CommandMenu({
    list: byId("commands"),
    text: composer.text,
    toggle,
    known: () => commandsFor(store.bot, store.chosen, store.persona(store.chosen)),
    onPick(command) {
      composer.clear();
      say(command);
    },
  });
  dress(toggle, "slash", t("commands"));
  toggle.addEventListener("click", () => {
    composer.text.focus();
    if (commands.isOpen) commands.close();
    else commands.open();
  });
  return commands;
}

function placeholder({ chosen, bot }) {
  const wanted = chosen.keyboard?.input_field_placeholder;
  return wanted || (isPrivate(chosen) ? t("message") : t("messageInGroup", { bot: bot.username }));
}

function lastOwnText(store) {
  const own = store.persona(store.chosen)?.id;
  return store.history(store.chosen.key).all.findLast((m) => m.from.id === own && m.text);
}

/** A bot may force a reply to its message: the field answers it, until something was said. */
function answerForcedReplies(store, composer) {
  const answer = () => {
    const { chosen } = store;
    const last = chosen && store.history(chosen.key).last;
    const forced = chosen?.keyboard?.force_reply ? chosen.keyboard.message_id : null;
    if (last && last.message_id === forced) composer.reply(last);
  };
  store.on("chosen", answer);
  store.on("chat", answer);
}
