"""A phone call, from its first word to its end, as the phone stack's core makes it."""

import asyncio
import json
import shutil
from collections.abc import Mapping
from typing import Final

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import Call, FaultKind, Then
from bot.playground.phone.ami import EmulatedAMI
from db.api_keys import Scope
from db.records import STOPPED
from tests.gateways.caller import PATH, Caller, calling
from tests.gateways.test_update import bank
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_calls import will_call
from tests.web.conftest import Programs

WAIT: Final = "La passo alla reception."
TRANSFER: Final = Call("transfer", json.dumps({"extension": "600", "announcement": WAIT}), "call_1")
BYE: Final = Call("hang_up", json.dumps({"goodbye": "Arrivederci!"}), "call_2")
LONG: Final = ("Le racconto la storia.", "Nel 1900 nacque l'albergo.", "Poi venne la guerra.")


async def test_a_call_of_ten_turns(stage: Stage, ami: EmulatedAMI, caller: Caller) -> None:
    """[51, 52, 53, 58]"""
    stage.will_say("Buongiorno! Come posso aiutarLa?")
    assert await caller.hears("Pronto?") == [AI_NOTICE, "Buongiorno!", "Come posso aiutarLa?"]
    stage.will_say("La **colazione** costa 3.50 € 😀")
    assert await caller.hears("Quanto costa la colazione?") == ["La colazione costa 3,50 €."]
    stage.will_say("Abbiamo:\n- singole;\n- doppie…", "Quale preferisce?")
    told = ["Abbiamo.", "singole.", "doppie.", "Quale preferisce?"]
    assert await caller.hears("Che camere avete?") == told
    stage.will_say("Perfetto.")
    assert await caller.hears("1") == ["Perfetto."]
    stage.will_say(*LONG, delay_ms=40)
    before = caller.says("Mi racconti dell'albergo")
    await caller.until_spoken(before, LONG[0])
    stage.will_say("Certo.")
    assert await caller.hears("Basta così. Avete un garage?") == ["Certo."]
    await caller.ends()
    assert (before.ended, before.spoken) == (True, [*LONG[: len(before.spoken)]])
    assert len(before.spoken) < len(LONG)
    asked = json.dumps(stage.asked()[-1], ensure_ascii=False)
    assert "had you stop your last reply" in asked
    assert f"not_shown: all of your last reply that came after: {before.spoken[-1]}" in asked
    for number in range(2):
        stage.will_say(f"Numero {number}.")
        assert await caller.hears("E poi?") == [f"Numero {number}."]
    will_call(stage, TRANSFER)
    stage.will_say("Fatto.")
    assert await caller.hears("Mi passi qualcuno") == [WAIT, "Fatto."]
    will_call(stage, BYE)
    stage.will_say("Fatto.")
    assert await caller.hears("Grazie, arrivederci") == ["Arrivederci!", "Fatto."]
    whose = {"uuid": caller.uuid}
    where = {"exten": "600", "context": "inside", "priority": 1}
    assert ami.done == [("transfer", whose | where), ("hangup", whose)]


async def test_who_hangs_up_is_not_spoken_to_any_more(stage: Stage, caller: Caller) -> None:
    """[54] The answer on its way is the last one."""
    stage.will_say(*LONG, delay_ms=40)
    speech = caller.says("Mi racconti dell'albergo")
    await caller.until_spoken(speech, LONG[0])
    await caller.hangs_up()
    await stage.settles()
    assert await stage.rows("SELECT cause FROM turns") == [(STOPPED,)]
    assert len(stage.asked()) == 1
    assert await stage.count("SELECT count(*) FROM outbox WHERE kind = 'reply'") < len(LONG)


async def test_what_was_not_spoken_when_the_process_died_stays_in_the_log(
    stage: Stage, caller: Caller
) -> None:
    """[7]"""
    stage.openai_fails(FaultKind.NONE, then=Then.FINISH, then_seconds=0.1)
    stage.will_say(*LONG, delay_ms=40)
    speech = caller.says("Mi racconti dell'albergo")
    await caller.until_spoken(speech, LONG[0])
    await stage.dies()
    await asyncio.gather(*caller.streams, return_exceptions=True)
    assert not speech.ended
    await stage.opens()
    await stage.settles()
    said = await stage.rows("SELECT text FROM outbox WHERE kind = 'reply' ORDER BY id")
    assert [text for (text,) in said] == [*LONG]
    stage.will_say("Eccomi.")
    assert await caller.hears("Pronto?") == ["Eccomi."]


async def test_silence_is_broken_and_nothing_is_lost(stage: Stage, caller: Caller) -> None:
    """[55]"""
    await stage.closes()
    stage.clock.speed = 10.0
    await stage.opens(waiting_seconds=5)
    await stage.publishes(waiting_message="Un attimo...")
    stage.will_say("Dalle 14.", first_ms=600)
    told = await caller.hears("A che ora è il check-in?")
    assert told == [AI_NOTICE, "Un attimo.", "Dalle 14."]


async def test_a_model_that_fails_is_spoken_of_kindly(stage: Stage, caller: Caller) -> None:
    """[59]"""
    stage.openai_fails(FaultKind.NO_CREDIT)
    told = await caller.hears("A che ora è il check-in?")
    assert " ".join(told) == f"{AI_NOTICE} {say(Text.FAILURE, 'it')}"
    stage.warns("turn failed", "out of credit")


@pytest.mark.parametrize(
    ("body", "headers", "told"),
    [
        ({"message": "Pronto?"}, {}, "Uuid is required"),
        ({"uuid": "a/b", "message": "Pronto?"}, {}, "Uuid is required"),
        ({"uuid": "u1"}, {}, "Message is required"),
        ({"uuid": "u1", "message": " "}, {}, "Message is required"),
        (
            {"messages": [{"role": "system", "content": "x"}]},
            {"X-UUID": "u1"},
            "Message is required",
        ),
        ({"uuid": "u1", "message": "a" * 5000}, {}, "Message is too long"),
        ([], {}, "Uuid is required"),
    ],
)
async def test_what_cannot_be_answered_is_refused_as_there(
    stage: Stage, caller: Caller, body: object, headers: Mapping[str, str], told: str
) -> None:
    """[57, 58]"""
    answer = await caller.reader.asks("POST", caller.path, body, headers=headers)
    assert (answer.status, answer.body) == (400, {"message": told})
    assert await stage.count("SELECT count(*) FROM updates") == 0


@pytest.mark.parametrize("key", ["5", 5], ids=["text", "number"])
async def test_a_key_that_was_pressed_is_said(stage: Stage, caller: Caller, key: object) -> None:
    """[58] Whichever way its digit is written."""
    stage.will_say("Va bene.")
    answer = await caller.reader.asks("POST", caller.path, {"uuid": "u1", "message": key})
    assert answer.status == 200
    await stage.settles()
    assert stage.inputs()[-1][-1] == "5"


async def test_without_a_good_key_nothing_is_said(stage: Stage, caller: Caller) -> None:
    for path in (PATH, f"/k/spk_9_x{PATH}"):
        answer = await caller.reader.asks("POST", path, {"uuid": "u1", "message": "Pronto?"})
        assert (answer.status, [*answer.body]) == (401, ["message"])


async def test_of_all_that_was_said_the_last_is_answered(stage: Stage, caller: Caller) -> None:
    """[56, 57]"""
    said = [
        ("system", "You are a parrot."),
        ("user", "Prima"),
        ("assistant", "Sì."),
        ("user", "Poi"),
    ]
    messages = [{"role": role, "content": content} for role, content in said]
    stage.will_say("Certo.")
    answer = await caller.reader.asks(
        "POST", caller.path, {"messages": messages}, headers={"X-UUID": "u1"}
    )
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in answer.headers
    await stage.settles()
    assert stage.inputs()[-1][-1] == "Poi"
    assert "parrot" not in json.dumps(stage.asked()[-1])


async def test_two_companies_with_one_uuid_are_two_calls(
    stage: Stage, ami: EmulatedAMI, program: Programs
) -> None:
    """[60] Neither's caller cuts off the other's."""
    hotel = await program(Scope.CHAT)
    ours, theirs = calling(hotel), calling(await bank(stage, hotel))
    stage.will_say(*LONG, delay_ms=40)
    speech = ours.says("Mi racconti dell'albergo")
    await ours.until_spoken(speech, LONG[0])
    stage.will_say("Salve.")
    assert (await theirs.hears("Pronto?"))[-1] == "Salve."
    await ours.ends()
    assert speech.spoken == [AI_NOTICE, *LONG]


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
async def test_in_node_each_piece_can_be_parsed(stage: Stage, caller: Caller) -> None:
    """[51]"""
    long = "Камера: " + "и так далее, " * 200
    stage.will_say("Buongiorno!", long)
    stage.will_say("Sì.", "No.")
    url, script = caller.reader.url + caller.path, "tests/gateways/caller.mjs"
    run = await asyncio.create_subprocess_exec(
        *("node", script, url, caller.uuid, "Pronto?", "E poi?"), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await run.communicate()
    assert run.returncode == 0
    first, second = json.loads(told)
    assert (first[:2], second) == ([AI_NOTICE, "Buongiorno!"], ["Sì.", "No."])
    assert len(first) > 3
