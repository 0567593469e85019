/** How long one waits before one asks again. */

const LONGEST_MS = 30_000;

/** {over, end}: longer with each failure in a row, and never the same for all browsers. */
export function pauseAfter(failures, firstMs = 2_000) {
  const longest = Math.min(firstMs * 2 ** Math.max(0, failures - 1), LONGEST_MS);
  const delay = failures ? longest * (0.5 + Math.random() / 2) : Math.random() * 300;
  let end;
  const over = new Promise((resolve) => {
    end = resolve;
    setTimeout(resolve, delay);
    addEventListener("online", resolve, { once: true });
  });
  return { over, end };
}
