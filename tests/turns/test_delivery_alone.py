"""One message, and what becomes of its row: without a turn, and without tables."""

from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from bot.core.waits import DELIVERY
from bot.errors import (
    ChatMoved,
    GiveUp,
    InDoubt,
    LeaseLost,
    MarkupRejected,
    RetryLater,
    Unauthorized,
)
from bot.ports import Outgoing
from bot.turns.delivery import LEASE_LOST_SECONDS, UNAUTHORIZED_SECONDS, Delivery
from bot.turns.doubt import Doubts
from db.journal import Journal
from db.operations import MoveChat
from db.records import OutboxRow, OutboxState, Settled
from tests.addresses import chat_at
from tests.fakes.channel import BOT
from tests.fakes.clock import NOON
from tests.fakes.journal import FakeJournal
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.lane import Place, place
from tests.turns.records import CHAT, KEYS, doubted, row

__all__ = ["place"]  # a fixture

HERE = chat_at(BOT, CHAT)
ROW = row(1, None, "Uno.")
FIRST_WAIT = DELIVERY.delay(0) or 0.0


@dataclass(slots=True)
class Asked(Doubts):
    """It finds out nothing, and says why."""

    refusal: Exception | None = None
    left: list[int] = field(default_factory=list)

    async def settle(self, row: OutboxRow, message: Outgoing) -> Settled:
        if self.refusal:
            raise self.refusal
        return Settled(row.row, OutboxState.SENT, message_id="9")

    def left_open(self, row: int) -> None:
        self.left.append(row)


@pytest.fixture
def delivery(place: Place) -> Delivery:
    made = place.lane.delivery
    inner = made.doubts
    made.doubts = Asked(inner.policy, inner.channels, inner.clock, inner.lease, inner.telemetry)
    return made


def telemetry(delivery: Delivery) -> FakeTelemetry:
    assert isinstance(delivery.telemetry, FakeTelemetry)
    return delivery.telemetry


def asked(delivery: Delivery) -> Asked:
    assert isinstance(delivery.doubts, Asked)
    return delivery.doubts


@pytest.mark.parametrize(
    ("refusal", "after", "warned"),
    [
        (RetryLater(20, "429"), 20.0, []),
        (Unauthorized("401"), UNAUTHORIZED_SECONDS, ["token refused"]),
        (GiveUp("400"), None, ["message refused"]),
    ],
)
async def test_what_is_refused_goes_later_or_never(
    place: Place, delivery: Delivery, refusal: Exception, after: float | None, warned: list[str]
) -> None:
    place.channel.refusals.append(refusal)
    settled = await delivery.send(ROW, HERE)
    state = OutboxState.FAILED if after is None else OutboxState.QUEUED
    assert (settled.state, settled.not_before) == (state, None if after is None else NOON + after)
    assert [event for event, _ in telemetry(delivery).warnings] == warned


async def test_what_stands_in_no_markup_goes_without_it(place: Place, delivery: Delivery) -> None:
    place.channel.refusals.append(MarkupRejected("400"))
    settled = await delivery.send(replace(ROW, entities="[]"), HERE)
    assert (settled.state, settled.plain) == (OutboxState.QUEUED, True)
    assert telemetry(delivery).count("markup rejected") == 1


async def test_where_a_chat_has_moved_to_is_noted_and_told(
    place: Place, delivery: Delivery
) -> None:
    noted = FakeJournal({MoveChat: None})
    delivery.journal = cast(Journal, noted)
    place.channel.refusals.append(ChatMoved("-100"))
    settled = await delivery.send(ROW, HERE)
    assert settled == Settled(ROW.row, OutboxState.QUEUED, moved_to="-100")
    assert noted.done == [MoveChat(CHAT, "-100", NOON)]


async def test_one_in_doubt_is_left_to_who_finds_out(place: Place, delivery: Delivery) -> None:
    place.channel.refusals.append(InDoubt())
    assert (await delivery.send(ROW, HERE)).state is OutboxState.DOUBT
    assert asked(delivery).left == [ROW.row]


@pytest.mark.parametrize(
    ("refusal", "after"),
    [
        (None, None),
        (InDoubt(), max(FIRST_WAIT, 1.0)),
        (RetryLater(20, "429"), 20.0),
        (LeaseLost(), max(FIRST_WAIT, LEASE_LOST_SECONDS)),
    ],
)
async def test_what_is_not_found_out_now_is_asked_again(
    delivery: Delivery, refusal: Exception | None, after: float | None
) -> None:
    asked(delivery).refusal = refusal
    settled = await delivery.settle_doubt(doubted(1, None), HERE)
    state = OutboxState.SENT if refusal is None else OutboxState.DOUBT
    assert (settled.state, settled.not_before) == (state, None if after is None else NOON + after)


async def test_what_can_never_be_found_out_is_over(delivery: Delivery) -> None:
    asked(delivery).refusal = GiveUp("400")
    assert (await delivery.settle_doubt(doubted(1, None), HERE)).state is OutboxState.FAILED


async def test_no_keys_are_shown_by_who_may_not_speak(place: Place, delivery: Delivery) -> None:
    assert (await delivery.show_keys(KEYS, HERE)).state is OutboxState.SENT
    delivery.lease.alone = False  # and never beaten
    settled = await delivery.show_keys(KEYS, HERE)
    assert (settled.state, len(place.channel.edited)) == (OutboxState.QUEUED, 1)


@pytest.mark.parametrize(
    ("written", "put_back", "left"),
    [
        ((None, None), 0, 0),
        ((NOON + 60, None), 0, 60),
        ((NOON + 60, NOON), 0, 60),
        ((NOON + 60, NOON), 3600, 60),  # no longer than it was
        ((NOON + 0.5, NOON), 3600, 0.5),
        ((NOON + 60, NOON + 60), 10, 70),  # it says nothing of how long
        ((NOON - 5, NOON - 10), 0, 0),
    ],
)
def test_how_long_a_row_rests(
    place: Place,
    delivery: Delivery,
    written: tuple[float | None, float | None],
    put_back: float,
    left: float,
) -> None:
    place.clock.put_back = put_back
    resting = replace(ROW, not_before=written[0], intent_at=written[1])
    assert delivery.rests_until(resting) - place.clock.boottime() == left
