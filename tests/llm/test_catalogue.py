from datetime import date

import pytest

from bot.errors import RetryLater, Unauthorized
from bot.llm.catalogue import ModelFacts
from bot.playground.openai import FaultKind
from tests.llm.support import KEY, Desk


async def test_a_model_without_an_end(desk: Desk) -> None:
    assert await desk.model.describe("gpt-6-luna") == ModelFacts(known=True)


async def test_a_model_with_an_end(desk: Desk) -> None:
    facts = await desk.model.describe("gpt-5.1")

    assert facts == ModelFacts(known=True, shutdown_date=date(2027, 4, 1))


async def test_a_model_that_is_unknown(desk: Desk) -> None:
    assert await desk.model.describe("gpt-2") == ModelFacts(known=False)


async def test_a_key_that_was_revoked(desk: Desk) -> None:
    desk.emulator.revoked_keys.add(KEY)

    with pytest.raises(Unauthorized):
        await desk.model.describe("gpt-6-luna")


async def test_a_server_that_is_busy(desk: Desk) -> None:
    desk.will_fail(FaultKind.OVERLOADED, on="models.retrieve")

    with pytest.raises(RetryLater):
        await desk.model.describe("gpt-6-luna")
