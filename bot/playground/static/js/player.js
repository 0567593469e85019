/** A voice message: it is played at its own button, one at a time. */

import { fileUrl } from "/static/js/api.js";
import { dress, el } from "/static/js/dom.js";
import { clockTime, t } from "/static/js/i18n.js";
import { toast } from "/static/js/toasts.js";

const BARS = 28;
let playing = null;

export function drawVoice({ file_id: fileId, duration }) {
  const length = clockTime(duration);
  const button = el("button", { class: "play", type: "button" });
  const show = (isPlaying) =>
    dress(button, isPlaying ? "pause" : "play", `${t(isPlaying ? "pause" : "play")}, ${length}`);
  show(false);
  button.addEventListener("click", () => toggle(fileUrl(fileId), show));
  const wave = el("span", { class: "wave", "aria-hidden": "true" }, ...drawBars(fileId));
  return el("div", { class: "voice" }, button, wave, el("span", { class: "length" }, length));
}

function toggle(url, show) {
  const wasThis = playing?.url === url;
  playing?.stop();
  if (wasThis) return;
  const audio = new Audio(url);
  const stop = () => {
    audio.pause();
    show(false);
    if (playing?.audio === audio) playing = null;
  };
  playing = { url, audio, stop };
  audio.addEventListener("ended", stop);
  show(true);
  audio.play().catch((reason) => {
    if (reason.name !== "AbortError") toast(t("notPlayable"));
    stop();
  });
}

/** Nobody measures the sound: it only looks like one, and always the same. */
function drawBars(fileId) {
  const seed = [...fileId].reduce((total, char) => total + char.codePointAt(0), 0);
  return Array.from({ length: BARS }, (_, at) => {
    const bar = el("i");
    const share = Math.abs(Math.sin(seed + at * 1.7) * Math.sin(at * 0.6 + 1));
    bar.style.height = `${25 + Math.round(75 * share)}%`;
    return bar;
  });
}
