/** What a message says about itself, in a line. */

import { t } from "/static/js/i18n.js";

const KINDS = ["photo", "document", "voice", "sticker"];

export const kindOf = (message) => KINDS.find((kind) => kind in message);

/** The sentence of a message that Telegram itself wrote; undefined for the others. */
export function serviceText(message) {
  if (message.new_chat_members) return t("joined", { name: names(message.new_chat_members) });
  if (message.left_chat_member) return t("left", { name: message.left_chat_member.first_name });
  if (message.forum_topic_created) return t("topicCreated", message.forum_topic_created);
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("becameSupergroup");
  if (message.managed_bot_created) return t("managedBotCreated", message.managed_bot_created.bot);
  return undefined;
}

export function summary(message) {
  const text = message.text ?? message.caption ?? serviceText(message);
  if (text) return text.replace(/\s+/g, " ");
  const kind = kindOf(message);
  return message.document?.file_name ?? t(kind ?? "unknownMessage");
}

/** What a message replies to; in a topic, what opened the topic is no reply. */
export function repliedMessage(message) {
  const replied = message.reply_to_message;
  return replied?.forum_topic_created ? undefined : replied;
}

function names(people) {
  return people.map((person) => person.first_name).join(", ");
}
