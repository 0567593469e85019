/** Pictures as Telegram's applications send them: made smaller, and into JPEGs. */

const LONGEST_SIDE = 2560;
const QUALITY = 0.87;
const LOOKED_AT = ["image/jpeg", "image/png", "image/webp"];

/** What a file is sent as; a picture that cannot be made smaller goes as it is. */
export async function prepared(file) {
  const [type] = file.type.split("/");
  if (LOOKED_AT.includes(file.type)) {
    const photo = await asPhoto(file).catch(() => null);
    return photo ? { kind: "photo", file: photo } : { kind: "document", file };
  }
  if (file.type === "image/gif") return { kind: "animation", file };
  return { kind: type === "video" || type === "audio" ? type : "document", file };
}

export const isPicture = (file) => LOOKED_AT.includes(file.type);

async function asPhoto(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.type === "image/jpeg") return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // behind what can be seen through
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}
