"""While the database fails the bot is silent, and nothing is lost or said twice."""

from bot.core.texts import Text, say
from tests.scenarios.encounters import met
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage


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
    stage.warns("event failed", "update failed")


async def test_an_answer_that_has_begun_waits_for_the_outbox(stage: Stage) -> None:
    anna = await settled(stage)
    stage.will_say("Uno.", "Due.", delay_ms=20.0)
    anna.writes("Dica")
    await stage.until(lambda: bool(stage.asked()))
    await lose(stage, "outbox")
    await stage.until(lambda: stage.warned("chat not begun anew", times=2))
    await find(stage, "outbox")
    await anna.hears("Uno.", "Due.")
    stage.may_warn("turn broken", "chat not begun anew", "task failed", "claim failed")


async def test_an_update_waits_to_be_stored(stage: Stage) -> None:
    anna = await settled(stage)
    await lose(stage, "updates")
    stage.will_say("Uno.")
    anna.writes("Dica")
    await stage.until(lambda: stage.warned("updates not stored"))
    await find(stage, "updates")
    await anna.hears("Uno.")
    stage.warns("updates not stored", "polling again")
