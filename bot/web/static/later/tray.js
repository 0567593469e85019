/** What goes along with the next message, seen before it is sent. */

import { drawFile } from "../frame/bubble.js";
import { icon } from "../frame/icons.js";
import { byId, el, name } from "../shared/dom.js";
import { Attachment } from "./attachment.js";
import { sayings } from "./sayings.js";

const MOST = 10;
const LARGEST_BYTES = 20 * 2 ** 20;
const READ = /^(image|audio|video|text)\/|\.(pdf|docx|txt|md|csv|html?)$/i;
const STYLES = `
  #trouble { padding: 7px 16px; font-size: 14px; color: var(--danger); background: var(--panel); overflow-wrap: anywhere }
  #tray { display: flex; flex: none; flex-wrap: wrap; gap: 8px; max-height: 30dvh; margin: 0; padding: 9px 12px 0; overflow: auto; list-style: none; background: var(--panel) }
  :is(#tray, #trouble):empty { display: none }
  #tray li { display: flex; align-items: center; max-width: 100%; border: 1px solid var(--line); border-radius: 12px; font-size: 14px }
  #tray img { width: 56px; height: 56px; border-radius: 11px; object-fit: cover }
  #tray span { padding-inline-start: 8px }
  #tray button { flex: none; padding: 9px }
  .bubble img { display: block; max-width: 100%; height: 180px; margin: 2px 0 6px; border-radius: 11px; object-fit: contain }
  progress { display: block; width: 100%; height: 6px; accent-color: currentColor }`;

export class Tray {
  items = [];

  constructor(composer, speech) {
    Object.assign(this, { composer, speech });
    Object.assign(speech.words, sayings(speech.words));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    document.adoptedStyleSheets.push(sheet);
    this.trouble = el("p", { id: "trouble" });
    this.list = el("ul", { id: "tray" });
    byId("composer").before(this.trouble, this.list);
  }

  /** All of it, for a message. */
  empty() {
    const taken = this.items.splice(0);
    this.#show();
    return taken;
  }

  async take(files) {
    let trouble = "";
    for (const file of files) {
      const one = await Attachment.of(file, this.speech);
      if (!READ.test(file.type) && !READ.test(file.name)) trouble = this.speech.say("notRead", file);
      else if (one.blob.size > LARGEST_BYTES) trouble = this.speech.say("tooLarge", file);
      else if (!one.blob.size || this.items.length === MOST) trouble = this.speech.say("tooMany");
      else this.items.push(one);
    }
    this.#show();
    this.trouble.textContent = byId("alarm").textContent = trouble;
    byId("text").focus();
  }

  #show() {
    this.trouble.textContent = "";
    this.list.replaceChildren(...this.items.map((one) => this.#draw(one)));
    this.composer.changed();
  }

  #draw(item) {
    const onclick = () => {
      this.items.splice(this.items.indexOf(item), 1);
      this.#show();
      byId("text").focus(); // what was pressed is gone
    };
    const button = el("button", { type: "button", onclick }, icon("close"));
    name(button, this.speech.say("remove", item));
    return el("li", {}, drawFile(item, this.speech), button);
  }
}
