"""Which conversation a turn asks by itself, over tables that refuse nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pytest

from bot.ports import Line, Speaker
from bot.turns.conversations import SEEDED_LINES, Conversations
from bot.turns.patience import SECONDS, Patience, PatientModel
from bot.turns.spares import ERASED_AFTER_SECONDS, Spares
from bot.turns.tasks import Tasks
from db.chores import QueueErasure
from db.journal import Journal
from db.operations import SetConversation
from db.records import Turn
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journal import FakeJournal
from tests.fakes.model import FakeModel
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.records import TURN

LATER = NOON + ERASED_AFTER_SECONDS
SAID = tuple(Line(Speaker.CLIENT, f"Parole {number}") for number in range(50))
NEW, KNOWN = TURN, replace(TURN, conversation_id="conv_0", last_item_id="item_0")


@dataclass(slots=True)
class Place:
    """What a turn asks, and what is around it."""

    where: Conversations
    model: FakeModel
    tables: FakeJournal
    limits: list[int]  # of what was said before, as it was looked up


Begins = Callable[..., Place]


@pytest.fixture
def begins() -> Begins:
    def begin(turn: Turn, said: Sequence[Line] = ()) -> Place:
        limits: list[int] = []

        async def history(_: Turn, limit: int) -> Sequence[Line]:
            limits.append(limit)
            return said[len(said) - limit :]

        clock, model, telemetry = FakeClock(), FakeModel(), FakeTelemetry()
        tables = FakeJournal({QueueErasure: None, SetConversation: None})
        journal = cast(Journal, tables)
        spares = Spares(model, journal, clock, Tasks(telemetry), telemetry)
        patient = PatientModel(model, Patience(clock))
        where = Conversations(turn, patient, journal, clock, spares, history, asks="gpt-6-luna")
        return Place(where, model, tables, limits)

    return begin


def becomes(conversation: str | None, *, leaves: str | None = None) -> SetConversation:
    return SetConversation(TURN.fence, TURN.thread, conversation, leaves, LATER)


# ----------------------------------------------------------------- which one is asked


async def test_the_threads_own_is_asked_and_nothing_is_written(begins: Begins) -> None:
    place = begins(KNOWN, SAID)
    assert await place.where.open() == "conv_0"
    await place.where.answered("conv_0")
    assert (place.where.fresh, place.where.last_item) == (False, "item_0")
    assert (place.model.created, place.model.seeded, place.tables.done) == ([], {}, [])


async def test_where_there_is_nothing_to_lose_a_new_one_is_the_threads_at_once(
    begins: Begins,
) -> None:
    place = begins(NEW)
    assert place.where.fresh
    assert await place.where.open() == "conv_1"
    assert place.tables.done == [becomes("conv_1")]
    assert await place.where.open() == "conv_1"
    await place.where.answered("conv_1")
    assert place.where.fresh
    assert len(place.tables.done) == 1


@pytest.mark.parametrize(("turn", "said"), [(NEW, SAID), (KNOWN, ()), (KNOWN, SAID)])
async def test_else_it_is_once_it_has_answered_and_is_erased_if_it_never_does(
    begins: Begins, turn: Turn, said: Sequence[Line]
) -> None:
    place = begins(turn, said)
    place.where.move(running=False)
    await place.where.open()
    assert place.tables.done == [QueueErasure("conv_1", LATER + SECONDS)]
    await place.where.answered("conv_1")
    assert place.tables.done[1:] == [becomes("conv_1", leaves=turn.conversation_id)]


# ----------------------------------------------------------------- what it begins with


async def test_a_new_one_is_told_once_what_was_said(begins: Begins) -> None:
    place = begins(NEW, SAID[:2])
    await place.where.open()
    await place.where.open()
    assert place.model.seeded == {"conv_1": [*SAID[:2]]}
    assert place.where.last_item == "seed_2"


async def test_what_was_too_long_is_told_less_each_time_and_then_nothing(begins: Begins) -> None:
    place, shortest = begins(KNOWN, SAID), []
    for _ in range(5):
        place.where.move(running=False, shorter=True)
        shortest.append(place.where.shortest)
        await place.where.open()
        place.where.move(running=False)  # for another reason: no line fewer
        await place.where.open()
    assert place.limits == [10, 10, 2, 2, 0, 0, 0, 0, 0, 0]
    assert shortest == [False, False, True, True, True]
    assert SEEDED_LINES == (40, 10, 2, 0)


async def test_one_that_was_told_nothing_cannot_be_told_less(begins: Begins) -> None:
    place = begins(KNOWN)
    shortest = [place.where.shortest]
    await place.where.open()
    shortest.append(place.where.shortest)  # there is more in it than was told
    place.where.move(running=False)
    shortest.append(place.where.shortest)  # none is there yet
    await place.where.open()
    shortest.append(place.where.shortest)
    place.where.move(running=False, shorter=True)
    await place.where.open()
    assert shortest == [False, False, False, True]
    assert place.limits == [SEEDED_LINES[0], SEEDED_LINES[0]]


async def test_it_is_empty_until_something_is_known_to_be_in_it(begins: Begins) -> None:
    known, new = begins(KNOWN).where, begins(NEW).where
    await new.open()
    assert (known.empty, new.empty) == (False, True)
    new.holds()
    assert not new.empty
    known.move(running=False)
    known.holds()
    await known.open()
    assert known.empty


# ---------------------------------------------------------------- there is no answer


@pytest.mark.parametrize("running", [True, False])
async def test_one_in_which_an_answer_may_still_come_is_given_up(
    begins: Begins, running: bool
) -> None:
    place = begins(KNOWN)
    await place.where.open()
    await place.where.end(running=running)
    assert place.tables.done == ([becomes(None, leaves="conv_0")] if running else [])


async def test_also_if_another_was_asked_since(begins: Begins) -> None:
    place = begins(KNOWN)
    place.where.move(running=True)
    await place.where.open()
    place.where.move(running=False)
    await place.where.end(running=False)
    assert place.tables.done[1:] == [becomes(None, leaves="conv_0")]


async def test_the_threads_is_kept_where_it_may_come_in_another_alone(begins: Begins) -> None:
    place = begins(KNOWN)
    place.where.move(running=False)
    await place.where.open()
    place.where.move(running=True)
    await place.where.open()
    await place.where.end(running=True)
    assert place.tables.done == [
        QueueErasure("conv_1", LATER + SECONDS),
        QueueErasure("conv_2", LATER + SECONDS),
    ]


async def test_the_one_that_has_answered_is_kept_whatever_came_before(begins: Begins) -> None:
    place = begins(KNOWN)
    place.where.move(running=True)
    await place.where.answered(await place.where.open())
    await place.where.end(running=False)
    assert place.tables.done[1:] == [becomes("conv_1", leaves="conv_0")]


async def test_where_the_thread_has_none_there_is_none_to_give_up(begins: Begins) -> None:
    place = begins(NEW, SAID)
    await place.where.end(running=True)
    assert place.tables.done == []
