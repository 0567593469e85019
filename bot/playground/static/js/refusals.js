/** What the emulated Telegram refuses, in the page's language: its own sentences are English. */

import { language, t } from "/static/js/i18n.js";

const KNOWN = [
  [/^a (?:text|caption) has 1 to (\d+)/, "refusedLong"],
  [/^people edit their own/, "refusedEdit"],
  [/^the username must end in bot/, "refusedEnding"],
  [/^a username has/, "refusedUsername"],
  [/^this username is already taken/, "refusedTaken"],
  [/^a bot's name has 1 to (\d+)/, "refusedLong"],
  [/^one person owns (\d+) bots/, "refusedOwner"],
  [/^this bot may not manage others/, "refusedManager"],
  [/^Request Entity Too Large/, "refusedSize"],
  [/^only words of the message/, "refusedQuote"],
];

export function inWords(sentence) {
  for (const [pattern, key] of KNOWN) {
    const found = sentence.match(pattern);
    if (found) return t(key, { limit: found[1] });
  }
  return language === "en" ? sentence : t("refused");
}
