/** Staying at the latest message, unless the reader has scrolled up: then a pill counts. */

import { icon } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";

const NEAR_PX = 60;

export class Follow {
  #isFollowing = true;
  #missed = 0;
  #top = 0;

  /** `onEnd` is called whenever the reader is at the end. */
  constructor({ scroller, content, pill, onEnd }) {
    this.scroller = scroller;
    this.pill = pill;
    this.onEnd = onEnd;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    pill.addEventListener("click", () => this.toEnd());
    const observer = new ResizeObserver(() => this.#isFollowing && this.toEnd());
    observer.observe(scroller);
    observer.observe(content);
  }

  get isAtEnd() {
    return this.#isFollowing;
  }

  toEnd() {
    this.#isFollowing = true;
    this.#missed = 0;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#top = this.scroller.scrollTop;
    this.#draw();
    this.onEnd();
  }

  /** A message came in. */
  count() {
    if (this.#isFollowing) return this.toEnd();
    this.#missed += 1;
    this.#draw();
  }

  /** Only who goes up leaves the end: a picture that is loaded, or a keyboard, moves it away. */
  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    const isFollowing = isNear || (this.#isFollowing && scrollTop >= this.#top);
    this.#top = scrollTop;
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    if (isFollowing) {
      this.#missed = 0;
      this.onEnd();
    }
    this.#draw();
  }

  #draw() {
    this.pill.hidden = this.#isFollowing;
    this.pill.classList.toggle("is-plain", this.#missed === 0);
    const text = this.#missed ? t("newMessages", { count: this.#missed }) : "";
    this.pill.replaceChildren(icon("down"), text);
    this.pill.setAttribute("aria-label", text || t("toTheEnd"));
  }
}
