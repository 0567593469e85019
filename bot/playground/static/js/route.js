/** The open chat stands in the address: reloading and the Back button do what they should. */

export const chatInAddress = () => location.hash.slice(1) || null;

export function goTo(key) {
  location.hash = key ?? "";
}

export function startAt(key) {
  history.replaceState(null, "", `#${key}`);
}
