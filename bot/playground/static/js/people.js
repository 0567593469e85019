/** Who is in a chat, and whose chat it is. A chat is known by its bot and its own id. */

export const isPrivate = (chat) => chat.type === "private";

export const keyOf = (botId, chatId) => `${botId ?? 0}/${chatId}`;

/** The private chat of someone who has not written to the bot yet. */
export function unopenedChat({ id, first_name: title }, bot) {
  const nothing = { members: [], topics: [], blocked: false, isUnopened: true };
  return { id, type: "private", title, bot: bot?.id ?? null, key: keyOf(bot?.id, id), ...nothing };
}

/** A chat as each of its bots sees it: a private one has one bot, a group may have several. */
export function views(chat, bots) {
  if (chat.moved_to) return [];
  const inside = isPrivate(chat) ? [chat.bot] : insiders(chat);
  const here = bots.filter(({ id }) => inside.includes(id));
  return here.map(({ id }) => ({ ...chat, bot: id, key: keyOf(id, chat.id) }));
}

/** The chats that an event is about: in a supergroup all bots see the same messages. */
export function keysOf({ type, bot, chat_id: id }, chats) {
  const shared = [...chats].filter((chat) => chat.id === id && chat.type === "supergroup");
  return type === "typing" || !shared.length ? [keyOf(bot, id)] : shared.map(({ key }) => key);
}

export function insiders(chat) {
  const isInside = ({ status }) => status !== "left" && status !== "kicked";
  return chat.members.filter(isInside).map(({ id }) => id);
}

export function rank(chat, personId) {
  return chat.members.find(({ id }) => id === personId)?.status ?? "member";
}
