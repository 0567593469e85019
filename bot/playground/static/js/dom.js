/** Elements as the page has them. */

import { el, name } from "/static/shared/dom.js";

export { byId, el, name } from "/static/shared/dom.js";

const SVG = "http://www.w3.org/2000/svg";

export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Give a button an icon, and the name that screen readers and the tooltip say. */
export function dress(button, iconName, label) {
  button.replaceChildren(icon(iconName));
  name(button, label);
}

const HUES = 7;

export function avatar(key, title, className = "") {
  const classes = `avatar hue-${Math.abs(key) % HUES} ${className}`.trim();
  return el("span", { class: classes, "aria-hidden": "true" }, initials(title));
}

function initials(title) {
  const words = title.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.map((word) => word.match(/[\p{L}\p{N}]/u)[0]);
  return (letters.length > 1 ? letters[0] + letters.at(-1) : letters[0] ?? "?").toUpperCase();
}
