/** What stands around the chats: the notice, the theme, adding, choosing who one is. */

import { avatar, byId, dress, el, name } from "/static/js/dom.js";
import { language, t } from "/static/js/i18n.js";
import { openMenu } from "/static/js/menu.js";
import { askForClient, askForGroup } from "/static/js/newcomers.js";
import { isDark, onThemeChange, toggleTheme } from "/static/js/theme.js";

const BACK_AGAIN_MS = 2_500;

export function dressPage(about) {
  document.documentElement.lang = language;
  const isOffline = about.model === "offline";
  const notice = isOffline ? t("noticeOffline") : t("noticeModel", { model: about.model });
  byId("notice-text").textContent = notice;
  byId("honest").textContent = notice;
  const facts = [about.company, about.database, about.version];
  byId("notice-facts").textContent = facts.filter(Boolean).join(" · ");
  showShop(about.shop);
  byId("chats-nav").setAttribute("aria-label", t("chats"));
  name(byId("bot-choice"), t("bot"));
  dressThemeToggle();
}

/** Where a company has a web page here, its chat can be seen on it. */
function showShop(address) {
  const link = byId("shop");
  link.textContent = t("onWebPage");
  link.hidden = !address;
  if (address) link.href = address;
}

function dressThemeToggle() {
  const toggle = byId("theme-toggle");
  const draw = () => {
    if (isDark()) dress(toggle, "sun", t("lightTheme"));
    else dress(toggle, "moon", t("darkTheme"));
  };
  toggle.addEventListener("click", () => {
    toggleTheme();
    draw();
  });
  onThemeChange(draw);
  draw();
}

/** `onAdded` gets the key of the new client's or group's chat. */
export function letAdd(store, onAdded) {
  dress(byId("add-client"), "plus", t("newClient"));
  dress(byId("add-group"), "group", t("newGroup"));
  byId("add-client").addEventListener("click", () => askForClient(store, onAdded));
  byId("add-group").addEventListener("click", () => askForGroup(store, onAdded));
}

/** Whose chats the list shows; only where there is more than one bot. */
export function letChooseBot(store, onChosen) {
  const choice = byId("bot-choice");
  choice.addEventListener("change", () => onChosen(Number(choice.value) || null));
  const draw = () => {
    const option = ({ id, first_name: name, username }) =>
      el("option", { value: id, selected: id === store.shownBotId }, `${name} · @${username}`);
    byId("side-tools").hidden = store.bots.length < 2;
    choice.replaceChildren(el("option", { value: "" }, t("allBots")), ...store.bots.map(option));
  };
  for (const topic of ["chosen", "chat"]) store.on(topic, draw);
}

/** In a group one can write as any of its people. */
export function letChoosePersona(store) {
  const button = byId("persona");
  const draw = () => {
    const person = store.chosen && store.persona(store.chosen);
    button.hidden = !person || store.peopleIn(store.chosen).length < 2;
    if (button.hidden) return;
    button.replaceChildren(avatar(person.id, person.first_name));
    name(button, t("writeAs", { name: person.first_name }));
  };
  for (const topic of ["chosen", "chat"]) store.on(topic, draw);
  button.addEventListener("click", () => openMenu({ items: personaItems(store), anchor: button }));
}

function personaItems(store) {
  const { chosen } = store;
  return store.peopleIn(chosen).map((person) => ({
    label: person.first_name,
    face: avatar(person.id, person.first_name),
    isChecked: person === store.persona(chosen),
    run: () => store.setPersona(chosen, person.id),
  }));
}

export function showConnection() {
  const banner = byId("connection");
  let wasLost = false;
  return (isConnected) => {
    banner.classList.toggle("is-back", isConnected);
    if (!isConnected) banner.textContent = t("connectionLost");
    else if (wasLost) {
      banner.textContent = t("connectionBack");
      setTimeout(() => wasLost || banner.replaceChildren(), BACK_AGAIN_MS);
    }
    wasLost = !isConnected;
  };
}
