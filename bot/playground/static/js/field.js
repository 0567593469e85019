/** Everything one writes with, tied to the open chat. */

import { acceptFiles } from "/static/js/attachments.js";
import { CommandMenu, commandsFor } from "/static/js/commands.js";
import { Composer } from "/static/js/composer.js";
import { byId, dress } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { askForManagedBot } from "/static/js/managedBot.js";
import { isPrivate } from "/static/js/people.js";
import { askForVoice } from "/static/js/recorder.js";
import { ReplyKeyboard } from "/static/js/replyKeyboard.js";
import { letAttach } from "/static/js/sharing.js";

/** What a sticker's emoji stands for: the page has no pictures of its own. */
const STICKER = new File(["RIFF", "\x1a\0\0\0", "WEBPVP8L"], "sticker.webp", { type: "image/webp" });

/** Answers the composer. */
export function buildField(store, outbox) {
  const say = (text, mode) => outbox.say(text, mode);
  const composer = new Composer({
    send: say,
    speak: () => askForVoice(sendVoice),
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
  const ending = (sent) => sent.then(() => composer.endReply());
  const sendFiles = (files, details) => ending(outbox.sendFiles(files, details, composer.replied));
  const sendVoice = ({ file, seconds, words }) =>
    sendFiles([{ kind: "voice", file }], { duration: seconds, words });
  letAttach({
    chooseFiles: acceptFiles({
      text: composer.text,
      send: (files, caption) => sendFiles(files, { caption }),
    }),
    share: (content) => ending(outbox.share(content, composer.replied)),
    sendSticker: (emoji) => sendFiles([{ kind: "sticker", file: STICKER }], { emoji }),
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
  store.on("chat", () => commands.renew());
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
