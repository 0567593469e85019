/** A file that goes along with a message: in this tab's memory alone, until it is sent. */

import { Refused, ROOT } from "../frame/api.js";
import { el } from "../shared/dom.js";

const LONGEST_SIDE = 1600; // pixels, as Telegram's apps send a photo
const JPEG = "image/jpeg";
const FRESH_MS = 50 * 60_000; // the server keeps it for an hour
const MOST_CUTS = 4; // in its midst and while online: something on the way does not let it through

export class Attachment {
  #sent = null; // {chat, at, token}
  #cuts = 0; // in a row

  /** `url`: of a picture that can be seen. `bar` shows how far it is. */
  constructor({ name, type }, { photo, blob = photo }, speech) {
    const kind = photo ? "photo" : (["audio", "video"].find((one) => type.startsWith(one)) ?? "file");
    const bar = el("progress", { max: 1, value: 0, "aria-label": speech.say("sending") });
    Object.assign(this, { name, kind, blob, bar, url: photo && URL.createObjectURL(photo) });
  }

  static async of(file, speech) {
    const photo = await drawn(file);
    return new Attachment(file, photo ? { photo } : { blob: file }, speech);
  }

  /** As the message names it: sent once to a chat, and again where that is long ago. */
  async send({ chat, token }) {
    const isThere = this.#sent?.chat === chat && Date.now() - this.#sent.at < FRESH_MS;
    if (!isThere) this.#sent = { chat, at: Date.now(), token: await this.#upload(chat, token) };
    return { file: this.#sent.token, name: this.name };
  }

  /** `fetch` does not tell how far it is. */
  #upload(chat, token) {
    const request = new XMLHttpRequest();
    this.bar.value = 0;
    request.open("POST", `${ROOT}chats/${chat}/files`);
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => (this.bar.value = loaded / total);
    const headers = { get: (name) => request.getResponseHeader(name) };
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new Refused({ status: request.status, headers }, null, token));
      request.onload = () => {
        this.#cuts = 0;
        if (request.status === 201) resolve(request.response.file);
        else refuse();
      };
      request.onerror = (event) => {
        if (this.bar.value && navigator.onLine) this.#cuts += 1;
        if (this.#cuts < MOST_CUTS) return reject(event);
        this.#cuts = 0;
        refuse(); // with no status: nobody said why
      };
      request.send(this.blob);
    });
  }
}

/** A photo not as large as it was taken, which does not tell where that was; null: it is none that is seen here. */
async function drawn(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(picture.width * scale);
    canvas.height = Math.ceil(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what is seen through
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, JPEG, 0.85));
  } catch {
    return null; // whatever it is called
  }
}
