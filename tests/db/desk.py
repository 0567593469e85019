"""The engine's part, played by a test: it hears clients, opens turns and says bubbles."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Row, Table, select

from db.chats import ChatWork
from db.engine import Database
from db.journal import Journal
from db.operations import Accept, Accepted, Adopt, Claim, Complete, Handle, Handled, Post, Posted
from db.operations.claim import NotDue
from db.portions import Portion
from db.records import (
    Address,
    Draft,
    Event,
    Incoming,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Settled,
    Spent,
    Turn,
    TurnState,
    UpdateKind,
)
from db.transaction import Operation
from db.window import Window
from tests.addresses import chat_at
from tests.databases import BOT
from tests.fakes.clock import NOON
from tests.usual import PORTION

ANNA = 1001  # a client, by the number of the private chat
BRUNO = 1002
TODAY, TOMORROW = "2026-11-20", "2026-11-21"
Stored = Row[*tuple[Any, ...]]
Work = Callable[[ChatWork], Sequence[Draft]]


def incoming(
    number: int,
    text: str = "Buongiorno",
    *,
    kind: UpdateKind = UpdateKind.MESSAGE,
    client: int = ANNA,
    topic: int = 0,
    **fields: Any,
) -> Incoming:
    """An update of a client's; a message's id is ten times the update's number.

    Numbers below 100 are the test's own, the desk counts from there.
    """
    message_id = fields.pop("message_id", number * 10)
    fields.setdefault("size", len(text))
    fields.setdefault("payload", json.dumps({"text": text}))
    return Incoming(
        update_id=str(number),
        kind=kind,
        address=chat_at(BOT, client, topic),
        message_id=None if message_id is None else str(message_id),
        **fields,
    )


def words_of(_: Address, payload: str) -> str | None:
    """As a channel reads them; None of what was erased."""
    words = json.loads(payload).get("text")
    return None if words is None else str(words)


def bubble(text: str, position: int = 0, kind: OutboxKind = OutboxKind.REPLY) -> Draft:
    """A message to send."""
    return Draft(kind, position, text)


def at(moment: float) -> Any:
    """That moment, to the millisecond; relative to an epoch's seconds, half an hour is nothing."""
    return pytest.approx(moment, abs=0.001)


def sent(row: OutboxRow, message_id: int) -> Settled:
    """It arrived."""
    return Settled(row.row, OutboxState.SENT, message_id=str(message_id))


def doing(method: str, *arguments: object) -> Work:
    """Do this to the chat, and say nothing."""

    def work(chat: ChatWork) -> Sequence[Draft]:
        getattr(chat, method)(*arguments)
        return ()

    return work


@dataclass(slots=True)
class Desk:
    """One process at work, at a time that the test sets."""

    journal: Journal
    database: Database
    owner: str = "first"
    now: float = NOON
    window: Window = field(default_factory=Window)
    portion: Portion = PORTION
    too_fast: Callable[[Address, str | None, float], Draft] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(101))

    # ------------------------------------------------------------- transactions

    async def accept(self, *updates: Incoming) -> Accepted:
        """T1."""
        return await self.journal.do(self.accepting(*updates))

    async def hear(self, text: str = "Buongiorno", **fields: Any) -> int:
        """A client's message; the result is the chat's row."""
        accepted = await self.accept(incoming(next(self.numbers), text, **fields))
        return next(iter(accepted.addresses))

    async def event(self, text: str = "/help", **fields: Any) -> Event:
        """A client's command."""
        update = incoming(next(self.numbers), text, kind=UpdateKind.EVENT, **fields)
        return (await self.accept(update)).events[0]

    async def handle(self, event: Event, work: Work = lambda _: (), **fields: Any) -> Handled:
        """H."""
        return await self.journal.do(self.handling(event, work, **fields))

    async def do_to_chat(self, method: str, *arguments: object) -> Handled:
        """A command that does this to its chat, and says nothing."""

        return await self.handle(await self.event(), doing(method, *arguments))

    async def claim(self, chat: int) -> Turn | NotDue | None:
        """T2."""
        return await self.journal.do(self.claiming(chat))

    async def open_turn(self, *texts: str, **fields: Any) -> Turn:
        """A client's messages, and the turn that they become when their time has come."""
        chats = [await self.hear(text, **fields) for text in texts or ("Buongiorno",)]
        self.now += self.window.cap
        turn = await self.claim(chats[-1])
        assert isinstance(turn, Turn)
        return turn

    async def post(self, turn: Turn, *drafts: Draft, **fields: Any) -> Posted:
        """T3, T4, T5."""
        return await self.journal.do(self.posting(turn, *drafts, **fields))

    async def complete(
        self, turn: Turn, state: TurnState = TurnState.DONE, **spent: Any
    ) -> float | None:
        """T6: when the chat's next turn is due."""
        return (await self.journal.do(self.completing(turn, state, **spent))).due

    async def together(self, *operations: Operation[Any]) -> list[Any]:
        """Operations that share a commit; what one raises stands in the place of its result."""
        doing = (self.journal.do(operation) for operation in operations)
        return await asyncio.gather(*doing, return_exceptions=True)

    # --------------------------------------------------------------- operations

    def accepting(self, *updates: Incoming) -> Accept:
        return Accept(
            bot_id=BOT,
            owner=self.owner,
            now=self.now,
            incoming=updates,
            window=self.window,
            words_in_commit=words_of,
            too_fast_in_commit=self.too_fast,
        )

    def handling(self, event: Event, work: Work, **fields: Any) -> Handle:
        made: dict[str, Any] = {"owner": self.owner, "now": self.now, "window": self.window}
        return Handle(event=event, work_in_commit=work, **(made | fields))

    def claiming(self, chat: int) -> Claim:
        return Claim(chat, self.owner, self.now, self.portion, self.window)

    def adopting(self, **fields: Any) -> Adopt:
        made: dict[str, Any] = {"owner": self.owner, "now": self.now, "grace": 0.0, "bots": (BOT,)}
        return Adopt(portion=self.portion, **(made | fields))

    def posting(self, turn: Turn, *drafts: Draft, **fields: Any) -> Post:
        made: dict[str, Any] = {"owner": self.owner, "now": self.now, "fence": turn.fence}
        return Post(chat=turn.chat, drafts=drafts, **(made | fields))

    def completing(
        self, turn: Turn, state: TurnState = TurnState.DONE, *, client: str = "", **spent: Any
    ) -> Complete:
        return Complete(
            fence=turn.fence,
            chat=turn.chat,
            thread=turn.thread,
            owner=self.owner,
            state=state,
            now=self.now,
            days=(TODAY, TOMORROW),
            spent=Spent(**spent),
            client=client,
        )

    # ------------------------------------------------------------ what is stored

    async def stored(self, table: Table, **values: object) -> Sequence[Stored]:
        """The rows with these values, in the order in which they were made."""
        wanted = select(table).filter_by(**values).order_by(*table.primary_key)
        return await self.database.read(lambda connection: connection.execute(wanted).all())

    async def row(self, table: Table, **values: object) -> Stored:
        """The only row with these values."""
        (row,) = await self.stored(table, **values)
        return row
