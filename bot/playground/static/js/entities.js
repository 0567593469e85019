/** A message's text as nodes: what leads to a bot opens here, as in Telegram's own clients. */

import { copy } from "/static/js/clipboard.js";
import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { botLink } from "/static/js/links.js";
import { renderText as render } from "/static/shared/entities.js";

/** `actions`: command(text), openBot(link) and knowsBot(username), for what can be pressed. */
export function renderText(text, entities, actions) {
  return render(text, entities, {
    actions: { command: actions.command, copy, paint, opens: (address) => opener(address, actions) },
    words: { copy: t("copy"), spoiler: t("spoiler") },
  });
}

/** The lines of a diff have colours. */
function paint(language, text) {
  if (language !== "diff") return null;
  const kinds = { "+": "added", "-": "removed", "@": "place" };
  return text.split(/(?<=\n)/).map((line) => el("span", { class: kinds[line[0]] }, line));
}

function opener(address, actions) {
  const link = address.startsWith("@") ? named(address.slice(1), actions) : botLink(address);
  return link && (() => actions.openBot(link));
}

const named = (username, actions) => (actions.knowsBot(username) ? { username, payload: null } : null);
