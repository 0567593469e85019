from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.errors import RetryLater, Unauthorized
from bot.llm.catalogue import ModelFacts, find_offers
from bot.llm.model import open_model
from bot.playground.openai import Fault, FaultKind
from bot.playground.serve import serve
from bot.turns.offers import Offer
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


async def test_what_is_offered_and_what_is_not(desk: Desk) -> None:
    asked = ("gpt-6-luna", "gpt-6-lune", "gpt-4")

    offers = await desk.model.offers(asked)

    assert [offers[model].known for model in asked] == [True, False, False]
    assert offers["gpt-6-luna"].nearest == ()
    assert offers["gpt-6-lune"].nearest[0] == "gpt-6-luna"


async def test_a_model_that_is_not_listed_may_be_there() -> None:
    listed = JSONResponse({"object": "list", "data": [{"id": "llama:latest"}]})
    app = Starlette(
        routes=[
            Route("/v1/models", lambda _: listed),
            Route("/v1/models/llama", lambda _: JSONResponse({"id": "llama"})),
        ]
    )
    async with serve(app) as url, open_model(api_key=None, base_url=f"{url}/v1") as model:
        assert (await model.offers(["llama"]))["llama"].known


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.STATUS, status=404, message="Not Found", on="models.list"),
        Fault(FaultKind.UNAUTHORIZED, on="models.list"),
        Fault(FaultKind.OVERLOADED, on="models.list"),
        Fault(FaultKind.NO_STREAM, text="<h1>Welcome</h1>", on="models.list"),
        Fault(FaultKind.HANG, on="models.list"),
    ],
    ids=lambda fault: fault.kind,
)
async def test_a_server_that_does_not_list_them_says_nothing(desk: Desk, fault: Fault) -> None:
    desk.emulator.faults.add(fault)

    offers = await find_offers(desk.model.api, ["gpt-6-luna", "gpt-2"], seconds=0.3)

    assert offers == {"gpt-6-luna": Offer(known=None), "gpt-2": Offer(known=None)}
