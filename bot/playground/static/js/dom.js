/** Elements without markup: strings become text nodes, so content is never parsed as HTML. */

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export const byId = (id) => document.getElementById(id);

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

export function name(node, label) {
  node.setAttribute("aria-label", label);
  node.title = label;
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
