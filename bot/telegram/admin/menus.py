"""Command menus of those who hold a role, or chose a language: in their private chats, in it.

core.telegram.org/bots/api#determining-list-of-commands: what is set for a chat goes before what
is set for everybody. A chat that was never opened has no menu: Telegram would not know it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Final
from weakref import WeakValueDictionary

from telegram import BotCommand, BotCommandScopeChat

from bot.core.texts import command_descriptions, say
from bot.core.texts.desk import DeskMenu
from bot.errors import SportelloError
from bot.ports import Clock
from bot.telegram.account import Account
from bot.telegram.admin.command import Command
from bot.telegram.errors import repeatable
from db.engine import Database, is_unusable
from db.people import PrivateChat, held, roles_of, rooms_of, rooms_with
from tenants.permissions import Role, may

LOOK_SECONDS: Final = 60.0
Held = frozenset[tuple[int, int | None, str]]


@dataclass(slots=True)
class Menus:
    """Shows each of them what they may do, on every bot that they talk to.

    `commands` are the desk's, joined after both are built; `hosts` those of the settings.
    """

    accounts: Mapping[int, Account]
    database: Database
    clock: Clock
    hosts: frozenset[int]
    commands: Sequence[Command] = field(default_factory=tuple)
    _lately: set[int] = field(default_factory=set)  # shown since the last look
    _locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    # On which bot, whom, and until when nothing is asked: for ever, where the menu is right.
    _met: dict[tuple[int, int], float] = field(default_factory=dict)

    async def show_to(self, user_id: int) -> None:
        """After a role was given, changed or taken; where the menu is right already, nothing."""
        self._lately.add(user_id)
        await self._show(user_id)

    async def welcome(self, user_id: int) -> None:
        """When somebody opens a chat; of a client nothing is asked."""
        if await self._roles(user_id):
            await self.show_to(user_id)

    async def meet(self, bot_id: int, user_id: int) -> None:
        """One who holds a role is here, however they came: the first time they are shown theirs.

        Where Telegram refuses, it is asked again a while later, not with each of their messages.
        """
        now = self.clock.now()
        if self._met.get((bot_id, user_id), 0.0) <= now:
            self._met[bot_id, user_id] = now + LOOK_SECONDS
            if await self._show(user_id, bot_id):
                self._met[bot_id, user_id] = inf

    async def follow(self, bot_id: int, user_id: int) -> None:
        """Another language was chosen in a chat: its menu follows, a client's too."""
        await self._show(user_id, bot_id)

    async def show_all(self, *bots: int) -> None:
        """When bots start: roles may have changed, or ended, since they were last heard."""
        rooms = await self.database.read(rooms_with, bots, besides=self.hosts)
        for user_id in dict.fromkeys(room.user_id for room in rooms):
            await self._show(user_id, *bots)

    async def keep(self) -> None:
        """Until cancelled: roles end by themselves, and other processes change them too."""
        shown = await self._held(frozenset())
        while True:
            await self.clock.sleep(LOOK_SECONDS)
            lately, now = frozenset(self._lately), await self._held(shown)
            for user_id in sorted(lately | {user_id for user_id, _, _ in now ^ shown}):
                await self.show_to(user_id)
            self._lately -= lately
            shown = now

    async def entries(self, room: PrivateChat) -> Sequence[tuple[str, str]]:
        """What a chat's own menu holds; nothing where everybody's will do."""
        language = room.language or ""
        described = await self.of_the_desk(room.user_id, language)
        client = command_descriptions(language) if described or room.chosen else {}
        return tuple({**described, **client}.items())

    async def of_the_desk(self, user_id: int, language: str) -> Mapping[str, str]:
        """The commands of the desk that somebody may give, and what each does."""
        roles = await self._roles(user_id)
        mine = [one.name for one in self.commands if any(may(role, one.action) for role in roles)]
        names = (*mine, "cancel") if mine else ()
        return {name: say(DeskMenu(name), language) for name in names}

    async def _held(self, known: Held) -> Held:
        try:
            return await self.database.read(held, self.clock.now())
        except Exception as error:
            if not is_unusable(error):
                raise
            return known  # a database that fails is told of by those who need it

    async def _roles(self, user_id: int) -> Sequence[Role]:
        now = self.clock.now()
        found = await self.database.read(roles_of, user_id=user_id, now=now)
        roles = [Role(role) for role in found.values()]
        return [*roles, Role.HOST] if user_id in self.hosts else roles

    async def _show(self, user_id: int, *bots: int) -> bool:
        """Whether the menus are right now, as far as this process can say; on all bots, or these.

        One after the other reads what somebody is and speaks, so that the last word is the newest.
        """
        async with self._locks.setdefault(user_id, asyncio.Lock()):
            rooms = await self.database.read(rooms_of, user_id)
            wanted = [room for room in rooms if not bots or room.bot_id in bots]
            return all([await self._set(room) for room in wanted])

    async def _set(self, room: PrivateChat) -> bool:
        account = self.accounts.get(room.bot_id)
        if account is None:
            return True  # another process speaks for it
        entries = await self.entries(room)
        menu = tuple(BotCommand(name, description) for name, description in entries)
        scope = BotCommandScopeChat(room.user_id)
        try:
            with repeatable():
                if await account.bot.get_my_commands(scope=scope) == menu:
                    return True
                if menu:
                    await account.bot.set_my_commands(menu, scope=scope)
                else:
                    await account.bot.delete_my_commands(scope=scope)
        except SportelloError:
            return False  # what they may do does not depend on it
        return True
