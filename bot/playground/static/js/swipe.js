/** A message that is swept aside with a finger is answered. */

const FAR_PX = 56;
const STEEP = 1.5; // as much wider than high: else somebody scrolls

/** `reply(message)` answers one of the rows in `root`. */
export function listenToSwipes({ root, reply }) {
  let start = null;
  const end = () => {
    start?.body.style.removeProperty("translate");
    start = null;
  };
  root.addEventListener("touchstart", ({ target, touches: [touch] }) => {
    const row = target.closest(".row");
    const body = row?.querySelector(".body");
    start = body ? { row, body, x: touch.clientX, y: touch.clientY, far: 0 } : null;
  }, { passive: true });
  root.addEventListener("touchmove", ({ touches: [touch] }) => {
    if (start === null) return;
    const [across, down] = [touch.clientX - start.x, Math.abs(touch.clientY - start.y)];
    start.far = across < 0 && -across > down * STEEP ? Math.min(-across, FAR_PX * 1.2) : 0;
    start.body.style.translate = `${-start.far}px`;
  }, { passive: true });
  root.addEventListener("touchend", () => {
    if (start && start.far >= FAR_PX) reply(start.row.message);
    end();
  });
  root.addEventListener("touchcancel", end);
}
