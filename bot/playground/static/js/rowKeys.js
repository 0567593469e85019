/** The conversation by keyboard and right click: arrows walk the messages, Enter opens a menu. */

/** `openMenu(message, {at})` opens a message's menu; `leave` goes back to the field. */
export function listenToRows({ root, openMenu, leave }) {
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (!takeKey(root, event, openMenu)) return;
    event.preventDefault();
  });
  root.addEventListener("contextmenu", (event) => {
    const row = event.target.closest(".row");
    const isForBrowser = event.target.closest("a, img") || !getSelection().isCollapsed;
    if (!row?.querySelector(".bubble") || isForBrowser) return;
    event.preventDefault();
    row.focus({ preventScroll: true });
    openMenu(row.message, { at: { x: event.clientX, y: event.clientY } });
  });
}

function takeKey(root, event, openMenu) {
  const rows = [...root.querySelectorAll(".row")];
  const at = rows.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== root) return false; // a button or link inside a row
  const last = rows.length - 1;
  const steps = { ArrowUp: at < 0 ? last : at - 1, ArrowDown: at + 1, Home: 0, End: last };
  const bubble = rows[at]?.querySelector(".bubble");
  if (event.key === "Enter" && bubble) {
    const { left, bottom } = bubble.getBoundingClientRect();
    openMenu(rows[at].message, { at: { x: left, y: bottom + 4 } });
    return true;
  }
  rows[steps[event.key]]?.focus();
  return rows[steps[event.key]] !== undefined;
}
