"""An answer that goes on without us is looked up each second, for as long as it is waited for."""

import asyncio
from typing import Any

import pytest

from bot.errors import GiveUp
from bot.ports import Answer, AnswerState
from bot.turns.patience import Patience, PatientModel
from bot.turns.retrieving import Retrieving
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.model import FakeModel, answer
from tests.fakes.telemetry import FakeTelemetry

RUNNING, OVER = answer(state=AnswerState.RUNNING), answer("Ecco.")


class Looked(FakeModel):
    """It says what it says next."""

    says: list[Answer | Exception]

    async def retrieve(self, response_id: str) -> Answer:
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


async def look_up(seconds: float, *says: Answer | Exception) -> tuple[Any, float]:
    """What came of it, and how long it took."""
    clock, model = FakeClock(), Looked()
    model.says = [*says]
    patient = PatientModel(model, Patience(clock))
    start = clock.time
    looking = asyncio.ensure_future(
        Retrieving(patient, clock, FakeTelemetry(), seconds).answer("resp_1")
    )
    await rounds()
    while not looking.done():
        clock.jump(clock.next_due() or start)
        await rounds()
    assert not model.says
    return await looking, clock.time - start


@pytest.mark.parametrize(
    ("seconds", "says", "found", "after"),
    [
        (10, [OVER], OVER, 0),
        (10, [RUNNING, RUNNING, OVER], OVER, 2),
        (2, [RUNNING] * 3, RUNNING, 2),
        (10, [RUNNING, GiveUp("404")], None, 1),
        (10, [answer(state=AnswerState.FAILED)], None, 0),
    ],
)
async def test_it_is_looked_up_until_it_is_over_or_time_is(
    seconds: float, says: list[Answer | Exception], found: Answer | None, after: float
) -> None:
    assert await look_up(seconds, *says) == (found, after)
