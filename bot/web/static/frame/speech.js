/** The chat's own words, and times, in one language. */

const asDate = (seconds) => new Date(seconds * 1000);
const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

export class Speech {
  /** `words`: texts by key, or by plural form; `tag`: the page's language, which times follow. */
  constructor(words, tag) {
    this.words = words;
    this.plural = new Intl.PluralRules(words.language);
    // Where the page does not say of which country: the browser's, if it speaks that language.
    const locale = navigator.languages.find((one) => one.startsWith(`${tag}-`)) ?? tag;
    this.clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
    this.date = new Intl.DateTimeFormat(words.language, { day: "numeric", month: "long" });
  }

  /** A text by its key; `{name}` is filled in; a text with plural forms is chosen by `count`. */
  say(key, values = {}) {
    const text = this.words[key];
    const form = typeof text === "string" ? text : (text[this.plural.select(values.count)] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  time(seconds) {
    return this.clock.format(asDate(seconds));
  }

  day(seconds) {
    const date = asDate(seconds);
    const daysAgo = Math.round((startOfDay(new Date()) - startOfDay(date)) / 86_400_000);
    if (daysAgo === 0) return this.say("today");
    if (daysAgo === 1) return this.say("yesterday");
    return this.date.format(date);
  }
}

export const isOneDay = (first, second) => asDate(first).toDateString() === asDate(second).toDateString();
