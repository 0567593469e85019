/** A voice message: recorded, or a file; and in writing what it says, for nobody hears it here. */

import { field, openDialog } from "/static/js/dialogs.js";
import { el, icon } from "/static/js/dom.js";
import { clockTime, t } from "/static/js/i18n.js";
import { toast } from "/static/js/toasts.js";

const FORMATS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const LONGEST_SECONDS = 600;

/** `send({file, seconds, words})` sends it. */
export function askForVoice(send) {
  const recording = new Recording();
  const chosen = el("input", { type: "file", accept: "audio/*" });
  const words = el("textarea", { name: "words", rows: "2", maxlength: "2000" });
  const dialog = openDialog({
    title: t("voice"),
    content: [recording.node, field(t("orSoundFile"), chosen), field(t("heardInIt"), words)],
    submit: t("send"),
    onRefusal: (refusal) => toast(refusal.message),
    async onSubmit(form) {
      const said = form.get("words").trim();
      const file = (await recording.end()) ?? chosen.files[0] ?? (said && emptyFile());
      if (!file) throw new Error(t("nothingRecorded"));
      return send({ file, seconds: recording.seconds, words: said });
    },
  });
  dialog.addEventListener("close", () => recording.end());
}

/** Who only types what is heard sends a silence of about that length. */
const emptyFile = () => new File([], "voice.ogg", { type: "audio/ogg" });

class Recording {
  seconds = null;
  #recorder = null;
  #file = null;
  #timer = null;

  constructor() {
    this.button = el("button", { type: "button", class: "record", onclick: () => this.#toggle() });
    this.clock = el("output", { class: "record-clock" }, clockTime(0));
    this.player = el("audio", { controls: true, hidden: true, "aria-label": t("voice") });
    this.node = el("div", { class: "recording" }, this.button, this.clock, this.player);
    this.#draw();
  }

  /** The recorded file, if there is one. */
  async end() {
    if (this.#recorder?.state === "recording") {
      const stopped = new Promise((done) => this.#recorder.addEventListener("stop", done, { once: true }));
      this.#recorder.stop();
      await stopped;
    }
    return this.#file;
  }

  async #toggle() {
    if (this.#recorder?.state === "recording") return this.end();
    try {
      this.#start(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch {
      toast(t("noMicrophone"));
    }
  }

  #start(stream) {
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    const recorder = new MediaRecorder(stream, { mimeType });
    const [pieces, began] = [[], performance.now()];
    this.#recorder = recorder;
    this.#timer = setInterval(() => this.#count(began), 250);
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      clearInterval(this.#timer);
      this.#count(began);
      this.#keep(pieces, recorder.mimeType.split(";")[0]);
    });
    recorder.start();
    this.#draw();
  }

  #count(began) {
    const seconds = (performance.now() - began) / 1000;
    this.seconds = Math.max(1, Math.round(seconds));
    this.clock.value = clockTime(this.seconds);
    if (seconds > LONGEST_SECONDS) this.end();
  }

  #keep(pieces, type) {
    this.#file = new File(pieces, `voice.${type.split("/")[1]}`, { type });
    URL.revokeObjectURL(this.player.src);
    this.player.src = URL.createObjectURL(this.#file);
    this.player.hidden = false;
    this.#draw();
  }

  #draw() {
    const isOn = this.#recorder?.state === "recording";
    this.button.classList.toggle("is-on", isOn);
    this.button.replaceChildren(icon(isOn ? "stop" : "mic"), t(isOn ? "stopRecording" : "record"));
  }
}
