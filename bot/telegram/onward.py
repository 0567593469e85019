"""From another channel into Telegram: the link, and what it does when it is pressed."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Update

from bot.core.invitations import CONTINUATION_PURPOSE
from bot.core.secrets import SecretKind
from bot.core.texts import Text, say
from bot.core.tokens import whole
from bot.front.commands import Commands
from bot.front.here import profile_of
from bot.telegram.events import Dispatcher
from bot.telegram.links import start_link
from bot.telegram.route import is_private
from bot.telegram.secrets import Secrets, said
from db.bots import bot_to_open
from db.chats import ChatWork
from db.engine import Database
from db.onward import go_on
from db.records import Draft, OutboxKind
from db.sites import WEB
from db.tenants import tenant_by_id


@dataclass(frozen=True, slots=True)
class TelegramOnward:
    """`bot.ports.Onward`: by the company's own bot, else by the one that leads to any company."""

    database: Database

    async def link(self, tenant: int, token: str) -> str | None:
        username = await self.database.read(bot_to_open, tenant)
        return start_link(username, token) if username else None

    async def leads(self, tenant: int) -> bool:
        return await self.database.read(bot_to_open, tenant) is not None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Takes in who comes by such a link."""

    dispatcher: Dispatcher
    secrets: Secrets
    commands: Commands

    async def arrive(self, update: Update) -> bool:
        """Whether /start came with such a link, which may be over: then it is a plain start.

        The first press counts. The client is told in a sentence that it goes on here, and that an
        AI answers; in the chat that was left it is told as well.
        """
        event = self.dispatcher.client_event(update)
        address, answers = event.stored.address, self.commands.answers
        if SecretKind.CONTINUATION not in said(update) or not (address and is_private(address)):
            return False
        token = whole(await self.secrets.first(update, SecretKind.CONTINUATION))
        vault = self.secrets.redaction.vault
        digests = vault.digests(token, purpose=CONTINUATION_PURPOSE) if token else ()
        plain = await self.commands.greeting(event, into=None)
        language = await answers.here.known_language(event)

        def work(chat: ChatWork) -> Sequence[Draft]:
            tenant = go_on(chat, digests, serves=WEB in answers.channels, notice=_gone_on)
            company = chat.read(tenant_by_id, tenant) if tenant else None
            if company is None:
                return plain(chat)
            chat.reopen()
            chat.introduce()
            profile = profile_of(company)
            told = say(Text.WENT_ON_HERE, language or profile.language)
            return answers.drafts(event, told, profile.text_for("ai_notice", language))

        await answers.events.handle(event.stored, work)
        return True


def _gone_on(language: str | None) -> Sequence[Draft]:
    """What is said in the chat that was left; it has no entities."""
    return (Draft(OutboxKind.NOTICE, 0, say(Text.WENT_ON_IN_TELEGRAM, language)),)
