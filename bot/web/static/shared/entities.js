/** A text and its entities (core.telegram.org/bots/api#messageentity) as DOM nodes.
 *
 * Offsets count UTF-16 units, as JavaScript's strings do.
 */

import { el } from "./dom.js";

const SAFE_SCHEMES = ["http:", "https:", "mailto:", "tel:", "tg:"];
const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/**
 * `actions` are for what can be pressed: command(text), copy(text), and opens(address), which
 * answers what opens a link or an @name without leaving the page, or null; where a block of code is
 * coloured, also paint(language, text), which answers its lines. `words`: copy, spoiler.
 */
export function renderText(text, entities, { actions, words }) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span({ text, actions, words }, sorted, 0, text.length);
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

function wrap(entity, content, { actions, words }) {
  const plain = content.textContent;
  switch (entity.type) {
    case "pre":
      return block(entity.language, content, actions);
    case "code":
      return code(content, () => actions.copy(plain), words.copy);
    case "spoiler":
      return spoiler(content, words.spoiler);
    case "text_link":
      return link(entity.url, content, actions);
    case "url":
      return link(withScheme(plain), content, actions);
    case "mention":
      return mention(plain, content, actions);
    case "email":
      return link(`mailto:${plain}`, content, actions);
    case "phone_number":
      return link(`tel:${plain.replace(/[^\d+]/g, "")}`, content, actions);
    case "bot_command":
      return command(content, () => actions.command(plain));
    default:
      return el(TAGS[entity.type] ?? "span", { class: entity.type }, content);
  }
}

function command(content, onclick) {
  return el("button", { class: "command", type: "button", onclick }, content);
}

const withScheme = (text) => (/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);

function mention(name, content, actions) {
  const open = actions.opens(name);
  return open ? command(content, open) : el("span", { class: "mention" }, content);
}

/** A link that stays on the page; its address can be copied all the same. */
function innerLink(href, content, open) {
  const onclick = (event) => {
    event.preventDefault();
    open();
  };
  return el("a", { href, onclick }, content);
}

function link(url, content, actions) {
  const open = actions.opens(url);
  if (open) return innerLink(url, content, open);
  const isSafe = URL.canParse(url) && SAFE_SCHEMES.includes(new URL(url).protocol);
  if (!isSafe) return el("span", {}, content);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, content);
}

/** A press copies it, as in Telegram's own clients. */
function code(content, onclick, title) {
  return el("code", { title, onclick }, content);
}

/** Code scrolls inside its frame. */
function block(language, content, actions) {
  const lines = actions.paint?.(language, content.textContent) ?? [content];
  const props = { "data-language": language, tabindex: "0" };
  return el("pre", props, el("code", {}, ...lines));
}

function spoiler(content, label) {
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
