"""Durable duties that no client waits for."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.errors import GiveUp, RetryLater, SportelloError, Trouble, Unserved, Why
from bot.turns.housekeeping import (
    ERASURE_SECONDS,
    INTERVAL_SECONDS,
    REST_SECONDS,
    TRIES,
    Housekeeping,
)
from bot.turns.patience import lengthened
from bot.turns.spares import ERASED_AFTER_SECONDS
from db.chores import ClearUpdateNumbers, QueueErasure, due_erasures
from db.ends import CloseEnded
from db.engine import Database
from db.erasing import EraseTenant, are_deleted
from db.journal import Journal
from db.uploads import DropUploads, are_uploads_over
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.journal import FakeJournal, FakeReads
from tests.fakes.model import FakeModel
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.desk import House


@dataclass(slots=True)
class Forgetful(FakeModel):
    """Never answers when it is to erase the first conversation."""

    house: House | None = None

    async def erase(self, conversation_id: str) -> None:
        if conversation_id == "conv_1" and self.house:
            await self.house.hangs()
        await FakeModel.erase(self, conversation_id)


async def test_an_erasure_that_never_ends_holds_up_no_other(house: House) -> None:
    house.model = Forgetful(house=house)
    async with house.process() as desk:
        journal = desk.engine.outside.journal
        for number in (1, 2):
            conversation = f"conv_{number}"
            await journal.do(QueueErasure(conversation, house.clock.now() + number))
        await desk.runs(ERASURE_SECONDS + 60)
        assert house.model.erased == ["conv_2"]
        house.model.house = None
        await desk.runs(600)
        assert house.model.erased == ["conv_2", "conv_1"]


async def test_a_conversation_is_kept_for_the_longest_turn(house: House) -> None:
    longest = lengthened(3600.0, effort="max")  # the longest that a setting allows
    async with house.process() as desk:
        due = QueueErasure("conv_1", house.clock.now() + longest + ERASED_AFTER_SECONDS)
        await desk.engine.outside.journal.do(due)
        for wait in (longest, ERASED_AFTER_SECONDS):
            assert house.model.erased == []
            house.clock.jump(house.clock.time + wait)
            await desk.runs(60)
    assert house.model.erased == ["conv_1"]


async def test_a_response_is_erased_as_one(house: House) -> None:
    house.model = Refusing()  # conversations alone
    async with house.process() as desk:
        due = QueueErasure("resp_1", house.clock.now(), of_response=True)
        await desk.engine.outside.journal.do(due)
        await desk.runs(60)
    assert house.model.erased == ["resp_1"]
    assert desk.telemetry.count("response erased") == 1


@dataclass(slots=True)
class Refusing(FakeModel):
    """Erases nothing."""

    async def erase(self, conversation_id: str) -> None:
        raise GiveUp("no").because(Why(status=400, code="invalid_value", request_id="req_1"))


async def test_an_erasure_that_is_refused_says_why(house: House) -> None:
    house.model = Refusing()
    async with house.process() as desk:
        due = QueueErasure("conv_1", house.clock.now())
        await desk.engine.outside.journal.do(due)
        await desk.runs(60)
        found = [one for one in desk.telemetry.records if one[0] == "erasure delayed"]
    assert found[0] == ("erasure delayed", {"cause": "GiveUp 400 invalid_value req_1"})


@dataclass(slots=True)
class Keeping(FakeModel):
    """Its server deletes no answers."""

    refusal: SportelloError = field(default_factory=lambda: GiveUp("no"))
    tried: int = 0

    async def erase_response(self, response_id: str) -> None:
        self.tried += 1
        raise self.refusal


NO_CALL = Why(status=404, trouble=Trouble.NO_API)


@pytest.mark.parametrize(
    ("refusal", "is_given_up"),
    [
        (Unserved("404").because(NO_CALL), True),
        (Unserved("403").because(Why(status=403, trouble=Trouble.FORBIDDEN)), False),
        (RetryLater(1.0, "502").because(NO_CALL), False),  # a page, where the API should be
        (RetryLater(1.0, "500").because(Why(status=500)), False),
    ],
)
async def test_what_a_server_never_deletes_is_not_tried_without_end(
    house: House, refusal: SportelloError, is_given_up: bool
) -> None:
    house.model = model = Keeping(refusal=refusal)
    async with house.process() as desk:
        due = QueueErasure("resp_1", house.clock.now(), of_response=True)
        await desk.engine.outside.journal.do(due)
        await desk.runs(1200)
        told = desk.telemetry.count("response not erased")
    assert (model.tried, told) == ((TRIES, 1) if is_given_up else (6, 0))  # 30 s, 1, 2, ... minutes


DUTIES: dict[type, Any] = dict.fromkeys((ClearUpdateNumbers, CloseEnded, DropUploads, EraseTenant))


async def test_what_is_left_goes_in_batches_and_others_come_in_between() -> None:
    clock, journal = FakeClock(), FakeJournal(DUTIES)
    left: dict[Any, list[Any]] = {
        due_erasures: [[]],
        are_uploads_over: [True, False],
        are_deleted: [True, True, False],
    }
    housekeeping = Housekeeping(
        cast(Journal, journal), cast(Database, FakeReads(left)), FakeModel(), clock, FakeTelemetry()
    )
    going = asyncio.ensure_future(housekeeping.once())
    done = []
    while not going.done():
        await rounds()
        done.append([type(one) for one in journal.done])
        journal.done.clear()
        clock.jump(clock.time + REST_SECONDS)
    assert done == [
        [ClearUpdateNumbers, CloseEnded, DropUploads],
        [EraseTenant],
        [EraseTenant],
        [],
    ]


async def test_duties_that_fail_are_told_and_done_another_time() -> None:
    clock, telemetry = FakeClock(), FakeTelemetry()
    found: dict[Any, list[Any]] = {
        due_erasures: [OSError("disk"), []],
        are_uploads_over: [False],
        are_deleted: [False],
    }
    reads = cast(Database, FakeReads(found))
    journal = cast(Journal, FakeJournal(DUTIES))
    housekeeping = Housekeeping(journal, reads, FakeModel(), clock, telemetry)
    going = asyncio.ensure_future(housekeeping.keep())
    await rounds()
    assert telemetry.warnings == [("housekeeping failed", {"error": "OSError"})]
    clock.jump(clock.time + INTERVAL_SECONDS)
    await rounds()
    assert not found[are_deleted]
    going.cancel()
    await asyncio.wait({going})
