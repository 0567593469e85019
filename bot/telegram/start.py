"""/start: the welcome, what a deep link asks for, and what is said behind it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Update

from bot.front.commands import Commands
from bot.telegram.admin.joining import Joining
from bot.telegram.admin.visit import Card
from bot.telegram.captions import command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.groups import Groups
from bot.telegram.links import Invitation, Named, read_start
from bot.telegram.message import WITH_WORDS
from bot.telegram.onward import Arrival
from bot.telegram.person import person
from db.chats import ChatWork
from db.engine import Database
from db.errors import Gone
from db.records import Draft, TenantState
from db.tenants import TenantRow, find_tenant


@dataclass(frozen=True, slots=True)
class Start:
    """On the host's bot, which tenants share, a link with a tenant's name leads to that tenant.

    A client may go from one to another: each keeps its own thread. A group is bound to one. What
    names none is noted of the client, for the model: a campaign, a room, a table.
    """

    dispatcher: Dispatcher
    database: Database
    commands: Commands
    shared: bool
    joining: Joining
    arrival: Arrival
    groups: Groups
    at_desk: Callable[[Update], Awaitable[bool]]  # whether they hold a role, and were greeted so

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers."""
        application.add_handlers(command_handlers("start", self.start))

    async def start(self, update: Update, _: Any) -> None:
        """The welcome, and that an AI answers; or what the link was for.

        What no link could bring, or leads nowhere, was typed: it is answered.
        """
        message = update.effective_message
        words = WITH_WORDS.behind(message.text or message.caption or "") if message else ""
        comes = await self.joining.join(update, words) or await self.arrival.arrive(update)
        if not comes and (words or not await self.at_desk(update)):
            await self._greet(update, read_start(words))
        if user := person(update):
            await self.joining.welcome(user.id)

    async def _greet(self, update: Update, asked: Invitation | Named | None) -> None:
        found = await self._found(asked) if isinstance(asked, Named) else None
        brought = asked if isinstance(asked, Named) and found is None else None
        named = found if found and found.state is not TenantState.ARCHIVED else None
        binding = await self.groups.binding(update, named) if named else None

        def refusal(chat: ChatWork) -> Sequence[Draft]:
            refused = binding.refusal(chat, named) if named and binding else ""
            return Card(refused).drafts() if refused else ()

        try:
            await self.commands.welcome(
                self.dispatcher.client_event(update),
                into=named,
                by_link=found is not None or (brought is not None and not brought.may_be_typed),
                brought=brought.name if brought else "",
                refusal=refusal,
            )
        except Gone:
            await self._greet(update, None)

    async def _found(self, asked: Named) -> TenantRow | None:
        """The tenant of a link, where this bot may lead to one."""
        if not self.shared:
            return None
        return await self.database.read(find_tenant, asked.name)
