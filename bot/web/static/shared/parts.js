/** A text as Telegram's apps send it: what is too long for a message goes in several. */

const LONGEST = 4096; // UTF-16 units, as strings here are counted

export function inParts(text) {
  if (text.length <= LONGEST) return [text];
  const end = placeToCut(text);
  const rest = text.slice(end).trimStart();
  return [text.slice(0, end).trimEnd(), ...(rest ? inParts(rest) : [])].filter(Boolean);
}

/** Behind the last line that fits, else behind the last word; never within a character. */
function placeToCut(text) {
  const piece = text.slice(0, LONGEST);
  const places = ["\n", " "].map((gap) => piece.lastIndexOf(gap) + 1);
  const isHalf = /[\ud800-\udbff]$/.test(piece);
  return places.find((place) => place > LONGEST / 2) ?? LONGEST - Number(isHalf);
}
