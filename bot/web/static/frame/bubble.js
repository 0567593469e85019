/** One message as a row of the conversation. */

import { el } from "../shared/dom.js";
import { renderText } from "../shared/entities.js";
import { icon } from "./icons.js";

/**
 * `actions` are what one can do with it: command(text), copy(text), press(message, key). `speech`
 * says everything else; `company` is who answers.
 */
export function drawRow(message, { speech, company, actions, chat }) {
  const row = el("div", { class: `row is-${message.from}` });
  row.message = message;
  const author = authorOf(message.from, { speech, company });
  row.append(
    el("span", { class: "day" }, speech.day(message.at)),
    el("span", { class: "visually-hidden" }, `${author}: `),
    drawBody(message, { speech, author, actions, files: chat.outbox.files.get(message.id) }),
  );
  return row;
}

function authorOf(from, { speech, company }) {
  if (from === "client") return speech.say("you");
  if (from === "notice") return speech.say("notice");
  return from === "operator" ? speech.say("operator", { company }) : company;
}

function drawBody(message, { speech, author, actions, files }) {
  const words = { copy: speech.say("copy"), spoiler: speech.say("spoiler") };
  const outside = { ...actions, opens: () => null }; // every link leads elsewhere
  const nodes = renderText(message.text, message.entities, { actions: outside, words });
  const sender = message.from === "operator" ? el("span", { class: "sender" }, author) : null;
  const bubble = el("div", { class: "bubble" }, sender);
  for (const file of files ?? message.attachments ?? message.files ?? [])
    bubble.append(drawFile(file, speech), (message.isQueued && file.bar) || "");
  bubble.append(el("div", { class: "text", dir: "auto" }, nodes), drawMeta(message, speech));
  return el("div", { class: "body" }, bubble, drawKeys(message, actions));
}

/** A picture or a voice, where it is at hand; else what it is, and its name. */
export function drawFile({ kind, name, url, play }, speech) {
  const isVoice = kind === "audio" && /^\d+:\d\d$/.test(name); // what was recorded here is called so
  const alt = `${speech.say(isVoice ? "voice" : kind)} ${name}`;
  if (url) return el("img", { src: url, alt });
  const press = play && { type: "button", "aria-pressed": "false", onclick: play };
  const sign = icon(play ? "play" : isVoice ? "mic" : "clip");
  return el(play ? "button" : "span", { class: "file", ...press }, sign, alt);
}

function drawMeta({ at, isQueued, refusal }, speech) {
  if (refusal) return "";
  if (isQueued) return el("span", { class: "meta", title: speech.say("waiting") }, icon("clock"));
  const stamp = new Date(at * 1000).toISOString();
  return el("span", { class: "meta" }, el("time", { datetime: stamp, dir: "auto" }, speech.time(at)));
}

function drawKeys(message, actions) {
  if (!message.buttons?.length) return null;
  const draw = (key) => {
    const onclick = () => actions.press(message, key);
    return el("button", { class: "key", type: "button", disabled: key.isOver, onclick }, key.text);
  };
  return el("div", { class: "keys" }, ...message.buttons.map((row) => el("div", {}, ...row.map(draw))));
}
