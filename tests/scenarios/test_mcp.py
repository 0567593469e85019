"""MCP servers of a company's: typed, switched on, asked by OpenAI, removed; and what opens them."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.profile import Assistants, CompanyCard, Configure
from bot.core.texts.tools import Mcp as Say
from bot.core.texts.tools import Tools
from bot.front.commands import what_is_kept
from bot.playground.openai import Call, Reply
from bot.playground.openai.mcp import EmulatedServer, EmulatedTool
from bot.telegram.admin.fields import label
from db.mcp import MOST
from tests.fakes.tools import FakeTool, done
from tests.scenarios.admins import ADA, KEY, admin, both_languages, draft, each_language, headed, it
from tests.scenarios.cards import has_heard, last, sees
from tests.scenarios.encounters import met
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import HOTEL, Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

URL, SECRET = "https://rooms.example/mcp/hidden-path", "t0p-secret-of-the-rooms"
ADDING = f"/mcp rooms {URL} {SECRET}"
TOOLS = (EmulatedTool("free", "Room 7 is free."), EmulatedTool("cancel", read_only=False))
FREE = Call("rooms.free", '{"day":"today"}')
ON = say(Configure.CHOSEN, "it", choice=it(Tools.SERVER, label="rooms"))
OFF = it(Tools.SERVER, label="rooms")


async def host(stage: Stage, language: str = "it") -> Person:
    stage.openai.servers[URL] = EmulatedServer(TOOLS, SECRET)
    return await admin(stage, language, secret_key=KEY, tenant_tools=True)


async def added(stage: Stage) -> Person:
    ada = await host(stage)
    ada.writes(ADDING)
    await ada.hears(headed(it(Say.ADDED, name="rooms")))
    return ada


async def switched_on(stage: Stage) -> Person:
    """The server answers for the public assistant."""
    ada = await added(stage)
    await stage.publishes(tools=["mcp:rooms"])
    return ada


def will_ask(stage: Stage, *calls: Call, say: str = "La 7 è libera.") -> None:
    stage.openai.script.add([Reply((say,), asks=calls)])


async def hidden(stage: Stage, *secrets: str) -> None:
    """None of it is stored, nor shown anywhere but in requests for answers."""
    stored = "".join(await stage.everything_stored())
    objects = str([one.body for one in stage.openai.state.responses.values()])
    known = objects + str(stage.openai.state.items) + stored + str(stage.telemetry)
    for secret in secrets:
        assert secret not in known
    others = [r for r in stage.openai.records.requests if r.path != "/v1/responses"]
    assert SECRET not in str(others)


@each_language
async def test_what_opens_a_server_is_typed_deleted_and_kept_encrypted(
    closed: Stage, language: str
) -> None:
    ada = await host(closed, language)
    ada.writes("/configure tools")
    await sees(ada, say(Tools.OPENING_HOURS_DOES, language))
    await has_heard(ada)
    ada.presses(say(Tools.SERVERS, language))
    await sees(ada, say(Say.NONE, language))
    ada.presses(say(Say.ADD, language))
    await sees(ada, say(Say.HOW_TO_ADD, language))
    ada.writes(ADDING)
    await ada.hears(headed(say(Say.ADDED, language, name="rooms")))
    ada.writes("/mcp")
    told = await last(ada)
    assert say(Say.SERVER, language, name="rooms", host="rooms.example") in told

    shown = closed.telegram.clients.messages
    await closed.until(lambda: SECRET not in str(shown(ADA, bot_id=BOT)))
    await hidden(closed, SECRET, "hidden-path")


@both_languages
async def test_what_is_sent_piece_by_piece_is_kept_from_the_assistant(
    closed: Stage, language: str
) -> None:
    ada = await host(closed, language)
    ada.writes("/mcp")
    await sees(ada, say(Say.NONE, language))
    await has_heard(ada)
    ada.presses(say(Say.ADD, language))
    await sees(ada, say(Say.HOW_TO_ADD, language))
    await closed.settles()
    for piece in (SECRET, URL, f"{URL} {SECRET}", f"/mcp {SECRET}"):
        ada.writes(piece)
        await ada.hears(headed(say(Say.HOW_TO_ADD, language)))
    ada.writes(f"rooms {URL} {SECRET}")
    await ada.hears(headed(say(Say.ADDED, language, name="rooms")))
    await closed.until(lambda: ada.calls("deleteMessage") == 5)

    assert SECRET not in str(closed.telegram.clients.messages(ADA, bot_id=BOT))
    assert closed.asked() == []
    await hidden(closed, SECRET, "hidden-path")
    closed.will_say("Salve.")  # nothing is asked any more
    ada.writes("Buongiorno")
    _, answered = await ada.receives(2)
    assert answered["text"] == "Salve."


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Rooms! https://rooms.example x", Say.BAD_NAME),
        ("rooms http://rooms.example x", Say.BAD_ADDRESS),
        ("rooms https://localhost x", Say.BAD_ADDRESS),
        ("rooms https://me:pw@rooms.example x", Say.BAD_ADDRESS),
        ("rooms https://[rooms.example x", Say.BAD_ADDRESS),
        ("rooms https://rooms.example x y", Say.HOW_TO_ADD),
        ("rooms", Say.HOW_TO_ADD),
        ("rooms https://rooms.example clé", Say.BAD_TOKEN),
    ],
)
async def test_what_does_not_fit_is_told_and_nothing_is_kept(
    closed: Stage, words: str, why: Say
) -> None:
    ada = await host(closed)
    ada.writes(f"/mcp {words}")
    await ada.hears(headed(it(why)))
    assert await closed.count("SELECT count(*) FROM mcp_servers") == 0


async def test_a_token_may_be_left_out_or_follow_the_word_bearer(closed: Stage) -> None:
    ada = await host(closed)
    for number, words in enumerate((URL, f"{URL} Bearer {SECRET}")):
        ada.writes(f"/mcp rooms{number} {words}")
        await ada.hears(headed(it(Say.ADDED, name=f"rooms{number}")))
    ada.writes(f"/mcp rooms0 {URL}")
    await ada.hears(headed(it(Say.CHANGED, name="rooms0")))
    for number in range(2, MOST):
        ada.writes(f"/mcp rooms{number} {URL}")
        await ada.hears(headed(it(Say.ADDED, name=f"rooms{number}")))
    ada.writes(f"/mcp more {URL}")
    await ada.hears(headed(it(Say.TOO_MANY, most=MOST)))

    await closed.publishes(tools=["mcp:rooms0", "mcp:rooms1"])
    closed.openai.servers[URL] = EmulatedServer(TOOLS)
    closed.will_say("Salve.")
    ada.writes("Buongiorno")
    await ada.hears("Le risponde un assistente AI.", "Salve.")
    tools = closed.asked()[-1]["tools"]
    assert [tool.get("authorization") for tool in tools] == [None, SECRET]


async def test_where_nothing_can_be_encrypted_it_is_said(closed: Stage) -> None:
    ada = await admin(closed, tenant_tools=True)
    ada.writes(ADDING)
    await ada.hears(headed(it(Say.NO_KEY)))
    assert SECRET not in "".join(await closed.everything_stored())


async def test_without_the_hosts_leave_there_is_no_such_thing(closed: Stage) -> None:
    closed.openai.servers[URL] = EmulatedServer(TOOLS, SECRET)
    ada = await admin(closed, secret_key=KEY)
    ada.writes("/configure tools mcp:rooms")
    assert "mcp:rooms non c’è" in await last(ada)
    ada.writes("/configure tools")
    await sees(ada, it(Tools.OPENING_HOURS_DOES))
    assert it(Tools.SERVERS) not in ada.buttons()
    await has_heard(ada)
    ada.writes(ADDING)
    await last(ada)
    assert SECRET not in "".join(await closed.everything_stored())


async def test_a_client_is_told_what_was_looked_up(closed: Stage) -> None:
    await switched_on(closed)
    anna = await met(closed)
    will_ask(closed, FREE)
    anna.writes("C'è una camera?")
    await anna.hears("La 7 è libera.")

    (tool,) = closed.asked()[-1]["tools"]
    assert (tool["server_label"], tool["server_url"], tool["authorization"]) == (
        "rooms",
        URL,
        SECRET,
    )
    called = await closed.rows("SELECT tool, server, state, output FROM calls ORDER BY id")
    assert called[-1] == ("rooms.free", "rooms", "done", "Room 7 is free.")
    await hidden(closed, SECRET, "hidden-path")


async def test_what_would_change_something_there_is_refused(closed: Stage) -> None:
    await switched_on(closed)
    anna = await met(closed)
    closed.openai.script.add([Reply((), asks=(Call("rooms.cancel", '{"room":7}'),))])
    closed.will_say("Non posso disdire.")
    anna.writes("Disdica la 7")
    await anna.hears("Non posso disdire.")
    answered = closed.asked()[-1]["input"][0]
    assert (answered["type"], answered["approve"]) == ("mcp_approval_response", False)
    closed.will_say("Prego.")
    anna.writes("Grazie")
    await anna.hears("Prego.")


async def test_behind_it_every_write_wants_the_tap(closed: Stage) -> None:
    closed.toolbox.tools.append(book := FakeTool("book"))
    await switched_on(closed)
    anna = await met(closed)
    closed.openai.script.add([Reply(calls=(Call("book", '{"what":"four"}', "call_1"),))])
    closed.will_say("Confermi?")
    anna.writes("Prenoti")
    _, asked = await anna.receives(2)
    assert "what: four" in asked["text"]
    assert book.book == []
    closed.will_say("Prenotato.")
    anna.presses(it(Text.CONFIRM_YES))
    await anna.hears("Prenotato.")
    assert len(book.book) == 1
    assert done() in str(closed.asked()[-1])


async def test_one_that_is_down_costs_no_turn_and_is_shown_on_the_card(closed: Stage) -> None:
    ada = await switched_on(closed)
    closed.openai.servers[URL] = EmulatedServer(down=True)
    anna = closed.person("Anna")
    closed.will_say("Salve.")  # of the answer that fails
    closed.will_say("Salve.")
    anna.writes("Buongiorno")
    await anna.hears("Le risponde un assistente AI.", "Salve.")
    assert ["tools" in body for body in closed.asked()] == [True, False]
    closed.warns("MCP server failed")

    failed = it(Tools.FAILED, at="{at}", why=it(Tools.FAILED_AWAY)).split("{at}")[1]
    ada.writes("/configure tools")
    assert failed in await last(ada)
    ada.writes("/mcp")
    assert failed in await last(ada)


async def test_a_private_assistants_tools_are_switched_by_tapping(closed: Stage) -> None:
    ada = await added(closed)
    ada.writes("/assistants")
    await has_heard(ada)
    ada.presses(it(Assistants.NEW_BUTTON))
    await sees(ada, it(Assistants.ASK_NAME))
    ada.writes("vip")
    await has_heard(ada)
    ada.writes("/assistants vip")
    await has_heard(ada)
    ada.presses(it(Assistants.EDIT_BUTTON))
    await closed.until(lambda: it(CompanyCard.MORE) in ada.buttons())
    ada.presses(it(CompanyCard.MORE))
    await closed.until(lambda: label("tools", "it") in ada.buttons())
    ada.presses(label("tools", "it"))
    await closed.until(lambda: OFF in ada.buttons())
    ada.presses(OFF)
    await closed.until(lambda: ON in ada.buttons())
    assert await draft(closed) == {"assistants": {"vip": {"tools": ["mcp:rooms"]}}}
    ada.presses(ON)
    await closed.until(lambda: OFF in ada.buttons())
    assert await draft(closed) == {"assistants": {"vip": {"tools": ["none"]}}}
    ada.presses(it(Assistants.SAME_BUTTON))
    await closed.settles()
    assert await draft(closed) == {"assistants": {"vip": {}}}
    await has_heard(ada)


async def test_it_is_removed_by_a_tap_with_its_token(closed: Stage) -> None:
    ada = await switched_on(closed)
    ada.writes("/mcp")
    await has_heard(ada)
    ada.presses(it(Say.REMOVE, name="rooms"))
    await sees(ada, it(Say.REALLY_REMOVE, name="rooms"))
    ada.presses(it(Say.YES_REMOVE))
    await sees(ada, it(Say.REMOVED, name="rooms"))
    assert await closed.count("SELECT count(*) FROM mcp_servers") == 0
    await has_heard(ada)
    anna = closed.person("Anna")
    closed.will_say("Salve.")
    anna.writes("Buongiorno")
    await anna.hears("Le risponde un assistente AI.", "Salve.")
    assert "tools" not in closed.asked()[-1]


@each_language
async def test_privacy_names_its_host(closed: Stage, language: str) -> None:
    await switched_on(closed)
    anna = closed.person("Anna", language)
    anna.writes("/privacy")
    (told,) = await anna.receives(1)
    profile = HOTEL.changed({"tools": ["mcp:rooms"]})
    asked = ["rooms.example"]
    assert told["text"] == what_is_kept(profile, language, host_days=365, asked=asked)
    assert "rooms.example" in told["text"]
