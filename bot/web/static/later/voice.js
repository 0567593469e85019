/** A voice message: recorded while one speaks, then sent or thrown away. */

import { icon } from "../frame/icons.js";
import { addStyles, byId, el, name } from "../shared/dom.js";
import { Attachment } from "./attachment.js";
import { sayings } from "./sayings.js";

const LONGEST_SECONDS = 300; // the assistant listens to no more
const FORMATS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const SPEECH = 32_000; // bits a second
const PAUSE = "M8 6v12M16 6v12";
const strip = el("div", { id: "voice", role: "group", hidden: true });
addStyles(`
  #voice { display: flex; flex: none; align-items: center; gap: 10px; padding: 9px 10px max(9px, env(safe-area-inset-bottom)); border-top: 1px solid var(--line); background: var(--panel) }
  #voice p { flex: 1; min-width: 0; padding-inline-start: 6px; overflow-wrap: anywhere }
  #voice .trouble { font-size: 14px; color: var(--danger) }
  #voice time { font-variant-numeric: tabular-nums }
  #voice i { display: inline-block; width: 10px; height: 10px; margin-inline-end: 8px; border-radius: 50%; background: var(--danger) }
  #voice.has-ended i { background: var(--muted) }
  #voice button { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: 50%; color: var(--muted) }
  #voice p + .send { color: var(--on-accent); background: var(--accent) }
  .file[type] .icon { box-sizing: content-box; padding: 8px; border-radius: 50%; fill: currentColor; background: color-mix(in srgb, currentColor 15%, transparent) }
  #voice:not([hidden]):has(.send) ~ #composer:has(#send:not(.is-ready)) { display: none }`);

/** Begin; whoever lets no page listen, or has nothing to speak into, is told so. */
export async function record(composer, speech) {
  Object.assign(speech.words, sayings(speech.words));
  const button = byId("record");
  button.disabled = true; // while the browser asks
  byId("alarm").textContent = "";
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    composer.voice = new Voice(stream, composer, speech);
  } catch (error) {
    release(stream);
    const why = speech.say(error.name === "NotAllowedError" ? "forbidden" : "noMicrophone");
    show(el("p", { class: "trouble" }, why), press("close", speech.say("close"), hide));
    byId("alarm").textContent = why;
  }
  button.disabled = false;
  (strip.querySelector(".send") ?? button).focus();
}

class Voice {
  #pieces = [];
  #began = performance.now();
  #seconds = 0;

  constructor(stream, composer, speech) {
    Object.assign(this, { composer, speech });
    const mimeType = FORMATS.find((one) => MediaRecorder.isTypeSupported(one));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: SPEECH });
    this.recorder.ondataavailable = ({ data }) => this.#pieces.push(data);
    const timer = setInterval(() => this.#count(), 250);
    this.ended = new Promise((resolve) => {
      this.recorder.onstop = () => {
        clearInterval(timer);
        release(stream);
        strip.classList.add("has-ended");
        resolve();
      };
    });
    this.recorder.start();
    this.#show();
  }

  #show() {
    const { speech } = this;
    this.clock = el("time", { role: "timer" }, inMinutes(0));
    const cancel = press("close", speech.say("cancel"), () => this.discard());
    const send = press("send", speech.say("sendVoice"), () => this.#send());
    show(cancel, el("p", {}, el("i"), `${speech.say("recording")} `, this.clock), send);
    name(strip, speech.say("voice"));
    strip.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // it would close the chat
      this.discard();
    };
    // Nobody is listened to behind a chat that is closed.
    new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || this.#end()).observe(this.clock);
    byId("news").textContent = speech.say("recording");
  }

  #count() {
    this.#seconds = (performance.now() - this.#began) / 1000;
    this.clock.textContent = inMinutes(this.#seconds);
    if (this.#seconds >= LONGEST_SECONDS) this.#end();
  }

  #end() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    return this.ended;
  }

  async #send() {
    this.discard();
    await this.ended;
    const blob = new Blob(this.#pieces, { type: this.recorder.mimeType });
    const about = { name: inMinutes(Math.max(1, this.#seconds)), type: blob.type };
    const file = new Attachment(about, { blob }, this.speech);
    file.play = player(blob);
    this.composer.send("", [file]);
  }

  discard() {
    this.composer.voice = null;
    this.#end();
    hide();
  }
}

/** Heard again, or no more: as long as the page is there. */
function player(blob) {
  const sound = new Audio(URL.createObjectURL(blob));
  return ({ currentTarget: button }) => {
    sound.onplay = sound.onpause = () => {
      button.setAttribute("aria-pressed", !sound.paused);
      button.firstChild.replaceWith(icon(sound.paused ? "play" : PAUSE));
    };
    if (sound.paused) sound.play().catch(() => {}); // one that was stopped at once
    else sound.pause();
  };
}

function show(...nodes) {
  strip.classList.remove("has-ended");
  strip.replaceChildren(...nodes);
  strip.hidden = false;
  byId("composer").before(strip);
}

function hide() {
  const hadFocus = strip.contains(document.activeElement);
  strip.replaceChildren();
  strip.hidden = true;
  if (hadFocus) byId("record").focus();
}

function press(what, label, onclick) {
  const button = el("button", { class: what, type: "button", onclick }, icon(what));
  name(button, label);
  return button;
}

const release = (stream) => stream?.getTracks().forEach((track) => track.stop());

const inMinutes = (seconds) => `${Math.floor(seconds / 60)}:${`${Math.floor(seconds % 60)}`.padStart(2, "0")}`;
