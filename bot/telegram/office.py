"""What a bot answers with: the handlers of clients and of admins, put together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from telegram import Update

from bot.errors import GiveUp, RetryLater, Unauthorized
from bot.front.access import AccessCodes
from bot.front.answers import Answers
from bot.front.commands import Commands, Place
from bot.front.here import Here, profile_of
from bot.front.leaks import Leaks
from bot.net.fence import Perimeter
from bot.ports import Channel, Clock, Telemetry, Toolbox
from bot.telegram.access import Codes
from bot.telegram.account import Account, TelegramBot, publish_commands
from bot.telegram.admin.accounts import SiteAccounts
from bot.telegram.admin.admins import AdminsCommand
from bot.telegram.admin.assistants import AssistantsCommand
from bot.telegram.admin.audit import AuditCommand
from bot.telegram.admin.bots import BotsCommand
from bot.telegram.admin.chats import ChatsCommand
from bot.telegram.admin.command import Command
from bot.telegram.admin.company import CompanyCommand
from bot.telegram.admin.configure import ConfigureCommand
from bot.telegram.admin.desk import AdminDesk, Strangers
from bot.telegram.admin.duty import DutyCommand
from bot.telegram.admin.home import HomeCommand
from bot.telegram.admin.joining import Joining
from bot.telegram.admin.keys import KeysCommand
from bot.telegram.admin.known_tools import TenantTools
from bot.telegram.admin.managed import ManagedBots
from bot.telegram.admin.mcp import McpCommand
from bot.telegram.admin.menus import Menus
from bot.telegram.admin.questions import QuestionsCommand
from bot.telegram.admin.requests import RequestsCommand
from bot.telegram.admin.rights import Rights
from bot.telegram.admin.sites import SitesCommand
from bot.telegram.admin.tenants import TenantsCommand
from bot.telegram.admin.tokens import Tokens
from bot.telegram.admin.unknown import UnknownCommand
from bot.telegram.admin.visitors import Visitors
from bot.telegram.commands import ClientCommands, menus
from bot.telegram.events import Dispatcher, Handlers
from bot.telegram.groups import Groups
from bot.telegram.onward import Arrival
from bot.telegram.secrets import Secrets
from bot.telegram.start import Start
from bot.turns.attention import Attention
from bot.turns.events import Work
from bot.turns.offers import Catalogue
from bot.turns.redact import Redaction
from db.engine import Database
from db.journal import Journal
from db.tenants import TenantRow, tenants_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The same for every bot. `model` is the host's.

    `public_url`: where pages reach us on the web; None while nothing is served there.
    `leads_to_telegram`: whether visitors of pages may be sent there.
    """

    database: Database
    journal: Journal
    channels: Mapping[str, Channel]
    clock: Clock
    telemetry: Telemetry
    redaction: Redaction
    hosts: frozenset[int]
    model: str
    menus: Menus
    versions: Sequence[Command]
    resume: Callable[[Sequence[int]], Awaitable[None]]  # what bots that start had begun
    catalogue: Catalogue
    toolbox: Toolbox
    fence: Perimeter
    connect: Callable[[str], TelegramBot]
    host: int  # the number of the host's own bot
    bots_changed: Callable[[], object]
    attention: Attention
    closed: Callable[[int], AbstractAsyncContextManager[object]]  # a tenant, while it is deleted
    public_url: str | None = None
    leads_to_telegram: bool = True
    managed_bots: bool = False
    kept_days: int = 365  # the host's
    place: Place = Place.OTHER

    def handlers(self, dispatcher: Dispatcher, account: Account) -> Sequence[Handlers]:
        """The handlers of one bot; the first that takes an update has it."""
        answers = Answers(dispatcher.events, self.channels, Here(self.database))

        def unknown(update: Update) -> Awaitable[bool]:
            return UnknownCommand(dispatcher, visitors).answered(update)

        clients = ClientCommands(
            dispatcher,
            Commands(answers, self.kept_days, self.place, self.toolbox),
            partial(self.menus.follow, account.me.id),
            unknown,
        )
        secrets = Secrets(dispatcher, self.redaction)
        joining = Joining(dispatcher, secrets, self.clock, self.menus, clients.speaks, self.hosts)
        visitors = Visitors(
            database=self.database,
            clock=self.clock,
            bot_id=account.me.id,
            hosts=self.hosts,
            language=clients.speaks,
        )
        groups = Groups(visitors)

        def as_client(update: Update, tenant: TenantRow) -> Awaitable[Work]:
            into = tenant if account.shared else None
            return clients.commands.greeting(dispatcher.client_event(update), into=into)

        home = HomeCommand(self.database, visitors, as_client, account.shared)
        commands = [home, *self.commands(account, secrets)]
        self.menus.commands = commands
        access = Codes(
            dispatcher,
            AccessCodes(answers, self.redaction, self.clock),
            Leaks(answers),
            clients.wordless,
        )
        desk = self._desk(dispatcher, visitors, clients, access, commands)
        start = Start(
            dispatcher=dispatcher,
            database=self.database,
            commands=clients.commands,
            shared=account.shared,
            joining=joining,
            arrival=Arrival(dispatcher, secrets, clients.commands),
            groups=groups,
            at_desk=desk.greet,
        )
        managed = ManagedBots(
            dispatcher, self.database, self.clock, self._tokens(secrets), self.bots_changed
        )
        return desk, access, start, managed, clients

    def commands(self, account: Account, secrets: Secrets) -> Sequence[Command]:
        """What admins can do on a bot; each command is named here."""
        tools = TenantTools(self.database, self.toolbox)
        return (
            ChatsCommand(
                self.database,
                self.journal,
                account,
                self.channels,
                self.attention,
                self.toolbox,
            ),
            RequestsCommand(self.database, self.attention),
            QuestionsCommand(self.database, self.channels),
            DutyCommand(self.database),
            AdminsCommand(self.database, account, self.menus, self.hosts),
            AssistantsCommand(self.database, secrets, self.catalogue, tools),
            AuditCommand(self.database),
            BotsCommand(
                self.database,
                self._tokens(secrets),
                self.bots_changed,
                creates=self.managed_bots and account.me.can_manage_bots,
            ),
            SitesCommand(
                self.database,
                self.public_url,
                SiteAccounts(self.database, self.redaction),
                self.leads_to_telegram,
            ),
            KeysCommand(self.database, secrets, self.public_url is not None),
            ConfigureCommand(self.database, self.model, self.catalogue, tools, secrets, self.fence),
            *((McpCommand(tools, secrets),) if self.toolbox.declares else ()),
            *self.versions,
            CompanyCommand(self.database),
            TenantsCommand(self.database, account, closed=self.closed),
        )

    def _tokens(self, secrets: Secrets) -> Tokens:
        return Tokens(secrets, self.redaction.vault, self.connect, self.host)

    async def greet(self, *accounts: Account) -> None:
        """What is done for bots that have started."""
        bots = [account.me.id for account in accounts]
        await self.resume(bots)
        known = await self.database.read(tenants_of, bots)
        await asyncio.gather(*(self._show_menu(one, known[one.me.id]) for one in accounts))
        await self.menus.show_all(*bots)

    async def _show_menu(self, account: Account, tenant: TenantRow | None) -> None:
        company = profile_of(tenant).language if tenant else None
        try:
            await publish_commands(account.bot, menus(company))
        except Unauthorized:
            return  # its poller is told so as well
        except (RetryLater, GiveUp) as error:
            self.telemetry.warn("command menu not set", error=type(error).__name__)

    def _desk(
        self,
        dispatcher: Dispatcher,
        visitors: Visitors,
        clients: ClientCommands,
        access: Codes,
        commands: Sequence[Command],
    ) -> AdminDesk:
        return AdminDesk(
            dispatcher=dispatcher,
            database=self.database,
            visitors=visitors,
            rights=Rights(visitors, self.clock),
            menus=self.menus,
            strangers=Strangers(clients.unknown, clients.expired, access.message, clients.help),
            commands=commands,
            showing=self.attention.showing,
        )
