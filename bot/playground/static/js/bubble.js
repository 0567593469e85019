/** One message as a row of the conversation. */

import { avatar, dress, el, icon } from "/static/js/dom.js";
import { renderText } from "/static/js/entities.js";
import { drawAttached } from "/static/js/files.js";
import { day, t, time } from "/static/js/i18n.js";
import { drawButtons } from "/static/js/inlineButtons.js";
import { forwardedFrom, isTile, repliedMessage, serviceText, summary } from "/static/js/messages.js";
import { drawReactions } from "/static/js/reactions.js";

/**
 * `isOwn`: the persona wrote it; `hasFaces`: in a group, others show who they are. `actions` are
 * what one can do with it: command(text), press(message, button, node), menu(message, place),
 * find(messageId), knowsBot(username), openBot(link), mine(message), react(message, emoji).
 */
export function drawRow(message, { isOwn, hasFaces, actions }) {
  const row = el("article", { class: "row", tabindex: "-1", "data-id": message.message_id });
  row.append(el("span", { class: "day" }, day(message.date)));
  const service = serviceText(message);
  if (service) {
    row.append(drawService(message, service, actions));
    return row;
  }
  row.classList.toggle("is-own", isOwn);
  row.classList.toggle("with-faces", hasFaces && !isOwn);
  row.classList.toggle("is-tile", Boolean(isTile(message)));
  row.append(el("span", { class: "visually-hidden" }, `${message.from.first_name}: `));
  if (hasFaces && !isOwn) row.append(avatar(message.from.id, message.from.first_name, "small"));
  row.append(drawBody(message, { hasFaces: hasFaces && !isOwn, actions }));
  return row;
}

/** What Telegram itself says; a bot that was created can be opened. */
function drawService(message, text, actions) {
  const made = message.managed_bot_created?.bot;
  if (made === undefined) return el("span", { class: "service" }, text);
  const onclick = () => actions.openBot({ username: made.username, payload: null });
  return el("button", { class: "service", type: "button", onclick }, text);
}

function drawBody(message, { hasFaces, actions }) {
  const bubble = el("div", { class: "bubble" });
  if (hasFaces) bubble.append(el("span", { class: "sender" }, message.from.first_name));
  const origin = forwardedFrom(message);
  if (origin) bubble.append(el("span", { class: "origin" }, t("forwardedFrom", { name: origin })));
  bubble.append(...drawQuotes(message, actions));
  bubble.append(drawAttached(message) ?? "", drawText(message, actions), drawMeta(message));
  const keyboard = message.reply_markup?.inline_keyboard;
  const buttons = keyboard ? drawButtons(message, keyboard, actions) : null;
  const onPick = (emoji) => actions.react(message, emoji);
  const reactions = drawReactions(message, { mine: actions.mine(message), onPick });
  return el("div", { class: "body" }, bubble, drawMenuButton(message, actions), reactions, buttons);
}

function drawText(message, actions) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  const nodes = renderText(text, entities, actions);
  return el("span", { class: "text", dir: "auto" }, nodes);
}

function drawMeta(message) {
  const stamp = new Date(message.date * 1000).toISOString();
  const clock = el("time", { datetime: stamp }, time(message.date));
  return el("span", { class: "meta" }, message.edit_date ? `${t("edited")} ` : "", clock);
}

/** One tick: it was sent; two: the bot has read it. */
export function drawTicks(row, isRead) {
  const spoken = el("span", { class: "visually-hidden" }, t(isRead ? "read" : "sent"));
  const mark = icon(isRead ? "checks" : "check");
  const ticks = el("span", { class: `ticks ${isRead ? "is-read" : "is-sent"}` }, mark, spoken);
  row.querySelector(".ticks")?.remove();
  row.querySelector(".meta")?.append(ticks);
}

/** What it answers: here, or in another chat, from where nothing can be found here. */
function drawQuotes(message, actions) {
  const words = message.quote?.text;
  const replied = repliedMessage(message);
  if (replied) {
    const onclick = () => actions.find(replied.message_id);
    const who = el("b", {}, replied.from.first_name);
    const what = el("span", {}, words ?? summary(replied));
    return [el("button", { class: "quote", type: "button", onclick }, who, what)];
  }
  const elsewhere = message.external_reply;
  if (!elsewhere) return [];
  const who = el("b", {}, forwardedFrom({ forward_origin: elsewhere.origin }) ?? "");
  return [el("div", { class: "quote" }, who, el("span", {}, words ?? summary(elsewhere)))];
}

function drawMenuButton(message, actions) {
  const props = { class: "icon-button act", type: "button", tabindex: "-1", "aria-haspopup": "menu" };
  const button = el("button", props);
  button.addEventListener("click", () => actions.menu(message, { anchor: button }));
  dress(button, "more", t("actions"));
  return button;
}
