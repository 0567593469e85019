/** Links to bots: opening one leads to the person's chat with that bot, where Start waits. */

import { botNamed } from "/static/js/bots.js";
import { field, openDialog } from "/static/js/dialogs.js";
import { byId, dress, el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { botLink } from "/static/js/links.js";
import { keyOf } from "/static/js/people.js";
import { goTo } from "/static/js/route.js";
import { toast } from "/static/js/toasts.js";

/** Open `link` ({username, payload}) as that person. */
export function openBotLink(store, { username, payload }, personId) {
  const bot = botNamed(store.bots, username);
  if (bot === undefined) return toast(t("noSuchBot", { username }));
  const key = keyOf(bot.id, personId);
  store.showBot(null);
  if (payload !== null) store.starts.offer(key, payload);
  goTo(key);
}

/** The button above the list: any link, as anyone. */
export function letOpenLinks(store) {
  dress(byId("open-link"), "link", t("openLink"));
  byId("open-link").addEventListener("click", () => askForLink(store));
}

/** Ask which link (`value`, if it is known already) to open, and as whom. */
export function askForLink(store, value) {
  const props = { name: "link", required: true, placeholder: "https://t.me/…", value };
  const address = el("input", props);
  openDialog({
    title: t("openLink"),
    content: [field(t("link"), address), field(t("openAs"), people(store))],
    submit: t("open"),
    onRefusal: (refusal) => toast(refusal.message),
    onSubmit(form) {
      const link = botLink(form.get("link").trim());
      if (link === null) throw new Error(t("noBotLink"));
      openBotLink(store, link, Number(form.get("person")));
    },
  });
}

function people(store) {
  const present = [...store.people.values()].filter((person) => !person.is_deactivated);
  const chosen = store.chosen && store.persona(store.chosen);
  const option = ({ id, first_name: name }) =>
    el("option", { value: id, selected: id === chosen?.id }, name);
  return el("select", { name: "person" }, ...present.map(option));
}

/** The button that takes the field's place until the bot was started. */
export function letStart(store, outbox) {
  byId("start").append(t("start"));
  byId("start").addEventListener("click", async () => {
    const { key } = store.chosen;
    if (!(await outbox.say(store.starts.textOf(key)))) store.starts.end(key);
    byId("text").focus();
  });
}
