/** A text and its entities (core.telegram.org/bots/api#messageentity) as DOM nodes.
 *
 * Offsets count UTF-16 units, as JavaScript's strings do.
 */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

const SAFE_SCHEMES = ["http:", "https:", "mailto:", "tel:"];
const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** `onCommand` is called with a bot command that was pressed. */
export function renderText(text, entities = [], { onCommand }) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span({ text, onCommand }, sorted, 0, text.length);
}

function span(context, entities, start, end) {
  const nodes = document.createDocumentFragment();
  let at = start;
  entities.forEach((entity, index) => {
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) return;
    nodes.append(context.text.slice(at, from));
    const inner = entities.slice(index + 1).filter((other) => other.offset < to);
    const node = wrap(entity, span(context, inner, from, to), context);
    nodes.append(node);
    const isBlock = /^(PRE|BLOCKQUOTE)$/.test(node.nodeName);
    at = isBlock && context.text[to] === "\n" ? to + 1 : to;
  });
  nodes.append(context.text.slice(at, Math.max(at, end)));
  return nodes;
}

function wrap(entity, content, { onCommand }) {
  const plain = content.textContent;
  switch (entity.type) {
    case "pre":
      return el("pre", { "data-language": entity.language }, el("code", {}, content));
    case "spoiler":
      return spoiler(content);
    case "text_link":
      return link(entity.url, content);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(plain) ? plain : `https://${plain}`, content);
    case "email":
      return link(`mailto:${plain}`, content);
    case "phone_number":
      return link(`tel:${plain.replace(/[^\d+]/g, "")}`, content);
    case "bot_command":
      return command(content, () => onCommand(plain));
    default:
      return el(TAGS[entity.type] ?? "span", { class: entity.type }, content);
  }
}

function command(content, onclick) {
  return el("button", { class: "command", type: "button", onclick }, content);
}

function link(url, content) {
  if (!SAFE_SCHEMES.includes(URL.parse(url)?.protocol)) return el("span", {}, content);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, content);
}

function spoiler(content) {
  const label = t("spoiler");
  const props = { class: "spoiler", role: "button", tabindex: "0", "aria-label": label };
  const node = el("span", props, content);
  const reveal = () => {
    node.classList.add("is-shown");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      reveal();
    }
  });
  return node;
}
