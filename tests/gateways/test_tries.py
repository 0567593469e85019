"""OpenAI's own client tries again, and says so: the same question is answered once."""

import asyncio
from collections.abc import Mapping

import pytest

from bot.gateways.tries import COUNT, SOON
from bot.playground.openai import FaultKind, Then
from tests.gateways.openai_client import ANNA, ASKED, client_of, complete, text_of, user
from tests.gateways.test_killed import LONG_MS
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.web.reader import Reader

TURNS = "SELECT count(*) FROM turns"
LATER = {COUNT: "1"}


@pytest.mark.parametrize("named", [ANNA, {}])
async def test_what_the_client_tries_again_after_a_kill_is_the_same_question(
    stage: Stage, crm: Reader, named: Mapping[str, str]
) -> None:
    """[3] It knows nothing of Idempotency-Keys; where no conversation has a name as well."""
    stage.openai_fails(FaultKind.NONE, then=Then.DROP, then_seconds=0.1)
    stage.will_say("Uno.", first_ms=LONG_MS)
    async with client_of(crm, max_retries=9) as openai, asyncio.timeout(PATIENCE_SECONDS):
        asking = asyncio.create_task(complete(openai, extra_headers=named))
        await stage.until(lambda: len(stage.asked()) == 1)
        await stage.dies()
        stage.will_say("Uno.")
        await stage.opens()
        assert text_of(await asking).endswith("Uno.")
    await stage.settles()
    assert await stage.count(TURNS) == 1


async def test_others_who_ask_the_same_are_no_other_try(stage: Stage, crm: Reader) -> None:
    """Each has a chat; who tries again finds one of the question, whoever asked it."""
    async with client_of(crm) as openai:
        for said in ("Uno.", "Due."):
            stage.will_say(said)
            assert text_of(await complete(openai)).endswith(said)
        assert text_of(await complete(openai, extra_headers=LATER)).endswith("Due.")
        stage.will_say("Tre.")
        other = await complete(openai, ASKED, user("Check-in?"), extra_headers=LATER)
        assert text_of(other).endswith("Tre.")
    await stage.settles()
    assert await stage.count("SELECT count(*) FROM chats") == 3


async def test_what_was_never_heard_or_long_ago_is_asked_now(stage: Stage, crm: Reader) -> None:
    """And so is what somebody has spoken behind."""
    async with client_of(crm) as openai:
        stage.will_say("Uno.")
        first = await complete(openai, extra_headers={**ANNA, COUNT: "2"})
        again = await complete(openai, extra_headers={**ANNA, COUNT: "3"})
        assert text_of(again) == text_of(first)
        stage.clock.skips(SOON)
        stage.will_say("Due.")
        assert text_of(await complete(openai, extra_headers=ANNA | LATER)) == "Due."
        stage.will_say("Tre.")
        await complete(openai, user("E poi?"), extra_headers=ANNA)
        stage.will_say("Quattro.")
        assert text_of(await complete(openai, extra_headers=ANNA | LATER)) == "Quattro."
    await stage.settles()
    assert await stage.count(TURNS) == 4
