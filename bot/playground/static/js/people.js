/** Who is in a chat, and whose chat it is. */

export const isPrivate = (chat) => chat.type === "private";

/** The private chat of someone who has not written yet. */
export function unopenedChat({ id, first_name }) {
  return { id, type: "private", title: first_name, members: [], topics: [], blocked: false };
}

export function insiders(chat) {
  const isInside = ({ status }) => status !== "left" && status !== "kicked";
  return chat.members.filter(isInside).map(({ id }) => id);
}

export function concerns(chat, bot) {
  if (bot === null || chat.moved_to) return false;
  return isPrivate(chat) ? chat.bot === bot.id : insiders(chat).includes(bot.id);
}

export function rank(chat, personId) {
  return chat.members.find(({ id }) => id === personId)?.status ?? "member";
}
