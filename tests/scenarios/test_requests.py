"""What a client asks the company to do: its people are told, and one of them does it."""

import json

import pytest

from bot.core.calls import Status, write_output
from bot.core.texts import Text, say
from bot.core.texts.desk import Home
from bot.core.texts.people import Requests, Wanted
from bot.playground.openai import Call, Reply
from bot.tools import ToolContext
from bot.tools.take_request import Detail, take_request
from tests.fakes.tools import FakeTool
from tests.scenarios.admins import ADA, BEA, admin, each_language, headed
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_isolation import toast
from tests.scenarios.test_wanted import asks, works_here

TABLE = [["Nome", "Anna Rossi"], ["Telefono", "333 1234567"], ["Quando", "sabato alle 20, in 4"]]
LINES = "Nome: Anna Rossi\nTelefono: 333 1234567\nQuando: sabato alle 20, in 4"
PROMISED = (
    '{"messages": ["La richiamiamo."], "buttons": [], "outcome": "answered", '
    '"about": "un tavolo", "sources": []}'
)
NOON = 1_795_172_400.0  # 12:00 in Rome
TAKEN = "INSERT INTO requests (turn_id, talk_id, tenant_id, key, fields, taken_at) VALUES "


async def takes(stage: Stage, *keys: str, hosts: tuple[int, ...] = ()) -> None:
    """Requests of the first conversation's, as a process that dies at once leaves them."""
    await stage.closes()
    for key in keys or ("call 1",):
        await stage.runs(f"{TAKEN} (1, 1, 1, '{key}', '{json.dumps(TABLE)}', {NOON})")
    await stage.opens(admin_ids=hosts)


async def met(stage: Stage, name: str = "Anna") -> Person:
    anna = stage.person(name)
    await asks(anna, "Ciao", "answered")
    return anna


@each_language
async def test_what_was_asked_for_is_told_a_field_on_a_line(closed: Stage, language: str) -> None:
    await closed.opens()
    ada = await works_here(closed, language=language)
    await met(closed)
    await takes(closed)
    head = headed("").strip() + "\n" + say(Wanted.HEAD_REQUEST, language, name="Anna")
    assert await last(ada) == f"{head}\n\n{LINES}"
    assert ada.buttons()[-2:] == [say(Wanted.READ, language), say(Wanted.DONE, language)]
    await ada.hears()


async def test_whoever_does_it_does_so_for_everybody(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA, "admin")
    await met(closed)
    await takes(closed)
    await last(ada)
    await last(bea)
    await taps(ada, Wanted.DONE)
    for person in (ada, bea):
        await sees(person, say(Wanted.DONE_BY, "it", name="Ada"))
        assert say(Wanted.DONE, "it") not in person.buttons()
    assert await toast(bea, "requests:1:done 1") == say(Wanted.DONE_BEFORE, "it", name="Ada")


async def test_one_is_done_and_the_other_is_not(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed)
    await met(closed)
    await takes(closed, "call 1", "call 2")
    await closed.until(lambda: len([one for one in ada.said() if LINES in one]) == 2)
    await has_heard(ada)
    await toast(ada, "requests:1:done 2")
    await closed.settles()
    ada.writes("/requests")
    await last(ada)
    keys = [label for label in ada.buttons() if "Anna Rossi" in label]
    assert [label.startswith("✅") for label in keys] == [False, True]


async def test_the_chat_is_read_from_the_notice(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed)
    await met(closed)
    await takes(closed)
    await last(ada)
    await taps(ada, Wanted.READ)
    assert "👤 Ciao" in await last(ada)


@each_language
async def test_it_is_listed_read_and_done(closed: Stage, language: str) -> None:
    await closed.opens()
    ada = await works_here(closed, language=language)
    ada.writes("/requests")
    assert await last(ada) == headed(say(Requests.NONE, language))
    await met(closed)
    await takes(closed)
    await last(ada)
    ada.writes("/home")
    assert f"• {say(Home.REQUESTS_WAIT, language, count=1)}" in await last(ada)
    await taps(ada, Home.READ_REQUESTS, language=language)
    await sees(ada, headed(say(Requests.LIST, language)))
    (key,) = [label for label in ada.buttons() if "Anna Rossi · 333 1234567" in label]
    ada.presses(key)
    await sees(ada, f"12:00\n\n{LINES}")
    await taps(ada, Wanted.DONE, language=language)
    await sees(ada, f"{LINES}\n\n✅")
    await taps(ada, Requests.ALL, language=language)
    await closed.until(lambda: any(label.startswith("✅ Anna") for label in ada.buttons()))
    ada.writes("/home")
    assert say(Home.NOTHING_WAITS, language) in await last(ada)


def clients(ada: Person) -> list[str]:
    return [label.split(" · ")[0] for label in ada.buttons() if label.startswith("Cliente")]


async def test_more_than_a_page_are_turned_over(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed)
    await met(closed)
    await closed.closes()
    for number in range(9):
        fields = json.dumps([["Nome", f"Cliente {number}"]])
        row = f"(1, 1, 1, 'call {number}', '{fields}', {NOON}, 1.0)"
        await closed.runs(TAKEN.replace("taken_at)", "taken_at, told_at)") + row)
    await closed.opens()
    ada.writes("/requests")
    await last(ada)
    assert clients(ada) == [f"Cliente {number}" for number in range(8, 0, -1)]
    ada.presses("›")
    await closed.until(lambda: clients(ada) == ["Cliente 0"])
    ada.presses("‹")
    await closed.until(lambda: len(clients(ada)) == 8)


async def test_of_a_private_assistant_operators_are_not_told_and_read_nothing(
    closed: Stage,
) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA, "admin")
    await met(closed)
    await closed.runs("UPDATE talks SET assistant = 'vip'")
    await takes(closed)
    await last(bea)
    await ada.hears()
    assert await toast(ada, "requests:1:one 1") == say(Requests.GONE, "it")
    ada.writes("/requests")
    assert await last(ada) == headed(say(Requests.NONE, "it"))


async def test_where_nobody_can_be_told_the_host_is(closed: Stage) -> None:
    host = await admin(closed)
    host.writes("/home")
    await last(host)
    await met(closed)
    await takes(closed, hosts=(ADA,))
    await host.hears(say(Text.HOST_NOBODY_TOLD, "it", company="Hotel Aurora"))


@pytest.mark.parametrize("opened", [False, True])
async def test_what_a_client_had_forgotten_goes_from_each_card(closed: Stage, opened: bool) -> None:
    await closed.opens()
    ada = await works_here(closed)
    anna = await met(closed)
    await takes(closed)
    await last(ada)
    if opened:
        ada.writes("/requests")
        await last(ada)
        ada.presses(next(label for label in ada.buttons() if "Rossi" in label))
        await sees(ada, f"12:00\n\n{LINES}")
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await has_heard(anna)
    await sees(ada, say(Wanted.ERASED, "it"))
    assert not [text for text in await closed.everything_stored() if "Rossi" in text]
    await closed.until(lambda: not [text for text in ada.said() if "Rossi" in text])
    assert await toast(ada, "requests:1:done 1") == say(Requests.GONE, "it")


async def test_what_the_assistant_takes_down_is_told_once(closed: Stage) -> None:
    wanted = ("Nome", "Numero di telefono", "Che cosa desidera", "Quando")
    details = [Detail(asked=name, answer=f"{name} di Anna") for name in wanted]

    async def takes_it(context: ToolContext, _: str) -> str:
        told = await take_request(context, details)
        return write_output(Status.SUCCESS, told["message"])

    closed.toolbox.tools.append(FakeTool("take_request", acts=takes_it))
    await closed.opens()
    ada, anna = await works_here(closed), await met(closed)
    calls = [Call("take_request", '{"what":"four"}', f"call_{number}") for number in (1, 2)]
    closed.openai.script.add([Reply(calls=tuple(calls))])
    closed.will_say(raw=PROMISED)
    anna.writes("Un tavolo per sabato")
    assert "\n".join(f"{name}: {name} di Anna" for name in wanted) in await last(ada)
    await anna.hears("La richiamiamo.")
    await closed.settles()
    await ada.hears()
    assert await closed.count("SELECT count(*) FROM requests") == 1


async def test_it_is_passed_on_once_the_client_has_said_yes(closed: Stage) -> None:
    fields = ("Nome", "Quando")
    await closed.publishes(tools=("request_fields", "take_request"), request_fields=fields)
    await closed.opens()
    ada, anna = await works_here(closed), await met(closed)
    when = {"asked": "Quando", "answer": "2026-11-24T20:00"}
    details = [{"asked": "Nome", "answer": "Anna"}, when]
    call = Call("take_request", json.dumps({"details": details}), "call_1")
    closed.openai.script.add([Reply(calls=(call,))])
    closed.will_say("Un tavolo, alle 20.")
    anna.writes("Un tavolo per stasera")
    told = "martedì 24 novembre 2026, 20:00"
    what = f"{say(Text.CONFIRM_REQUEST, 'it')}\n• Nome: Anna\n• Quando: {told}"
    await anna.hears("Un tavolo, alle 20.", f"{say(Text.CONFIRM, 'it')}\n\n{what}")
    assert await closed.count("SELECT count(*) FROM requests") == 0
    closed.will_say("Inoltrato.")
    await taps(anna, Text.CONFIRM_YES)
    assert f"Nome: Anna\nQuando: {told}" in await last(ada)
    await anna.hears("Inoltrato.")
    assert await closed.count("SELECT count(*) FROM requests") == 1
