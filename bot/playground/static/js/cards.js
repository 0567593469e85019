/** What people share that is no file: places, contacts, polls, games. */

import { el, icon } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

/** `place` is a venue, or a location alone. */
export function drawPlace({ location, title, address }) {
  const { latitude, longitude, live_period: live } = location;
  const where = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const name = title ?? t(live ? "liveLocation" : "location");
  return card("pin", name, address ? `${address} · ${where}` : where, live ? "is-live" : "");
}

export function drawContact({ first_name: first, last_name: last, phone_number: phone }) {
  return card("person", [first, last].filter(Boolean).join(" "), phone);
}

export function drawPoll({ question, options }) {
  const rows = options.map(({ text }) => el("li", {}, text));
  return el("div", { class: "poll" }, el("b", {}, question), el("ul", {}, ...rows));
}

export function drawDice({ emoji, value }) {
  const label = `${t("dice")} ${emoji} ${value}`;
  const face = el("span", { class: "large-emoji", role: "img", "aria-label": label }, emoji);
  return el("span", { class: "dice" }, face, el("b", { "aria-hidden": "true" }, value));
}

function card(iconName, title, below, className = "") {
  const text = el("span", {}, el("b", {}, title), el("small", {}, below));
  return el("div", { class: `document ${className}`.trim() }, el("span", {}, icon(iconName)), text);
}
