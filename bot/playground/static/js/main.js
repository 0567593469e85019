/** Puts the page together. */

import * as api from "/static/js/api.js";
import { isBotFather } from "/static/js/bots.js";
import { Conversation } from "/static/js/conversation.js";
import { byId } from "/static/js/dom.js";
import { EventStream } from "/static/js/events.js";
import { buildField } from "/static/js/field.js";
import { Header } from "/static/js/header.js";
import { language } from "/static/js/i18n.js";
import { letOpenLinks, letStart } from "/static/js/linking.js";
import { ChatList, listed } from "/static/js/list.js";
import { load } from "/static/js/loader.js";
import { Outbox } from "/static/js/outbox.js";
import { chatInAddress, goTo, startAt } from "/static/js/route.js";
import * as shell from "/static/js/shell.js";
import { Store } from "/static/js/store.js";

const isWide = matchMedia("(width >= 720px)");
const about = await api.about();
const store = new Store(about);
const outbox = new Outbox(store);
const composer = buildField(store, outbox);
const list = new ChatList(byId("chats"), store);
new Header(store);
new Conversation({ store, composer, say: (text) => outbox.say(text) });

const stream = new EventStream({
  async load() {
    const seq = await load(store);
    if (store.chosen === null) openChat();
    return seq;
  },
  onEvent: (event) => store.take(event),
  onStatus: shell.showConnection(),
});
shell.dressPage(about);
shell.letChoosePersona(store);
shell.letChooseBot(store, (botId) => {
  store.showBot(botId);
  if (isWide.matches) goTo(firstChat());
});
shell.letAdd(store, async (key) => {
  await load(store);
  goTo(key);
});
letOpenLinks(store);
letStart(store, outbox);
store.on("stranger", () => stream.connect());

await stream.connect();
addEventListener("hashchange", openChat);
isWide.addEventListener("change", openChat);

/** Open the chat in the address; a wide window always shows one, a narrow one may show the list. */
function openChat() {
  if (!store.chats.has(chatInAddress()) && isWide.matches && store.chats.size) startAt(firstChat());
  const last = store.chosen?.key;
  const isKnown = store.chats.has(chatInAddress());
  byId("app").dataset.view = isKnown ? "conversation" : "list"; // first: what is hidden has no size
  store.choose(chatInAddress());
  if (store.chosen === null) list.focus(last);
  else if (store.starts.has(store.chosen.key)) byId("start").focus();
  else if (isWide.matches) composer.text.focus();
  else byId("log").focus();
}

/** The one a newcomer wants: a client's, of the page's language if there is one, with the company, not what is said to BotFather. */
function firstChat() {
  const chats = listed(store);
  const isCompanys = (chat) => !isBotFather(store.botOf(chat));
  const isClients = (chat) => isCompanys(chat) && !store.isAdmin(chat.id);
  const isMine = (chat) => isClients(chat) && store.people.get(chat.id)?.language_code === language;
  return (chats.find(isMine) ?? chats.find(isClients) ?? chats.find(isCompanys) ?? chats[0])?.key;
}
