"""`sportello export`: conversations for other programs, written as they are read."""

import json
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.cli.console import echo, speaks_all
from bot.cli.database import HOST, opened
from bot.cli.script import read_heard
from bot.cli.start import begin
from db.engine import Database, transact
from db.exchanges import Exchange, chats_with_turns, exchanges
from db.readings import NoteExport
from db.records import Address
from db.tenants import list_companies, named_tenant
from db.transaction import Transaction

AT_ONCE: Final = 200  # chats, or turns of one, that are read together


async def export(name: str | None, *, at_once: int = AT_ONCE) -> None:
    """Print all conversations, or a tenant's (by its name), which the trail tells. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await transact(database, partial(_note, name=name))
        async with aclosing(_Export(database, tenant, at_once).lines()) as lines:
            gone = await _print(lines)
    if gone:
        raise gone


async def _print(lines: AsyncGenerator[str]) -> BrokenPipeError | None:
    """Until whoever reads them has enough; else that would pass for the database's fault."""
    try:
        async for line in lines:
            echo(line)
    except BrokenPipeError as error:
        return error
    return None


def _note(transaction: Transaction, *, name: str | None) -> int | None:
    """The tenant of a name; None: all of them."""
    only = transaction.read(named_tenant, name).id if name else None
    every = [only] if only else [one.id for one in transaction.read(list_companies)]
    for tenant in every:
        transaction.do(NoteExport(tenant, HOST, time.time()))
    return only


@dataclass(frozen=True, slots=True)
class _Export:
    """One JSON object, a line for each exchange: no more is held than is read at once."""

    database: Database
    tenant: int | None
    at_once: int

    async def lines(self) -> AsyncGenerator[str]:
        yield "{"
        last, before, read = 0, "", self.database.read
        while found := await read(chats_with_turns, self.tenant, after=last, limit=self.at_once):
            for last, address in found:
                begun = False
                async with aclosing(self._exchanges(last, address)) as told:
                    async for one in told:
                        named = f"{before}{_json(_named(address))}: ["
                        yield f",{one}" if begun else f"{named}{one}"
                        begun, before = True, ","
                if begun:
                    yield "]"
        yield "}"

    async def _exchanges(self, chat: int, address: Address) -> AsyncGenerator[str]:
        last, read = 0, self.database.read
        while found := await read(
            exchanges, self.tenant, chat=chat, after=last, limit=self.at_once
        ):
            last = found[-1].turn
            for one in found:
                if one.heard or one.said:  # else all of it was erased
                    yield _json(_told(address.channel, one))


def _told(channel: str, exchange: Exchange) -> dict[str, object]:
    heard = (read_heard(channel, one.payload)[1] for one in exchange.heard)
    return {
        "user": "\n".join(heard),
        "bot": "\n\n".join(exchange.said),
        "timestamp": exchange.at,
    }


def _named(address: Address) -> str:
    """Of each chat another: a person may write to several bots, and in several topics."""
    topic = f"/{address.topic_id}" if address.topic_id else ""
    return f"{address.bot_id}/{address.chat_id}{topic}"


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=not speaks_all(sys.stdout.encoding))
