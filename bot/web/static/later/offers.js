/** When something is offered beside talking: loaded once there is a conversation. */

import { byId, el, name } from "../shared/dom.js";
import { icon } from "../frame/icons.js";
import { WORDS } from "./words.js";

const PLANE = "M21 4L3 11l6 2.5M21 4l-3 16-9-6.5M21 4L9 13.5V19l3-3.4";
const LONG_MS = 20_000; // without an answer: perhaps they would rather leave
const QUIET_MS = 600_000; // behind an answer
const LOOK_MS = 60_000; // until it is looked again whether they are there

/** `telegram`: whether the company can be reached there. */
export function offer({ chat, host, speech, telegram }) {
  const draw = async (what) => (await import("./panel.js"))[what](chat, speech.words.language);
  const onward = el("button", { id: "onward", type: "button", hidden: true, onclick: () => draw("leave") });
  const isThere = () => host.shown && !document.hidden && !byId("text").value;
  let [long, quiet] = [];

  /** Once in a conversation, and never into what is being written. */
  const ask = (after) => {
    const { chat: mine } = chat.session;
    if (host.kept.get("asked") === mine) return;
    quiet = setTimeout(() => {
      if (!isThere()) return ask(LOOK_MS);
      host.keep("asked", mine);
      draw("rate");
    }, after);
  };
  const follow = () => {
    const last = chat.all.at(-1);
    onward.hidden = !(telegram && last);
    clearTimeout(quiet);
    if (last?.from === "assistant" && !chat.outbox.all.length) ask(QUIET_MS);
    if (last?.from === "notice") return; // is no answer
    clearTimeout(long);
    if (telegram && last?.from === "client") {
      long = setTimeout(() => chat.isTyping && draw("suggest"), LONG_MS);
    }
  };

  onward.append(icon(PLANE));
  name(onward, WORDS[speech.words.language].onward);
  byId("close").before(onward);
  for (const topic of ["all", "message", "queue"]) chat.addEventListener(topic, follow);
  follow();
}
