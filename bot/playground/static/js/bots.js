/** The bots of the emulated Telegram. */

import { language } from "/static/js/i18n.js";

export const isBotFather = (bot) => bot?.username === "BotFather";

/** Companies' bots first: whoever comes to make another one looks for BotFather anyway. */
export const withBotFatherLast = (bots) =>
  [...bots].sort((one, other) => isBotFather(one) - isBotFather(other));

/** The bot that the playground is about: the first that is no BotFather. */
export const mainBot = (bots) => bots.find((bot) => !isBotFather(bot)) ?? null;

export function botNamed(bots, username) {
  return bots.find((bot) => bot.username.toLowerCase() === username.toLowerCase());
}

/** Take in what an event says about a bot: its commands, or its name and texts. */
export function renew(bot, { commands, first_name: name, texts }) {
  if (commands) bot.commands = commands;
  if (name) Object.assign(bot, { first_name: name, description: texts.description ?? {} });
}

/** What a bot's colour is made of: ids are too much alike. */
export const hueKey = ({ username }) =>
  [...username].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);

/** What an empty chat says about its bot, in the person's language if the bot has it. */
export function descriptionOf(bot, person) {
  const texts = bot.description ?? {};
  return texts[person?.language_code ?? language] || texts[""] || "";
}
