"""Searching for bubbles in doubt."""

from bot.ports import Outgoing
from bot.turns.doubt import Doubts, InDoubtPolicy
from db.engine import Database
from db.records import Address, OutboxKind, OutboxRow, OutboxState
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.telemetry import FakeTelemetry

LAST_KNOWN = 16


def doubted(row: int) -> OutboxRow:
    return OutboxRow(
        row=row,
        chat=row,
        turn=row,
        kind=OutboxKind.REPLY,
        position=0,
        text="Uno.",
        entities=None,
        markup=None,
        state=OutboxState.DOUBT,
        intent_at=NOON - 10,
        lower_id=LAST_KNOWN,
    )


async def test_a_bubble_found_for_one_chat_is_not_in_the_way_of_the_next(
    database: Database,
) -> None:
    anna, bruno = Outgoing(Address(BOT, 1), "Uno."), Outgoing(Address(BOT, 2), "Uno.")
    channel = FakeChannel(existing={LAST_KNOWN + 1: anna, LAST_KNOWN + 2: bruno})
    doubts = Doubts(InDoubtPolicy.PROBE, database, channel, FakeClock(), FakeTelemetry())
    doubts.count(BOT, 2)
    await doubts.settle(doubted(1), anna)
    doubts.count(BOT, -1)  # and before the first is written down as found
    settled = await doubts.settle(doubted(2), bruno)
    assert (settled.state, settled.message_id) == (OutboxState.SENT, LAST_KNOWN + 2)
