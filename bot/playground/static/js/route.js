/** The open chat stands in the address: reloading and the Back button do what they should. */

export function chatInAddress() {
  const id = Number(location.hash.slice(1));
  return Number.isSafeInteger(id) && id !== 0 ? id : null;
}

export function goTo(chatId) {
  location.hash = chatId === null ? "" : String(chatId);
}

export function startAt(chatId) {
  history.replaceState(null, "", `#${chatId}`);
}
