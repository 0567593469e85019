/** A menu at a button or at the pointer: arrows move, Escape and a click beside it close. */

import { byId, el, icon } from "/static/js/dom.js";

const EDGE_PX = 8;

/**
 * Each item: {label, icon or face (a node), run, isDanger, isChecked}. `strip` are such items in a
 * row above, without words.
 */
export function openMenu({ items, strip = [], anchor, at }) {
  const menu = el("div", { class: "menu", role: "menu", popover: "auto" });
  const opener = anchor ?? document.activeElement;
  const draw = (item) => drawItem(item, () => menu.hidePopover());
  if (strip.length) menu.append(el("div", { class: "strip", role: "group" }, ...strip.map(draw)));
  menu.append(...items.map(draw));
  menu.addEventListener("keydown", (event) => move(menu, event));
  menu.addEventListener("toggle", ({ newState }) => {
    anchor?.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed") close(menu, opener);
  });
  byId("app").append(menu);
  menu.showPopover();
  place(menu, at ?? below(anchor, menu));
  menu.querySelector(":scope > button").focus();
}

function drawItem({ label, icon: iconName, face, run, isDanger, isChecked }, close) {
  const role = isChecked === undefined ? "menuitem" : "menuitemradio";
  const props = { type: "button", role, tabindex: "-1", "aria-checked": isChecked?.toString() };
  const button = el("button", props, face ?? icon(iconName), label && el("span", {}, label));
  button.classList.toggle("is-danger", isDanger === true);
  if (isChecked && label) button.append(icon("check", "tick"));
  button.addEventListener("click", () => {
    close();
    run();
  });
  return button;
}

function close(menu, opener) {
  const { activeElement: focused } = document;
  menu.remove();
  if (menu.contains(focused) || focused === document.body) opener?.focus();
}

function move(menu, event) {
  const buttons = [...menu.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const last = buttons.length - 1;
  const steps = { ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last };
  [steps.ArrowRight, steps.ArrowLeft] = [steps.ArrowDown, steps.ArrowUp];
  if (event.key === "Tab") menu.hidePopover();
  if (!(event.key in steps)) return;
  event.preventDefault();
  buttons.at(steps[event.key] % buttons.length).focus();
}

function below(anchor, menu) {
  const { right, bottom } = anchor.getBoundingClientRect();
  return { x: right - menu.offsetWidth, y: bottom + 4 };
}

/** Inside the window, whatever was asked. */
function place(menu, { x, y }) {
  const fit = (value, size, room) => Math.max(EDGE_PX, Math.min(value, room - size - EDGE_PX));
  menu.style.left = `${fit(x, menu.offsetWidth, innerWidth)}px`;
  menu.style.top = `${fit(y, menu.offsetHeight, innerHeight)}px`;
}
