"""An emulated @BotFather: the chat in which people make their bots and get their tokens.

To the page it is a bot like any other. No process polls for it: the emulator itself answers, at
once. It speaks English, as the real one does, and says that it is not the real one.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from bot.playground.telegram import botfather_texts as texts
from bot.playground.telegram.errors import ApiError
from bot.playground.telegram.methods.edits import answer_callback_query, edit_message_text
from bot.playground.telegram.methods.messages import send_message
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot, Json
from bot.playground.telegram.registry import Registry, new_token
from bot.playground.telegram.texts import units
from bot.playground.telegram.updates import Updates
from bot.playground.telegram.world import World

BOTFATHER_ID: Final = 93_372_553
USERNAME: Final = "BotFather"
COMMANDS: Final = [
    {"command": "newbot", "description": "create a new bot"},
    {"command": "mybots", "description": "your bots: tokens, settings, deletion"},
    {"command": "token", "description": "show a bot's token"},
    {"command": "revoke", "description": "revoke a bot's token"},
    {"command": "deletebot", "description": "delete a bot"},
    {"command": "cancel", "description": "cancel the current operation"},
    {"command": "help", "description": "what this chat is for"},
]

CHOICES: Final = {  # what pressing a bot does in the list that a command shows
    "/mybots": "bot",
    "/token": "token",
    "/revoke": "revoke",
    "/deletebot": "delete",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What it answers: a text, a part of it to copy, buttons."""

    text: str
    code: str = ""
    rows: tuple[tuple[Json, ...], ...] = ()

    def params(self, chat_id: int) -> Json:
        """As sendMessage and editMessageText take it."""
        entities = []
        if self.code:
            offset = units(self.text[: self.text.index(self.code)])
            entities = [{"type": "code", "offset": offset, "length": units(self.code)}]
        keyboard = [list(row) for row in self.rows]
        markup = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        return {"chat_id": chat_id, "text": self.text, "entities": entities, **markup}


class BotFather:
    """Answers whoever writes to it; `open` puts it into a world."""

    def __init__(self, world: World, registry: Registry) -> None:
        self._world = world
        self._registry = registry
        self._asked = {int(key[0]): body for key, body in world.store.entries("botfather")}

    def open(self) -> Bot:
        """Be there, now and after each restart, under a token that nobody knows."""
        token = new_token(BOTFATHER_ID)
        if known := self._world.bots.get(BOTFATHER_ID):
            self._world.change_token(known, token)
        bot = Bot(BOTFATHER_ID, token, USERNAME, "BotFather")
        bot.commands = {'{"type":"default"}': {"": COMMANDS}}
        bot.texts = {"description": {"": texts.DESCRIPTION}}
        self._bot = bot
        self._world.keep_bot(bot)
        self._world.updates[bot.id] = AnsweredAtOnce(bot, self._world, self)
        return bot

    def hear(self, kind: str, content: Json) -> None:
        """Take in an update."""
        if kind == "callback_query":
            self._press(content)
        elif kind == "message" and content["chat"]["type"] == "private":
            said = self._answer(content["from"]["id"], content.get("text", ""))
            send_message(self._world, self._bot, Params(said.params(content["chat"]["id"])))

    # ------------------------------------------------------------ what is written

    def _answer(self, person: int, text: str) -> Said:
        command = text.split(" ", maxsplit=1)[0].lower()
        if not command.startswith("/"):
            return self._take(person, text.strip())
        was_asked = self._ask(person, None)
        match command:
            case "/newbot":
                return self._begin(person)
            case _ if command in CHOICES:
                return self._list(person, CHOICES[command])
            case "/cancel":
                return Said(texts.CANCELLED if was_asked else texts.NOTHING_TO_CANCEL)
            case _:
                return Said(texts.HELP)

    def _begin(self, person: int) -> Said:
        try:
            self._registry.check_owner(person)
        except ValueError as refusal:
            return Said(texts.REFUSED.format(why=refusal))
        self._ask(person, {"step": "name"})
        return Said(texts.ASK_NAME)

    def _take(self, person: int, text: str) -> Said:
        """An answer to what was asked; after a bad one the question stays open."""
        asked = self._asked.get(person)
        try:
            if asked is None:
                return Said(texts.HELP)
            if asked["step"] == "name":
                self._registry.check_name(text)
                self._ask(person, {"step": "username", "name": text})
                return Said(texts.ASK_USERNAME)
            bot = self._registry.create(asked["name"], text.removeprefix("@"), owner=person)
        except ValueError as refusal:
            return Said(texts.REFUSED.format(why=refusal))
        self._ask(person, None)
        return _with_token(bot, texts.CREATED)

    def _ask(self, person: int, question: Json | None) -> bool:
        """Whether a question had been open."""
        was_asked = self._asked.pop(person, None) is not None
        if question is None:
            self._world.store.delete([f"botfather/{person}"])
        else:
            self._asked[person] = question
            self._world.store.put(f"botfather/{person}", question)
        return was_asked

    # ------------------------------------------------------------ what is pressed

    def _press(self, query: Json) -> None:
        person, message = query["from"]["id"], query["message"]
        action, _, number = query["data"].partition(":")
        bot = self._world.bots.get(int(number or 0))
        is_own = bot is not None and bot.owner_id == person
        card = self._act(action, bot) if bot and is_own else self._list(person)
        edit = card.params(message["chat"]["id"]) | {"message_id": message["message_id"]}
        with suppress(ApiError):  # the card is what it was
            edit_message_text(self._world, self._bot, Params(edit))
        answer_callback_query(self._world, self._bot, Params({"callback_query_id": query["id"]}))

    def _act(self, action: str, bot: Bot) -> Said:
        match action:
            case "token":
                return _with_token(bot, texts.SHOWN)
            case "revoke":
                self._registry.revoke(bot.id)
                return _with_token(bot, texts.REVOKED)
            case "manage":
                self._registry.let_manage(bot.id, not bot.can_manage_bots)
            case "delete":
                return _deletion(bot)
            case "deleted":
                self._registry.delete(bot.id)
                return Said(texts.DELETED.format(name=bot.first_name), rows=((_back(),),))
        return _card(bot)

    def _list(self, person: int, action: str = "bot") -> Said:
        bots = self._registry.owned_by(person)
        rows = tuple((_button(f"@{bot.username}", f"{action}:{bot.id}"),) for bot in bots)
        return Said(texts.CHOOSE, rows=rows) if rows else Said(texts.NO_BOTS)


class AnsweredAtOnce(Updates):
    """Updates that nobody polls for."""

    def __init__(self, bot: Bot, world: World, botfather: BotFather) -> None:
        super().__init__(bot, world.store)
        self._botfather = botfather

    def add(self, kind: str, content: Any) -> int | None:
        self._botfather.hear(kind, content)
        return None


def _card(bot: Bot) -> Said:
    state = "on" if bot.can_manage_bots else "off"
    rows = (
        (_button("API token", f"token:{bot.id}"), _button("Revoke token", f"revoke:{bot.id}")),
        (_button(f"Bot management mode: {state}", f"manage:{bot.id}"),),
        (_button("Delete bot", f"delete:{bot.id}"), _back()),
    )
    return Said(texts.CARD.format(name=bot.first_name, username=bot.username), rows=rows)


def _with_token(bot: Bot, text: str) -> Said:
    said = text.format(name=bot.first_name, username=bot.username, token=bot.token)
    copy = {"text": "Copy the token", "copy_text": {"text": bot.token}}
    rows = ((copy,), (_button("« Back to the bot", f"bot:{bot.id}"),))
    return Said(said, code=bot.token, rows=rows)


def _deletion(bot: Bot) -> Said:
    sure = _button("Yes, delete the bot", f"deleted:{bot.id}")
    text = texts.SURE.format(name=bot.first_name, username=bot.username)
    return Said(text, rows=((sure,), (_button("No", f"bot:{bot.id}"),)))


def _back() -> Json:
    return _button("« Bots", "list")


def _button(label: str, data: str) -> Json:
    return {"text": label, "callback_data": data}
