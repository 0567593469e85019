/** What one sends, in the order in which it was sent. */

import * as api from "/static/js/api.js";
import { inParts } from "/static/js/parts.js";
import { attempt } from "/static/js/toasts.js";

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
    let reply = mode && { reply_to_message_id: mode.message.message_id };
    const send = async (part) => {
      if (isEdit) return api.edit(chat.id, mode.message.message_id, { bot: bot.id, text });
      const message = await api.write(chat.id, { bot: bot.id, from, text: part, topic, ...reply });
      reply = null; // the first part alone answers
      this.store.put(chat.key, message);
    };
    return this.#inOrder(parts, send);
  }

  /** `files` are {kind, file}; `replied` the message that they answer. Throws a refusal. */
  async sendFiles(files, caption, replied) {
    const { chosen: chat, bot, topic } = this.store;
    const form = new FormData();
    const place = { bot: bot.id, from: this.store.persona(chat)?.id, topic };
    const fields = { ...place, caption, reply_to_message_id: replied?.message_id };
    for (const [name, value] of Object.entries(fields)) if (value != null) form.append(name, value);
    for (const { kind, file } of files) form.append(kind, file);
    for (const message of await api.sendFiles(chat.id, form)) this.store.put(chat.key, message);
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
