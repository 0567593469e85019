/** What the server would not take: it can be tried again, or be given up. */

import { addStyles, byId, el } from "../shared/dom.js";
import { sayings } from "./sayings.js";

addStyles(`
  .failure { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 2px 4px; margin-top: 3px; font-size: 13.5px; line-height: 30px; color: var(--danger) }
  .failure button { padding: 0 8px; min-height: 30px; border-radius: 8px; font-weight: 600; text-decoration: underline; text-underline-offset: 2px }`);

const told = new Set(); // the messages whose refusal was said aloud

/** Under its row. */
export function drawRefusal(row, { id, refusal }, { chat, speech }) {
  const words = sayings(speech.words);
  const button = (label, act) => {
    const onclick = () => {
      act();
      told.delete(id);
      chat.dispatchEvent(new CustomEvent("queue")); // it is drawn anew
      byId("text").focus(); // what was pressed is gone
    };
    return el("button", { type: "button", onclick }, label);
  };
  const failure = el("div", { class: "failure" }, el("span", {}, words[refusal]));
  if (refusal !== "filesLost") failure.append(button(words.retry, () => chat.outbox.retry(id)));
  failure.append(button(words.discard, () => chat.outbox.remove(id)));
  row.querySelector(".body").append(failure);
  if (!told.has(id)) byId("alarm").textContent = words.failedAloud;
  told.add(id);
}
