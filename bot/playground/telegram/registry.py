"""The bots that people own: made, given new tokens, put under a manager, deleted.

What @BotFather does, for its chat on the page, for manager bots and for the controls. Refusals
are ValueErrors with a sentence; the limits are those of core.telegram.org/method/bots.createBot.
"""

import re
import secrets
from typing import Final

from bot.playground.telegram.records import Bot, Status
from bot.playground.telegram.texts import units
from bot.playground.telegram.world import World

FIRST_BOT: Final = 7_100_000_001
SECRET_LENGTH: Final = 33  # after "AA", as in the tokens that @BotFather gives out
MOST_PER_OWNER: Final = 20
LONGEST_NAME: Final = 64
USERNAME: Final = re.compile(r"(?=.{5,32}$)[a-z][a-z0-9]*(_[a-z0-9]+)*", re.IGNORECASE)


class Registry:
    """The bots of the emulated Telegram, as their owners see them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(
        self,
        name: str,
        username: str,
        *,
        owner: int | None = None,
        manager: int | None = None,
        can_manage_bots: bool = False,
    ) -> Bot:
        """A new bot. Raises ValueError with what is wrong, KeyError for an unknown owner."""
        self.check_name(name)
        self.check_username(username)
        self.check_owner(owner)
        number = self._world.next_id("bot", first=FIRST_BOT)
        bot = Bot(
            number,
            new_token(number),
            username,
            name.strip(),
            owner_id=owner,
            manager_id=manager,
            can_manage_bots=can_manage_bots,
        )
        self._world.keep_bot(bot)
        self._world.events.add("profile", bot=bot.id, first_name=bot.first_name, texts={})
        self._tell_manager(bot)
        return bot

    def check_name(self, name: str) -> None:
        """Raises ValueError."""
        if not name.strip() or units(name.strip()) > LONGEST_NAME:
            raise ValueError(f"a bot's name has 1 to {LONGEST_NAME} characters")

    def check_username(self, username: str) -> None:
        """Raises ValueError."""
        if not username.lower().endswith("bot"):
            raise ValueError("the username must end in bot, as in aurora_desk_bot")
        if not USERNAME.fullmatch(username):
            raise ValueError("a username has 5 to 32 Latin letters, digits and single underscores")
        if self._world.bot_by_username(username) is not None:
            raise ValueError("this username is already taken")

    def check_owner(self, owner: int | None) -> None:
        """Raises ValueError when the owner has as many bots as one may have."""
        if owner is not None and len(self.owned_by(self._world.people[owner].id)) >= MOST_PER_OWNER:
            raise ValueError(f"one person owns {MOST_PER_OWNER} bots at most")

    def owned_by(self, person_id: int) -> list[Bot]:
        return [bot for bot in self._world.bots.values() if bot.owner_id == person_id]

    def managed(self, bot_id: int, *, by: Bot) -> Bot | None:
        """The bot with that id, if this manager controls it."""
        bot = self._world.bots.get(bot_id)
        return bot if bot is not None and bot.manager_id == by.id else None

    def revoke(self, bot_id: int) -> str:
        """A new token; the old one opens nothing any more. Raises KeyError."""
        bot = self._world.bots[bot_id]
        self._world.change_token(bot, new_token(bot.id))
        self._tell_manager(bot)
        return bot.token

    def give(self, bot_id: int, owner: int) -> None:
        """Another person becomes its owner. Raises KeyError and ValueError."""
        self.check_owner(owner)
        bot = self._world.bots[bot_id]
        bot.owner_id = owner
        self._world.keep_bot(bot)
        self._tell_manager(bot)

    def let_manage(self, bot_id: int, can_manage_bots: bool = True) -> None:
        """The switch "Bot Management Mode" of @BotFather. Raises KeyError."""
        bot = self._world.bots[bot_id]
        bot.can_manage_bots = can_manage_bots
        self._world.keep_bot(bot)

    def delete(self, bot_id: int) -> None:
        """A bot is gone, and its private chats with it. Raises KeyError."""
        bot = self._world.bots[bot_id]
        for chat in [chat for chat in self._world.chats.values() if bot.id in chat.members]:
            chat.members[bot.id] = Status.LEFT
            self._world.keep_chat(chat)
        self._world.forget_bot(bot)

    def _tell_manager(self, bot: Bot) -> None:
        """`managed_bot` tells of creation, of a new token and of a new owner."""
        if bot.manager_id in self._world.bots and bot.owner_id is not None:
            owner = self._world.people[bot.owner_id].user()
            update = {"user": owner, "bot": bot.user()}
            self._world.updates[bot.manager_id].add("managed_bot", update)


def new_token(number: int) -> str:
    """A bot's token, which nobody can guess."""
    return f"{number}:AA{secrets.token_urlsafe(SECRET_LENGTH)[:SECRET_LENGTH]}"
