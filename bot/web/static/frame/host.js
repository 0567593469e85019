/** The page around the chat, known through one port: it keeps what must outlive a reload. */

const pattern = (origin) => origin.replace(/[.+?^$()|[\]\\]/g, "\\$&").replace("*", "[\\w-]+(?:\\.[\\w-]+)*");

/** Whether a site may be shown by a page of this origin; `https://*.example.it` are its subdomains. */
export const isListed = (origin, listed) =>
  listed.some((one) => new RegExp(`^${pattern(one)}$`).test(origin));

/** Wait for the page that shows this frame, and for no other. */
export function meet({ key, origins }) {
  return new Promise((resolve) => {
    addEventListener("message", (event) => {
      const isPage = event.source === parent && isListed(event.origin, origins);
      if (isPage && event.data?.site === key) resolve(new Host(event.ports[0], event.data));
    });
  });
}

class Host extends EventTarget {
  #asked = new Map(); // what waits for an answer, by the name that was asked for

  /** `kept`: texts by name; `page`: its address, `draft`, `theme`, `dir`, `who`: as they are; `shown`: once it was. */
  constructor(port, { kept, ...rest }) {
    super();
    Object.assign(this, rest);
    this.kept = new Map(Object.entries(kept));
    this.port = port;
    port.onmessage = ({ data: { changed, answered, ...news } }) => {
      if (changed) this.#note(...changed);
      if (answered) this.#answered(...answered);
      Object.assign(this, news);
      this.dispatchEvent(new CustomEvent("news", { detail: news }));
    };
  }

  /** Tell it something: ready, unread, draft, close. */
  tell(said) {
    this.port.postMessage(said);
  }

  /** null: no longer. */
  keep(name, value) {
    this.#note(name, value);
    this.tell({ keep: [name, value] });
  }

  /** Look once more what is kept; nothing changes where nothing can be. */
  ask(name) {
    this.tell({ ask: name });
    const before = this.#asked.get(name);
    return new Promise((resolve) => this.#asked.set(name, () => resolve(before?.())));
  }

  #answered(name, value) {
    if (value != null && value !== this.kept.get(name)) this.#note(name, value);
    this.#asked.get(name)?.();
  }

  #note(name, value) {
    if (value === null) this.kept.delete(name);
    else this.kept.set(name, value);
    this.dispatchEvent(new CustomEvent("kept", { detail: name }));
  }
}
