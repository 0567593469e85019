"""When the phone system does not do what it is asked to, the call goes on."""

import json

import pytest

from bot.core.calls import Status
from bot.playground.phone.ami import EmulatedAMI
from db.calls import CallState
from tests.gateways.caller import Caller
from tests.gateways.test_phone import BYE, TRANSFER, WAIT
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_calls import outputs, will_call

NOBODY = "http://127.0.0.1:1"  # a port that needs a privilege
FAILED = CallState.FAILED, None
SORRY = "Mi dispiace, ora non riesco a passarla."


async def state(stage: Stage) -> tuple[str, str | None]:
    """Of the only call, and of its turn: how it served the client."""
    await stage.settles()
    calls = await stage.rows("SELECT state FROM calls")
    turns = await stage.rows("SELECT outcome FROM turns ORDER BY id DESC")
    ((call,),) = calls
    return call, turns[0][0]


@pytest.mark.parametrize(
    ("status", "told"),
    [(401, "passed on just now"), (404, "call is over"), (500, "a person will check")],
)
async def test_a_call_that_is_not_passed_on_goes_on(
    stage: Stage, ami: EmulatedAMI, caller: Caller, status: int, told: str
) -> None:
    """Of what nobody knows a person is told."""
    ami.status = status
    will_call(stage, TRANSFER)
    stage.will_say(SORRY)
    assert await caller.hears("Mi passi qualcuno") == [AI_NOTICE, WAIT, SORRY]
    unknown = status == 500
    assert await state(stage) == ((CallState.DOUBT, "handover") if unknown else FAILED)
    ((output,),) = [one.values() for one in outputs(stage)]
    assert json.loads(output)["data"]["status"] == Status.FAILURE
    assert told in output
    if status != 404:
        stage.warns("phone system failed")
    if unknown:
        stage.warns("tool failed")
    stage.will_say("Dalle 14.")
    assert await caller.hears("A che ora è il check-in?") == ["Dalle 14."]
    assert len(ami.done) == 1


async def test_a_call_that_nobody_ends_is_the_callers_to_end(
    stage: Stage, ami: EmulatedAMI, caller: Caller
) -> None:
    ami.status = 500
    will_call(stage, BYE)
    stage.will_say("Può riagganciare.")
    told = [AI_NOTICE, "Arrivederci!", "Può riagganciare."]
    assert await caller.hears("Grazie, arrivederci") == told
    assert await state(stage) == FAILED
    stage.warns("phone system failed")


async def test_without_a_phone_system_a_call_goes_on(
    stage: Stage, ami: EmulatedAMI, caller: Caller
) -> None:
    await stage.closes()
    await stage.opens(ami_url=NOBODY)
    will_call(stage, TRANSFER)
    stage.will_say(SORRY)
    assert await caller.hears("Mi passi qualcuno") == [AI_NOTICE, WAIT, SORRY]
    assert await state(stage) == FAILED
    stage.warns("phone system failed")
