/** Short notes that go away by themselves. */

import { Refused } from "/static/js/api.js";
import { byId, el } from "/static/js/dom.js";

const SHORTEST_MS = 2_500;
const MS_PER_CHARACTER = 60;

export function toast(text) {
  const [toasts, note] = [byId("toasts"), el("div", { class: "toast" }, text)];
  toasts.hidePopover();
  toasts.showPopover(); // anew: a dialog may have been opened over it
  toasts.append(note);
  setTimeout(() => {
    note.remove();
    if (!toasts.childElementCount) toasts.hidePopover();
  }, SHORTEST_MS + text.length * MS_PER_CHARACTER);
}

/** Run a call of the API and show its refusal; answers whether it succeeded. */
export async function attempt(call) {
  try {
    await call();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
    return false;
  }
}
