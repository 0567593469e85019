/** The page's own words, in the browser's language. */

import en from "/static/js/texts/en.js";
import it from "/static/js/texts/it.js";
import ru from "/static/js/texts/ru.js";

const TEXTS = { en, it, ru };

const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());

export const language = wanted.find((code) => code in TEXTS) ?? "en";

const plural = new Intl.PluralRules(language);

/** A text by its key; `{name}` is filled in; a text with plural forms is chosen by `count`. */
export function t(key, values = {}) {
  const text = TEXTS[language][key];
  const form = typeof text === "string" ? text : text[plural.select(values.count)] ?? text.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const tags = navigator.languages.filter((tag) => tag.toLowerCase().startsWith(language));
const locale = tags[0] ?? language;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const dayAndMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
const fullDate = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
const shortDate = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const languageNames = new Intl.DisplayNames([locale], { type: "language" });

const asDate = (seconds) => new Date(seconds * 1000);

export const time = (seconds) => clock.format(asDate(seconds));
export const dayKey = (seconds) => asDate(seconds).toDateString();
export const languageName = (code) => languageNames.of(code);

export function day(seconds) {
  const date = asDate(seconds);
  const daysAgo = Math.round((startOfDay(new Date()) - startOfDay(date)) / 86_400_000);
  if (daysAgo === 0) return t("today");
  if (daysAgo === 1) return t("yesterday");
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return (isThisYear ? dayAndMonth : fullDate).format(date);
}

export function timeOrDate(seconds) {
  const isToday = dayKey(seconds) === new Date().toDateString();
  return isToday ? time(seconds) : shortDate.format(asDate(seconds));
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** A length of sound: minutes and seconds. */
export function clockTime(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
}

const UNITS = ["byte", "kilobyte", "megabyte"];

export function fileSize(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const options = { style: "unit", unit: UNITS[power], maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, options).format(bytes / 1000 ** power);
}
