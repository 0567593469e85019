/** The dialog of a key that asks for a managed bot: its name and username, as Telegram asks. */

import * as api from "/static/js/api.js";
import { field, openDialog } from "/static/js/dialogs.js";
import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { toast } from "/static/js/toasts.js";

/** `request` is the key's request_managed_bot (core.telegram.org/bots/api#keyboardbutton). */
export function askForManagedBot(store, request) {
  const { chosen: chat, bot } = store;
  const given = (name, value) => ({ name, required: true, value: value ?? "" });
  const name = el("input", { ...given("name", request.suggested_name), maxlength: "64" });
  const username = el("input", { ...given("username", request.suggested_username), maxlength: "32" });
  openDialog({
    title: t("newBot"),
    content: [
      el("p", { class: "message" }, t("managedBy", { bot: bot.first_name })),
      field(t("botName"), name),
      field(t("botUsername"), username),
    ],
    submit: t("create"),
    onRefusal: (refusal) => toast(refusal.message),
    async onSubmit(form) {
      const wanted = { name: form.get("name").trim(), username: bare(form.get("username")) };
      await api.createManagedBot(chat.id, { bot: bot.id, request_id: request.request_id, ...wanted });
    },
  });
  name.select();
}

const bare = (username) => username.trim().replace(/^@/, "");
