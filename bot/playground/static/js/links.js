/** Links of Telegram's own (core.telegram.org/api/links): those that lead to a bot stay here. */

const HOSTS = ["t.me", "www.t.me", "telegram.me", "telegram.dog"];

/** {username, payload} of a link to a bot; null for any other link. `payload` may be null. */
export function botLink(address) {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
  const username = url && usernameOf(url);
  if (!username || !/^\w{4,32}$/.test(username)) return null;
  const payload = url.searchParams.get("start");
  return { username, payload: /^[\w-]{1,64}$/.test(payload ?? "") ? payload : null };
}

/** The address of the first link to a bot in a message; undefined when there is none. */
export function botLinkIn(message) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const addresses = entities.map(({ type, url, offset, length }) =>
    type === "url" ? text.slice(offset, offset + length) : url);
  return addresses.find((address) => address && botLink(address));
}

function usernameOf(url) {
  if (url.protocol === "tg:") return url.host === "resolve" && url.searchParams.get("domain");
  return HOSTS.includes(url.hostname) && url.pathname.replace(/^\/|\/$/g, "");
}
