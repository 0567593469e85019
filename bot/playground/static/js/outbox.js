/** What one sends, in the order in which it was sent. */

import * as api from "/static/js/api.js";
import { inParts } from "/static/shared/parts.js";
import { attempt } from "/static/js/toasts.js";

const MOST_IN_ALBUM = 10;

export class Outbox {
  #last = Promise.resolve();

  constructor(store) {
    this.store = store;
  }

  /** Send a text, or what `mode` makes of it; answers what of it did not go. */
  say(text, mode = null) {
    const { chosen: chat, bot, topic } = this.store;
    const isEdit = mode?.kind === "edit";
    const parts = isEdit ? [text] : inParts(text);
    const from = this.store.persona(chat)?.id;
    let reply = mode && answering(mode);
    const send = async (part) => {
      if (isEdit) return api.edit(chat.id, mode.message.message_id, { bot: bot.id, text });
      const message = await api.write(chat.id, { bot: bot.id, from, text: part, topic, ...reply });
      reply = null; // the first part alone answers
      this.store.put(chat.key, message);
    };
    return this.#inOrder(parts, send);
  }

  /**
   * `files` are {kind, file}, `details` what else is said of them, such as a caption; `mode` is what
   * they answer. Throws a refusal.
   */
  async sendFiles(files, details, mode) {
    const { chosen: chat } = this.store;
    let fields = { ...this.#place(), ...details, ...(mode && answering(mode)) };
    for (const album of inAlbums(files)) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) if (value != null) form.append(name, value);
      for (const { kind, file } of album) form.append(kind, file);
      for (const message of await api.sendFiles(chat.id, form)) this.store.put(chat.key, message);
      fields = this.#place(); // the first alone answers, and has the words
    }
  }

  /** Send what is neither text nor file. Throws a refusal. */
  async share(content, mode) {
    const { chosen: chat } = this.store;
    const body = { ...this.#place(), ...content, ...(mode && answering(mode)) };
    this.store.put(chat.key, await api.share(chat.id, body));
  }

  #place() {
    const { chosen: chat, bot, topic } = this.store;
    return { bot: bot.id, from: this.store.persona(chat)?.id, topic };
  }

  /** One after the other; behind one that does not go, none goes. */
  #inOrder(parts, send) {
    const unsent = [...parts];
    this.#last = this.#last.then(() =>
      attempt(async () => {
        for (; unsent.length; unsent.shift()) await send(unsent[0]);
      }),
    );
    return this.#last.then(() => unsent.join("\n"));
  }
}

function answering({ message, quote }) {
  return { reply_to_message_id: message.message_id, ...(quote && { quote }) };
}

/** Pictures and videos go together, documents too, the rest one by one. */
function inAlbums(files) {
  const albums = [];
  const sortOf = ({ kind }) => ({ photo: "seen", video: "seen" })[kind] ?? kind;
  for (const one of files) {
    const last = albums.at(-1);
    const fits = last && sortOf(last[0]) === sortOf(one) && last.length < MOST_IN_ALBUM;
    if (fits && ["seen", "document", "audio"].includes(sortOf(one))) last.push(one);
    else albums.push([one]);
  }
  return albums;
}
