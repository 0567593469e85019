/** What goes along with the next message, seen before it is sent. */

import { drawFile } from "../frame/bubble.js";
import { icon } from "../frame/icons.js";
import { addStyles, byId, el, name } from "../shared/dom.js";
import { Attachment } from "./attachment.js";
import { sayings } from "./sayings.js";

const MOST = 10;
const LARGEST_BYTES = 20 * 2 ** 20;
const READ = /^(image|audio|video|text)\/|\.(pdf|docx|txt|md|csv|html?)$/i;
const ALONE = ":is(img, img + progress) + .text:empty"; // no words below it: the time lies on it
const STYLES = `
  #trouble { max-height: 30dvh; overflow: auto; white-space: pre-line; padding: 7px 16px; font-size: 14px; color: var(--danger); background: var(--panel); overflow-wrap: anywhere }
  #tray { display: flex; flex: none; flex-wrap: wrap; gap: 8px; max-height: 30dvh; margin: 0; padding: 9px 12px 0; overflow: auto; list-style: none; background: var(--panel) }
  :is(#tray, #trouble):empty { display: none }
  #tray li { display: flex; align-items: center; max-width: 100%; border: 1px solid var(--line); border-radius: 12px; font-size: 14px }
  #tray img { width: 56px; height: 56px; border-radius: 11px; object-fit: cover }
  #tray span { padding-inline-start: 8px }
  #tray button { flex: none; padding: 9px }
  .bubble img { display: block; max-width: 100%; height: 180px; margin: 2px 0 6px; border-radius: 11px; object-fit: contain }
  .bubble:has(${ALONE}) { position: relative; padding: 4px }
  .bubble:has(${ALONE}) img { margin: 0; border-radius: 14px }
  ${ALONE} + .meta { position: absolute; inset-block-end: 12px; inset-inline-end: 12px; margin: 0; padding: 1px 7px; border-radius: 99px; color: #fff; background: #000a }
  progress { display: block; width: 100%; height: 6px; accent-color: currentColor }`;

export class Tray {
  items = [];

  constructor(composer, speech) {
    Object.assign(this, { composer, speech });
    Object.assign(speech.words, sayings(speech.words));
    addStyles(STYLES);
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
    const left = {}; // names, by why they do not go along
    for (const file of files) {
      const one = await Attachment.of(file, this.speech);
      const why = this.#refusal(one, file);
      if (why) (left[why] ??= []).push(file.name);
      else this.items.push(one);
    }
    this.#show();
    const lines = Object.entries(left).map(([why, names]) => this.speech.say(why, { names: inShort(names) }));
    this.trouble.textContent = byId("alarm").textContent = lines.join("\n");
    byId("text").focus();
  }

  #refusal({ blob }, { type, name }) {
    if (!READ.test(type) && !READ.test(name)) return "notRead";
    if (blob.size > LARGEST_BYTES) return "tooLarge";
    if (!blob.size) return "empty";
    return this.items.length < MOST ? null : "tooMany";
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

const inShort = (names) => {
  const more = names.length - MOST;
  return names.slice(0, MOST).join(", ") + (more > 0 ? ` +${more}` : "");
};
