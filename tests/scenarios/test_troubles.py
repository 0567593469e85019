"""What only a host can mend: it is said to the host once, and what to do; clients are spared it."""

import re
from typing import Any

import pytest

from bot.core.texts import Text, say
from bot.errors import Trouble
from bot.playground.openai import FaultKind
from bot.turns.hosts import OF_ONE_MODEL, TROUBLES
from tests.scenarios.encounters import host_of, met
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

FAILURE = say(Text.FAILURE, "it")
MODEL = "gpt-6-luna"
STATUS = FaultKind.STATUS
SCOPES = "You have insufficient permissions. Missing scopes: api.responses.write."
UNVERIFIED = "Your organization must be verified to stream this model."
FAULTS: dict[Trouble, dict[str, Any]] = {
    Trouble.OUT_OF_CREDIT: {"kind": FaultKind.NO_CREDIT},
    Trouble.KEY_REFUSED: {"kind": FaultKind.UNAUTHORIZED},
    Trouble.KEY_LIMITED: {"kind": STATUS, "status": 401, "message": SCOPES},
    Trouble.FORBIDDEN: {"kind": STATUS, "status": 403},
    Trouble.COUNTRY: {
        "kind": STATUS,
        "status": 403,
        "code": "unsupported_country_region_territory",
    },
    Trouble.ORGANIZATION: {
        "kind": STATUS,
        "status": 400,
        "code": "unsupported_value",
        "message": UNVERIFIED,
    },
    Trouble.MODEL_UNKNOWN: {"kind": STATUS, "status": 404, "code": "model_not_found"},
    Trouble.MODEL_DENIED: {"kind": STATUS, "status": 403, "code": "model_not_found"},
    Trouble.NO_CONVERSATIONS: {
        "kind": STATUS,
        "status": 404,
        "message": "Not Found",
        "on": "conversations.create",
    },
}
# Those that come of an address: what stands behind the server's own.
ADDRESSES = {Trouble.NO_API: "{server}", Trouble.UNREACHABLE: "http://127.0.0.1:9/v1"}
each_fault = pytest.mark.parametrize("trouble", sorted({*Trouble} - {*ADDRESSES}), ids=str)


async def fails(stage: Stage, anna: Person) -> None:
    anna.writes("Dica")
    await anna.hears(FAILURE)
    await stage.settles()


def key_of(trouble: Trouble) -> str:
    """By which it is logged and remembered."""
    return f"{trouble}: {MODEL}" if trouble in OF_ONE_MODEL else trouble


@each_fault
async def test_the_host_is_told_once_and_the_log_says_why(closed: Stage, trouble: Trouble) -> None:
    host = await host_of(closed, "ru")
    anna = await met(closed)
    fault = FAULTS[trouble]
    # A conversation is asked for while the client writes, and again when it is needed.
    closed.openai_fails(**fault, count=4 if fault.get("on") == "conversations.create" else 2)
    closed.warns("turn failed", key_of(trouble))
    for _ in range(2):
        await fails(closed, anna)
    await host.hears(say(TROUBLES[trouble], "ru", model=MODEL))
    causes = [cause for (cause,) in await closed.rows("SELECT cause FROM turns")]
    logged = [fields["cause"] for event, fields in closed.telemetry.warnings if "cause" in fields]
    assert logged == causes
    for cause in causes:
        assert re.fullmatch(rf"{trouble}: 4\d\d( \w+)* req_\w+", cause)


async def test_what_no_host_can_mend_keeps_its_cause_too(closed: Stage) -> None:
    await closed.opens()
    anna = await met(closed)
    closed.openai_fails(STATUS, status=400, code="invalid_value", param="text.format")
    closed.warns("turn failed", "refused")
    await fails(closed, anna)
    ((cause,),) = await closed.rows("SELECT cause FROM turns")
    assert re.fullmatch(r"ModelRefused GiveUp 400 invalid_value text[.]format req_\w+", cause)


@pytest.mark.parametrize("trouble", ADDRESSES, ids=str)
async def test_a_wrong_address_is_told(closed: Stage, trouble: Trouble) -> None:
    server = closed.settings["openai_base_url"].removesuffix("/v1")
    host = await host_of(closed, openai_base_url=ADDRESSES[trouble].format(server=server))
    anna = await met(closed)
    closed.warns("model not checked", "turn failed", trouble)
    await fails(closed, anna)
    await host.hears(say(TROUBLES[trouble], "en"))


@pytest.mark.parametrize("trouble", ADDRESSES, ids=str)
async def test_the_start_says_what_is_wrong_with_an_address(
    closed: Stage, trouble: Trouble
) -> None:
    server = closed.settings["openai_base_url"].removesuffix("/v1")
    closed.warns("model not checked")
    await closed.opens(openai_base_url=ADDRESSES[trouble].format(server=server))
    assert await said_at_the_start(closed) == say(TROUBLES[trouble], "en")


async def test_the_start_says_that_a_server_has_no_conversations(closed: Stage) -> None:
    missing = {**FAULTS[Trouble.NO_CONVERSATIONS], "on": "conversations.retrieve"}
    closed.openai_fails(**missing)
    closed.warns("model not checked")
    await closed.opens()
    assert await said_at_the_start(closed) == say(TROUBLES[Trouble.NO_CONVERSATIONS], "en")


async def said_at_the_start(stage: Stage) -> object:
    await met(stage)
    await stage.until(lambda: stage.warned("model not checked"))
    ((_, fields),) = stage.telemetry.warnings
    return fields["advice"]


async def test_a_model_that_was_withdrawn_is_named(closed: Stage) -> None:
    host = await host_of(closed, openai_model="gpt-3.5-turbo")
    anna = await met(closed)
    closed.warns("model unknown", "turn failed", "model unknown: gpt-3.5-turbo")
    await fails(closed, anna)
    await host.hears(say(TROUBLES[Trouble.MODEL_UNKNOWN], "en", model="gpt-3.5-turbo"))
    assert len(closed.asked()) == 1


async def test_what_another_model_answers_makes_it_no_new_trouble(closed: Stage) -> None:
    host = await host_of(closed)
    anna = await met(closed)
    closed.warns("turn failed", "model unknown: gpt-0")
    for _ in range(2):
        await closed.publishes(model="gpt-0")
        await fails(closed, anna)
        await closed.publishes(model=None)
        closed.will_say("Certo.")
        anna.writes("Dica")
        await anna.hears("Certo.")
    await host.hears(say(TROUBLES[Trouble.MODEL_UNKNOWN], "en", model="gpt-0"))


async def test_once_it_was_well_it_is_told_again(closed: Stage) -> None:
    host = await host_of(closed)
    anna = await met(closed)
    closed.warns("turn failed", key_of(Trouble.MODEL_DENIED))
    told = say(TROUBLES[Trouble.MODEL_DENIED], "en", model=MODEL)
    for _ in range(2):
        closed.openai_fails(**FAULTS[Trouble.MODEL_DENIED])
        await fails(closed, anna)
        closed.will_say("Certo.")
        anna.writes("Dica")
        await anna.hears("Certo.")
        await closed.settles()
    await host.hears(told, told)


# ------------------------------------------------------------------ an effort


async def test_an_effort_that_is_left_to_the_model_is_not_sent(closed: Stage) -> None:
    await closed.opens(openai_reasoning_effort="default")
    anna = await met(closed)
    closed.will_say("Certo.")
    anna.writes("Dica")
    await anna.hears("Certo.")
    assert "reasoning" not in closed.asked()[0]


async def test_a_company_s_model_that_does_not_reason_answers(closed: Stage) -> None:
    await closed.opens()
    anna = await met(closed)
    await closed.publishes(model="gpt-4.1-mini")
    for _ in range(2):
        closed.will_say("Certo.")
        anna.writes("Dica")
        await anna.hears("Certo.")
    assert ["reasoning" in body for body in closed.asked()] == [True, False, False]
