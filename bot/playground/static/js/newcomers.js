/** Adding a client or a group. */

import * as api from "/static/js/api.js";
import { mainBot } from "/static/js/bots.js";
import { el } from "/static/js/dom.js";
import { field, openDialog } from "/static/js/dialogs.js";
import { language, languageName, t } from "/static/js/i18n.js";
import { keyOf } from "/static/js/people.js";
import { toast } from "/static/js/toasts.js";

const LANGUAGES = ["it", "en", "ru", "de", "fr", "es", "pt", "uk", "zh"];
const NAMES = {
  it: ["Chiara Ricci", "Luca Moretti", "Sofia Greco", "Paolo Conti"],
  en: ["Emma Clarke", "James Cooper", "Olivia Reed", "Henry Walsh"],
  ru: ["Анна Соколова", "Иван Морозов", "Мария Орлова", "Павел Волков"],
};

/** The name is suggested, so that two clicks are enough. `onAdded` gets the new chat's key. */
export function askForClient(store, onAdded) {
  const props = { name: "name", required: true, maxlength: "64", value: unusedName(store) };
  const name = el("input", props);
  openDialog({
    title: t("newClient"),
    content: [field(t("name"), name), field(t("language"), languages(store.about.language))],
    submit: t("addClient"),
    onRefusal: (refusal) => toast(refusal.message),
    async onSubmit(form) {
      const person = { first_name: form.get("name").trim(), language_code: form.get("language") };
      await onAdded(keyOf(botId(store), (await api.addPerson(person)).id));
    },
  });
  name.select();
}

export function askForGroup(store, onAdded) {
  const title = el("input", { name: "title", required: true, maxlength: "128" });
  const topics = el("input", { name: "topics" });
  openDialog({
    title: t("newGroup"),
    content: [field(t("title"), title), people(store), field(t("topics"), topics)],
    submit: t("create"),
    onRefusal: (refusal) => toast(refusal.message),
    async onSubmit(form) {
      const { id } = await api.addGroup(describeGroup(form, botId(store)));
      await onAdded(keyOf(botId(store), id));
    },
  });
}

/** The bot whose chats the list shows, else the one that the playground is about. */
function botId(store) {
  return store.shownBotId ?? mainBot(store.bots)?.id;
}

/** The first of the members creates the group; topics need a supergroup. */
function describeGroup(form, botId) {
  const topics = form.get("topics").split(",").map((topic) => topic.trim()).filter(Boolean);
  const members = [...form.getAll("member").map(Number), botId];
  const type = topics.length ? "supergroup" : "group";
  return { title: form.get("title").trim(), type, members, topics };
}

function unusedName(store) {
  const used = new Set([...store.people.values()].map((person) => person.first_name));
  const names = NAMES[store.about.language] ?? NAMES[language];
  return names.find((name) => !used.has(name)) ?? "";
}

function languages(chosen) {
  const option = (code) =>
    el("option", { value: code, selected: code === chosen }, languageName(code));
  return el("select", { name: "language" }, ...LANGUAGES.map(option));
}

function people(store) {
  const props = { type: "checkbox", name: "member", checked: true };
  const box = ({ id, first_name: name }) =>
    el("label", { class: "option" }, el("input", { ...props, value: id }), name);
  const boxes = el("div", { class: "members" }, ...[...store.people.values()].map(box));
  return el("fieldset", {}, el("legend", {}, t("members")), boxes);
}
