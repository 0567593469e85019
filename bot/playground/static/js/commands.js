/** The bot's commands as a list above the field: "/" or its button opens it. */

import { el } from "/static/js/dom.js";
import { t } from "/static/js/i18n.js";
import { isPrivate, rank } from "/static/js/people.js";

/** Which list of commands applies (core.telegram.org/bots/api#botcommandscope). */
export function commandsFor(bot, chat, person) {
  for (const wanted of scopes(chat, person)) {
    for (const code of [person?.language_code ?? "", ""]) {
      const isIt = (list) => list.language_code === code && fits(list.scope, wanted);
      const found = bot.commands.find(isIt);
      if (found) return found.commands;
    }
  }
  return [];
}

function scopes(chat, person) {
  const here = { type: "chat", chat_id: chat.id };
  if (isPrivate(chat)) return [here, { type: "all_private_chats" }, { type: "default" }];
  const isAdmin = ["creator", "administrator"].includes(rank(chat, person?.id));
  const administrators = isAdmin ? [{ type: "chat_administrators", chat_id: chat.id }] : [];
  const allAdministrators = isAdmin ? [{ type: "all_chat_administrators" }] : [];
  return [
    { type: "chat_member", chat_id: chat.id, user_id: person?.id },
    ...administrators,
    here,
    ...allAdministrators,
    { type: "all_group_chats" },
    { type: "default" },
  ];
}

function fits(scope, wanted) {
  return Object.entries(wanted).every(([name, value]) => String(scope[name]) === String(value));
}

function keepFocusInField(node) {
  node.addEventListener("mousedown", (event) => event.preventDefault());
}

export class CommandMenu {
  #commands = [];
  #known = ""; // all of them, when it was opened
  #chosen = 0;

  /** `known` answers the commands of the open chat; `onPick` gets the one that was chosen. */
  constructor({ list, text, toggle, known, onPick }) {
    Object.assign(this, { list, text, toggle, known, onPick });
    list.setAttribute("aria-label", t("commands"));
    keepFocusInField(list);
    keepFocusInField(toggle);
    text.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Show what fits the text in the field; anything but one word after a slash closes the list. */
  follow(text) {
    const word = text.match(/^\/(\w*)$/)?.[1].toLowerCase();
    if (word === undefined) return this.close();
    this.open(this.known().filter(({ command }) => command.startsWith(word)));
  }

  open(commands = this.known()) {
    this.#commands = commands;
    this.#known = JSON.stringify(this.known());
    this.#chosen = 0;
    const options = commands.map((each) => this.#draw(each));
    this.list.setAttribute("role", options.length ? "listbox" : "status");
    this.list.replaceChildren(...(options.length ? options : [el("p", {}, t("noCommands"))]));
    this.#show(true);
    this.#mark();
  }

  /** The bot may have set others while the list is open. */
  renew() {
    if (!this.isOpen || JSON.stringify(this.known()) === this.#known) return;
    if (this.text.value.startsWith("/")) this.follow(this.text.value);
    else this.open();
  }

  close() {
    this.#show(false);
    this.text.removeAttribute("aria-activedescendant");
  }

  /** Take a key of the field; answers whether it was for the list. */
  takeKey(event) {
    if (!this.isOpen) return false;
    const count = this.#commands.length;
    const step = { ArrowDown: 1, ArrowUp: count - 1 }[event.key];
    if (event.key === "Escape") this.close();
    else if (count === 0) return false;
    else if (step !== undefined) this.#mark((this.#chosen + step) % count);
    else if (event.key === "Enter" && !event.shiftKey) this.#pick(this.#commands[this.#chosen]);
    else if (event.key === "Tab") this.#complete(this.#commands[this.#chosen]);
    else return false;
    event.preventDefault();
    return true;
  }

  #draw({ command, description }) {
    const props = { class: "command-option", role: "option", id: `command-${command}` };
    const option = el("div", props, el("b", {}, `/${command}`), el("span", {}, description));
    option.addEventListener("click", () => this.#pick({ command }));
    return option;
  }

  #mark(index = this.#chosen) {
    this.#chosen = index;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at !== index) return;
      option.scrollIntoView({ block: "nearest" });
      this.text.setAttribute("aria-activedescendant", option.id);
    });
  }

  #pick({ command }) {
    this.close();
    this.onPick(`/${command}`);
  }

  #complete({ command }) {
    this.text.value = `/${command} `;
    this.close();
  }

  #show(isOpen) {
    this.list.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
  }
}
