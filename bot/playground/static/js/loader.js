/** Fetching everything: at the start, and again whenever the connection comes back. */

import * as api from "/static/js/api.js";
import { views } from "/static/js/people.js";

/** Answers the `seq` at which the events go on. */
export async function load(store) {
  const state = await api.state();
  store.replace(state);
  const open = state.chats.flatMap((chat) => views(chat, state.bots));
  await Promise.all(open.map(async ({ key, id, bot }) => {
    store.load(key, await api.messages(id, bot));
  }));
  return state.seq;
}
