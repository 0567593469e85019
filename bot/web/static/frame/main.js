/** Puts the chat together, once the page around it has said who it is. */

import { byId, el, name } from "../shared/dom.js";
import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { meet } from "./host.js";
import { icon } from "./icons.js";
import { Log } from "./log.js";
import { Speech } from "./speech.js";

const site = JSON.parse(byId("site").textContent);
const [host, { default: words }] = await Promise.all([meet(site), import(`./texts/${site.words}.js`)]);
const speech = new Speech(words, site.language);
const { company } = site;
const chat = new Chat({ api: new Api(site), host, language: site.language });
let identity = null; // its module, once the page says who is here
let offers = null; // theirs, once there is a conversation
await heed();
const log = new Log({
  chat,
  speech,
  company,
  onShown: look,
  actions: {
    command: (text) => chat.outbox.add(text),
    press: (message, key) => chat.press(message, key),
    copy(text) {
      const isCopied = () => (byId("news").textContent = speech.say("copied"));
      navigator.clipboard?.writeText(text).then(isCopied, () => {}); // the page may forbid it
    },
  },
});
const composer = new Composer({
  speech,
  draft: host.draft,
  send(text, files) {
    chat.outbox.add(text, null, files);
    log.toEnd();
  },
  onDraft: (draft) => host.tell({ draft }),
});

dress();
adapt();
host.addEventListener("left", () => composer.clear());
host.addEventListener("news", ({ detail }) => {
  adapt();
  if (detail.shown) requestAnimationFrame(enter); // nothing takes the focus before it is drawn
  heed();
});
for (const topic of ["typing", "connected"]) chat.addEventListener(topic, showState);
chat.addEventListener("unread", look);
for (const topic of ["all", "message"]) chat.addEventListener(topic, accompany);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) chat.again();
  look();
});
document.addEventListener("keydown", ({ key, isComposing }) => {
  if (key === "Escape" && !isComposing) host.tell({ close: true });
  if (key === "Tab") byId("log").classList.add("is-reached"); // by keys, on a touch screen too
});
log.show();
chat.start();
host.tell({ ready: true });

function dress() {
  byId("close").append(icon("close"));
  name(byId("close"), speech.say("close"));
  byId("close").addEventListener("click", () => host.tell({ close: true }));
  byId("down").append(icon("down"));
  name(byId("down"), speech.say("toTheEnd"));
  byId("role").textContent = speech.say("assistant");
  byId("log").setAttribute("aria-label", speech.say("conversation"));
  byId("earlier").textContent = speech.say("earlier");
  byId("typing").append(el("span", { class: "visually-hidden" }, speech.say("typing", { company })));
}

/** As the page around it is: dark or light, to the left or to the right. */
function adapt() {
  const { style } = document.documentElement;
  style.colorScheme = host.theme;
  style.setProperty("--accent", site.accent);
  style.setProperty("--on-accent", site.ink);
  document.documentElement.dir = host.dir;
}

async function heed() {
  if (host.who === undefined || identity) return;
  identity = import("../later/identity.js");
  chat.identity = new (await identity).Identity(chat);
}

async function accompany() {
  if (offers || !chat.all.length) return;
  offers = import("../later/offers.js").catch(() => (offers = null)); // offline: with the next message
  (await offers)?.offer({ chat, host, speech, telegram: site.telegram });
}

/** It was opened: on a touch screen no keyboard jumps up unasked. */
function enter() {
  const isTouched = matchMedia("(pointer: coarse)").matches;
  (isTouched ? byId("log") : byId("text")).focus({ preventScroll: true });
  log.toEnd();
  look();
  chat.again();
}

function showState() {
  byId("typing").hidden = !chat.isTyping;
  const state = chat.isClosed ? "closed" : chat.isConnected ? null : "offline";
  byId("state").textContent = state ? speech.say(state) : "";
  if (log.isAtEnd) log.toEnd();
}

/** What is in sight was seen; the button counts the rest. */
function look() {
  if (host.shown && !document.hidden && log.isAtEnd) chat.see();
  host.tell({ unread: host.shown && !document.hidden ? 0 : chat.unread });
}
