"""Whoever has no phone types a call (`python -m bot.playground.phone`): ten turns, to its end."""

import re

from bot.playground.phone.ami import EmulatedAMI
from bot.playground.phone.typed import TypedCall
from tests.gateways.caller import Caller
from tests.gateways.test_phone import LONG, TRANSFER, WAIT
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_calls import will_call


async def test_ten_turns_with_an_interruption_and_a_transfer(
    stage: Stage, ami: EmulatedAMI, caller: Caller
) -> None:
    stage.clock.speed = 10.0  # what is spoken before a transfer takes seconds, and is to arrive
    shown: list[str] = []
    call = TypedCall(caller.reader.url + caller.path, shown.append)
    ami.told = call.ask_ami
    for number in range(7):
        stage.will_say(f"Risposta {number}.")
        call.put(f"Domanda {number}")
    stage.will_say(*LONG, delay_ms=40)
    call.put("Mi racconti dell'albergo")
    stage.will_say("Certo.")
    call.put("!Basta così. Avete un garage?")
    will_call(stage, TRANSFER)
    stage.will_say("Fatto.")
    call.put("Mi passi qualcuno")
    await call.goes_on()
    told = [re.sub(r"^ *\d+\.\d +", "", line) for line in shown]
    assert told[1:4] == ["caller  Domanda 0", f"voice   {AI_NOTICE}", "voice   Risposta 0."]
    assert [line[8:] for line in told if line.startswith("caller")][7:] == [
        *("Mi racconti dell'albergo", "Basta così. Avete un garage?", "Mi passi qualcuno")
    ]
    spoken = [line[8:] for line in told if line.startswith("voice")]
    assert LONG[0] in spoken
    assert LONG[-1] not in spoken
    assert spoken[-2:] == ["Certo.", WAIT]
    where = {"exten": "600", "context": "inside", "priority": 1}
    assert ami.done == [("transfer", {"uuid": call.uuid, **where})]
    assert told[-1] == "the call is over"
    await stage.settles()
