"""A bubble is in doubt, and messages from before the kill are still waiting at Telegram."""

import pytest

from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage


async def test_a_search_waits_for_what_telegram_still_has(closed: Stage) -> None:
    stage = closed
    anna, bruno = await _in_doubt_above_a_backlog(stage)
    stage.will_say("Ciao.")
    await stage.opens()
    stage.warns("Telegram cannot be polled")
    await anna.hears("Due.")
    await bruno.hears(AI_NOTICE, "Ciao.")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_it_waits_too_while_another_process_has_the_right_to_poll(closed: Stage) -> None:
    stage = closed
    anna, bruno = await _in_doubt_above_a_backlog(stage)
    await stage.runs("INSERT INTO workers (id, expires_at) VALUES ('another', 1e12)")
    await stage.runs("UPDATE bots SET poller = 'another'")
    stage.will_say("Ciao.")
    await stage.opens()
    stage.warns("Telegram cannot be polled")
    await stage.clock.sleep(20)  # a search that did not wait would be over
    await stage.runs("DELETE FROM workers WHERE id = 'another'")
    await anna.hears("Due.")
    await bruno.hears(AI_NOTICE, "Ciao.")


async def test_nor_is_it_over_while_the_polls_of_a_process_that_lives_fail(closed: Stage) -> None:
    stage = closed
    anna, bruno = await _before_the_call_is_lost(stage)
    stage.telegram.faults.release(lose=True)
    stage.warns("Telegram cannot be polled")
    await stage.clock.sleep(20)
    stage.telegram.faults.clear()
    stage.will_say("Ciao.")
    stage.warns("polling again")
    await anna.hears("Due.")
    await bruno.hears(AI_NOTICE, "Ciao.")


async def _in_doubt_above_a_backlog(stage: Stage) -> tuple[Person, Person]:
    """The process dies without having heard what became of the bubble."""
    people = await _before_the_call_is_lost(stage)
    await stage.dies()
    stage.telegram.faults.clear()
    await stage.clock.sleep(60)
    return people


async def _before_the_call_is_lost(stage: Stage) -> tuple[Person, Person]:
    """A bubble to the first of them; the second has written three messages that nobody polled."""
    await stage.opens(turn_quiet_seconds=30, turn_max_wait_seconds=60)
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    stage.will_say("Uno.")
    anna.writes("A")
    await anna.hears(AI_NOTICE, "Uno.")
    await stage.settles()
    stage.telegram_fails("500", method="getUpdates", count=None)
    accepted = stage.commits
    stage.will_say("Due.")
    anna.writes("B")
    await stage.until(lambda: stage.commits > accepted)
    for text in ("x", "y", "z"):
        bruno.writes(text)  # these take the ids right below the bubble's
    stage.telegram_fails("hold_after")
    await stage.until(lambda: bool(stage.telegram.faults.held))
    return anna, bruno
