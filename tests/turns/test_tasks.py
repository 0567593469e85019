"""What runs beside the loops: kept alive, reported when it fails, ended together."""

import asyncio

import pytest

from bot.turns.tasks import Tasks
from tests.fakes.telemetry import FakeTelemetry


async def forever() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise OSError("disk")


@pytest.fixture
def telemetry() -> FakeTelemetry:
    return FakeTelemetry()


@pytest.fixture
def tasks(telemetry: FakeTelemetry) -> Tasks:
    return Tasks(telemetry)


async def test_one_that_fails_is_told_and_takes_no_other_along(
    tasks: Tasks, telemetry: FakeTelemetry
) -> None:
    other, failing = tasks.start(forever()), tasks.start(fails())
    await asyncio.wait({failing})
    await asyncio.sleep(0)  # until it has been told
    [(event, told)] = telemetry.warnings
    assert (event, told["error"]) == ("task failed", "OSError")
    assert not other.done()
    await tasks.cancel()


async def test_all_end_together_and_that_is_no_failure(
    tasks: Tasks, telemetry: FakeTelemetry
) -> None:
    started = [tasks.start(forever()) for _ in range(2)]
    await asyncio.sleep(0)
    await tasks.cancel()
    assert all(task.cancelled() for task in started)
    assert not telemetry.warnings


async def test_those_are_waited_for_that_one_of_them_starts_too(tasks: Tasks) -> None:
    done: list[str] = []

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        tasks.start(second())
        done.append("first")

    tasks.start(first())
    await tasks.join()
    assert done == ["first", "second"]


async def test_what_has_ended_is_not_kept(tasks: Tasks) -> None:
    await asyncio.wait({tasks.start(asyncio.sleep(0))})
    await asyncio.sleep(0)
    assert not tasks._running
