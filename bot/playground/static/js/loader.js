/** Fetching everything: at the start, and again whenever the connection comes back. */

import * as api from "/static/js/api.js";
import { concerns } from "/static/js/people.js";

/** Answers the `seq` at which the events go on. */
export async function load(store) {
  const state = await api.state();
  store.replace(state);
  const open = state.chats.filter((chat) => concerns(chat, store.bot));
  await Promise.all(open.map((chat) => loadChat(store, chat.id)));
  return state.seq;
}

async function loadChat(store, chatId) {
  const botId = store.bot.id;
  const messages = await api.messages(chatId, botId);
  if (store.bot.id === botId) store.load(chatId, messages);
}
