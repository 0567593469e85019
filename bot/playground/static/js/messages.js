/** What a message says about itself, in a line. */

import { t } from "/static/js/i18n.js";

/** A GIF is a document as well, and a venue a location: first come, first named. */
const FILES = ["photo", "animation", "video", "video_note", "voice", "audio", "document", "sticker"];
const OTHERS = ["venue", "location", "contact", "poll", "dice"];

export const kindOf = (message) => [...FILES, ...OTHERS].find((kind) => kind in message);

/** Whether it stands beside others of its album. */
export const isTile = (message) => message.media_group_id && (message.photo || message.video);

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
  if (kind === "sticker") return `${message.sticker.emoji ?? ""} ${t(kind)}`.trim();
  if (kind === "location" && message.location.live_period) return t("liveLocation");
  return message.document?.file_name ?? message.venue?.title ?? t(kind ?? "unknownMessage");
}

/** What a message replies to; in a topic, what opened the topic is no reply. */
export function repliedMessage(message) {
  const replied = message.reply_to_message;
  return replied?.forum_topic_created ? undefined : replied;
}

/** Whose message it was, before it was forwarded. */
export function forwardedFrom({ forward_origin: origin }) {
  const named = origin?.sender_user ?? origin?.chat ?? origin?.sender_chat;
  return origin?.sender_user_name ?? named?.first_name ?? named?.title;
}

function names(people) {
  return people.map((person) => person.first_name).join(", ");
}
