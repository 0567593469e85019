"""While the database fails the bot is silent, and nothing is lost or said twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from bot.core.texts import Text, say
from tests.scenarios.encounters import met
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

# What comes by itself, now and then, may come meanwhile.
LOOPS = ("housekeeping failed", "people not told", "pruning failed", "sweep failed")


async def lose(stage: Stage, table: str) -> None:
    await stage.runs(f"ALTER TABLE {table} RENAME TO mislaid")


async def find(stage: Stage, table: str) -> None:
    await stage.runs(f"ALTER TABLE mislaid RENAME TO {table}")


async def settled(stage: Stage) -> Person:
    anna = await met(stage)
    await stage.settles()
    return anna


async def test_a_command_waits_for_the_outbox(stage: Stage) -> None:
    anna = await settled(stage)
    await lose(stage, "outbox")
    anna.writes("/help")
    await stage.until(lambda: stage.warned("event failed", times=5))
    await find(stage, "outbox")
    await anna.hears(say(Text.HELP, "it"))
    stage.warns("event failed")
    stage.may_warn(*LOOPS)


@contextmanager
def refusing(*commits: int) -> Iterator[None]:
    """The database refuses those of the next commits, by their number."""
    numbers = count(1)

    def at_commit(_: Connection) -> None:
        if next(numbers) in commits:
            raise OperationalError("COMMIT", {}, OSError("no space left on device"))

    event.listen(Engine, "commit", at_commit)
    try:
        yield
    finally:
        event.remove(Engine, "commit", at_commit)


async def test_a_command_whose_commit_is_refused_is_carried_out(stage: Stage) -> None:
    anna = await settled(stage)
    with refusing(2):  # the first stores the update
        anna.writes("/help")
        await anna.hears(say(Text.HELP, "it"))
    stage.warns("event failed")
    stage.may_warn(*LOOPS)
    assert await stage.rows("SELECT DISTINCT state FROM updates WHERE kind = 'event'") == [
        ("done",)
    ]


async def test_an_answer_that_has_begun_waits_for_the_outbox(stage: Stage) -> None:
    anna = await settled(stage)
    stage.will_say("Uno.", "Due.", delay_ms=20.0)
    anna.writes("Dica")
    await stage.until(lambda: bool(stage.asked()))
    await lose(stage, "outbox")
    await stage.until(lambda: stage.warned("chat not begun anew", times=2))
    await find(stage, "outbox")
    await anna.hears("Uno.", "Due.")
    stage.may_warn("turn broken", "chat not begun anew", "task failed", "claim failed", *LOOPS)


async def test_an_update_waits_to_be_stored(stage: Stage) -> None:
    anna = await settled(stage)
    await lose(stage, "updates")
    stage.will_say("Uno.")
    anna.writes("Dica")
    await stage.until(lambda: stage.warned("updates not stored"))
    await find(stage, "updates")
    await anna.hears("Uno.")
    stage.warns("updates not stored", "polling again")
    stage.may_warn(*LOOPS)
