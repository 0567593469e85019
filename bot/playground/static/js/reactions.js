/** Emoji on messages: those that one can put, and those that stand there. */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

export const REACTIONS = ["👍", "👎", "❤", "🔥", "👏", "😁", "🤔", "🙏"];

/** Under a bubble; a press on one puts it, or takes one's own away. Null where there are none. */
export function drawReactions(message, { mine, onPick }) {
  const counts = new Map();
  for (const emoji of Object.values(message.reactions ?? {}))
    counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  if (!counts.size) return null;
  const chips = [...counts].map(([emoji, count]) => {
    const props = { type: "button", "aria-pressed": String(emoji === mine) };
    const label = `${t("reaction")} ${emoji} ${count}`;
    const onclick = () => onPick(emoji === mine ? "" : emoji);
    return el("button", { ...props, "aria-label": label, onclick }, emoji, count > 1 ? ` ${count}` : "");
  });
  return el("div", { class: "reactions" }, ...chips);
}
