/** What the chat asks of the server. The token goes in a header, never in an address. */

export const ROOT = "../../"; // from v1/sites/KEY/frame

/** The server said no: `status`, `why`, after how many seconds one may ask again, and with which token one did. */
export class Refused extends Error {
  constructor(response, why, token) {
    super(`refused: ${response.status}`);
    this.status = response.status;
    this.why = why;
    this.token = token;
    this.retryAfter = Number(response.headers.get("retry-after")) || 0;
  }

  /** Whoever asks is not known, or may not ask; anything else may be a proxy's mistake. */
  get isFinal() {
    return this.status === 401 || this.status === 403;
  }
}

export class Api {
  constructor({ key }) {
    this.key = key;
  }

  end({ token }) {
    return this.ask("session", { token, method: "DELETE" });
  }

  page({ chat, token }, before) {
    const rest = before === undefined ? "" : `&before=${before}`;
    return this.ask(`chats/${chat}/messages?limit=50${rest}`, { token });
  }

  /** Say something in the chat, or about it: `what` is the last part of the address. */
  post({ chat, token }, what, body) {
    return this.ask(`chats/${chat}/${what}`, { token, body });
  }

  /** What came after a number: a stream of events, or as JSON what is there or comes within `wait` seconds. */
  events({ chat, token }, after, { live, wait, signal }) {
    const accept = live ? "text/event-stream" : "application/json";
    const headers = live ? { "Last-Event-ID": after } : {};
    const path = `chats/${chat}/events?after=${after}${live ? "" : `&wait=${wait}`}`;
    return this.#send(path, { token, headers: { accept, ...headers }, signal });
  }

  async ask(path, how) {
    const response = await this.#send(path, how);
    return response.status === 204 ? null : response.json();
  }

  async #send(path, { token, body, method = body ? "POST" : "GET", headers = {}, signal }) {
    if (token) headers.authorization = `Bearer ${token}`;
    if (body) headers["content-type"] = "application/json";
    const response = await fetch(ROOT + path, {
      method,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      headers,
      signal,
    });
    if (!response.ok) throw new Refused(response, await response.json().catch(() => null), token);
    return response;
  }
}
