/** The stream of what happens, kept alive: after a loss everything is loaded again. */

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 5_000;

export class EventStream {
  #delayMs = FIRST_DELAY_MS;
  #timer = null;
  #source = null;

  /**
   * `load` fetches the state and answers the `seq` at which its events go on; `onEvent` gets
   * each of them; `onStatus` is told true or false as the connection comes and goes.
   */
  constructor({ load, onEvent, onStatus }) {
    this.load = load;
    this.onEvent = onEvent;
    this.onStatus = onStatus;
    addEventListener("online", () => this.connect());
  }

  async connect() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    try {
      this.#listen(await this.load());
    } catch {
      this.#retry();
    }
  }

  #listen(seq) {
    const source = new EventSource(`/client/events?after=${seq}`);
    source.onopen = () => {
      this.#delayMs = FIRST_DELAY_MS;
      this.onStatus(true);
    };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "reset") this.connect();
      else this.onEvent(event);
    };
    source.onerror = () => {
      if (source === this.#source) this.#retry();
    };
    this.#source = source;
  }

  #retry() {
    this.#source?.close();
    this.#source = null;
    this.onStatus(false);
    this.#timer = setTimeout(() => this.connect(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }
}
