"""`sportello check`: the model, its server and the account, and what to do about them."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.cli.check_servers import judge
from bot.errors import Why
from bot.llm.catalogue import ModelFacts
from bot.playground.openai import Emulator, Fault, FaultKind
from bot.playground.serve import serve
from db.journal import apply
from db.tenants import SaveProfile
from tests.cli.checking import KEY, Host, migrated

STATUS = FaultKind.STATUS
TODAY = date(2026, 11, 20)


@pytest.fixture
async def openai(host: Host) -> AsyncIterator[Emulator]:
    """An OpenAI that knows the key."""
    emulator = Emulator()
    async with serve(emulator.app()) as url:
        host.sets(OPENAI_BASE_URL=f"{url}/v1", OPENAI_API_KEY=KEY)
        yield emulator


async def test_a_model_that_answers(host: Host, openai: Emulator) -> None:
    assert "ok       Model     gpt-6-luna, no shutdown is announced" in await host.reads()


async def test_a_key_that_is_refused(host: Host, openai: Emulator) -> None:
    openai.revoked_keys.add(KEY)

    line = await host.reads_of_a_problem()

    assert line.startswith("Model     OpenAI refuses the key and clients get no answers. Check")
    assert re.search(r" \(401 invalid_api_key req_\w+\)$", line)


async def test_a_server_that_wants_one_says_so(host: Host, openai: Emulator) -> None:
    host.sets(OPENAI_API_KEY="")

    assert (await host.reads_of_a_problem()).endswith("/v1 wants a key: set OPENAI_API_KEY")


async def test_an_openai_that_does_not_answer(host: Host) -> None:
    host.sets(OPENAI_BASE_URL="http://127.0.0.1:1/v1", OPENAI_API_KEY=KEY)

    assert await host.reads_of_a_problem() == (
        "Model     http://127.0.0.1:1/v1 cannot be reached (no connection: Connection refused)"
    )


async def test_a_wrong_address(host: Host, openai: Emulator) -> None:
    async with serve(openai.app()) as url:
        host.sets(OPENAI_BASE_URL=url)
        line = await host.reads_of_a_problem()

    assert line.startswith("Model     What answers at OPENAI_BASE_URL is not the OpenAI API")
    assert re.search(r" \(404 invalid_request_error\)$", line)


async def test_a_server_without_conversations(host: Host, openai: Emulator) -> None:
    missing = Fault(STATUS, status=404, message="Not Found", on="conversations.retrieve")
    openai.faults.add(missing)

    line = await host.reads_of_a_problem()

    assert line.startswith("Model     The server at OPENAI_BASE_URL lacks OpenAI's Conversations")
    assert re.search(r" \(404 invalid_request_error req_\w+\)$", line)


async def test_a_project_without_access_to_a_model(host: Host, openai: Emulator) -> None:
    openai.faults.add(Fault(STATUS, status=403, code="model_not_found", on="models.retrieve"))

    line = await host.reads_of_a_problem()

    assert "has no access to the model gpt-6-luna" in line
    assert re.search(r" \(403 model_not_found req_\w+\)$", line)


async def test_the_models_of_tenants_are_asked_for_too(host: Host, openai: Emulator) -> None:
    database = await migrated()
    said = {"model": "gpt-0-pizza", "assistants": {"vip": {"model": "gpt-9-pasta"}}}
    save = SaveProfile("gino", json.dumps(said), "test", 0.0)
    await database.write(lambda connection: apply(connection, [save]))
    await database.close()

    lines = [line for line in await host.reads() if "Model" in line]

    assert len(lines) == 3
    for line, model in ((lines[0], "gpt-0-pizza"), (lines[2], "gpt-9-pasta")):
        assert line.startswith(f"warning  Model     {model} is not listed by http://127.0.0.1")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (ModelFacts(known=False), "problem  Model     m is not offered to this account: "),
        (
            ModelFacts(known=False, why=Why(status=404, code="model_not_found")),
            "problem  Model     m is not offered to this account (404 model_not_found): ",
        ),
        (ModelFacts(known=True), "ok       Model     m, no shutdown is announced"),
        (
            ModelFacts(known=True, shutdown_date=date(2026, 11, 20)),
            "problem  Model     m was shut down on 2026-11-20: ",
        ),
        (
            ModelFacts(known=True, shutdown_date=date(2027, 1, 19)),
            "warning  Model     m shuts down on 2027-01-19, in 60 days: ",
        ),
        (
            ModelFacts(known=True, shutdown_date=date(2027, 1, 20)),
            "ok       Model     m, shuts down on 2027-01-20",
        ),
    ],
)
def test_what_a_models_facts_mean(facts: ModelFacts, told: str) -> None:
    finding = str(judge("m", facts, today=TODAY))

    advice = "choose another with OPENAI_MODEL or in the tenant's profile"
    assert finding == told + (advice if told.endswith(": ") else "")
