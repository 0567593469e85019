"""The assistant looks things up at MCP servers: OpenAI asks them, and what they say is not ours."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.core.calls import Call, Effect, McpServer, RemoteCall
from bot.errors import ConversationGone, ServersDown
from bot.ops.vault import KeyVault
from bot.ports import Began, BubbleClosed, Item, Speaker, Speaking
from bot.turns.confirming import ASKED
from bot.turns.proposals import MAY_CHANGE
from db.chats import ChatWork
from db.mcp import AddServer, ServerFailure, ServerRow, servers_of
from db.records import Actor, Draft, OutboxKind
from tests.fakes.channel import Client
from tests.fakes.model import answer, calling, reply
from tests.fakes.tools import FakeTool
from tests.turns.acting import BOOK, another, has, rows, said
from tests.turns.desk import PROFILE, Desk, House

ANNA = Actor(7, "Anna")
ROOMS = McpServer("rooms", "https://rooms.example/mcp", "t0p-secret")
LISTED = RemoteCall(Call("mcpl_1", "rooms.list_tools", "{}", "rooms"), '{"tools":["free"]}')
FREE = RemoteCall(Call("mcp_1", "rooms.free", '{"day":"today"}', "rooms"), "Room 7 is free.")
CANCEL = Call("approval mcpr_1", "rooms.cancel", '{"room":7}', "rooms")


@pytest.fixture
def house(house: House) -> House:
    house.vault = KeyVault.open(SecretStr("a key of tests"))
    house.toolbox.declares = True
    house.profile = PROFILE.changed({"tools": ["mcp:rooms", "mcp:menu"]})
    return house


async def gives(desk: Desk, house: House, *servers: McpServer) -> None:
    for one in servers or (ROOMS,):
        sealed = house.vault.encrypt(json.dumps({"url": one.url, "token": one.token}))
        adding = AddServer(1, one.label, "rooms.example", sealed, ANNA, house.clock.now())
        await desk.engine.outside.journal.do(adding)


async def held(house: House) -> dict[str, ServerRow]:
    return {one.label: one for one in await house.database.read(servers_of, 1)}


def looked_up(*remote: RemoteCall, **fields: Any) -> list[Any]:
    """The script of an answer that asked servers meanwhile."""
    over = answer("Ecco.", remote=remote or (LISTED, FREE), **fields)
    return [Began(over.response_id), Speaking(), BubbleClosed("Ecco."), over]


async def serve(house: House, *scripts: Any, servers: tuple[McpServer, ...] = ()) -> Desk:
    house.model.will(*scripts)
    async with house.process() as desk:
        await gives(desk, house, *servers)
        await desk.answers(Client().writes("Una camera"), seconds=30.0)
    return desk


async def test_it_is_asked_and_what_it_said_is_written_down_once(house: House) -> None:
    await serve(house, looked_up())

    assert house.model.asked[0].servers == (ROOMS,)
    assert said(house) == ["Ecco."]
    assert await rows(house, "tool, server, arguments, state, output") == [
        ("rooms.list_tools", "rooms", "{}", "done", '{"tools":["free"]}'),
        ("rooms.free", "rooms", '{"day":"today"}', "done", "Room 7 is free."),
    ]


async def test_none_is_asked_where_the_host_does_not_allow_it_or_the_assistant_has_none(
    house: House,
) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    house.toolbox.declares = False
    async with house.process() as desk:
        await gives(desk, house)
        await desk.answers(anna.writes("Una camera"))
    house.profile, house.toolbox.declares = PROFILE, True
    async with house.process() as desk:
        await desk.answers(anna.writes("Un'altra"))
    assert [one.servers for one in house.model.asked] == [(), ()]


async def test_behind_what_a_server_said_every_write_wants_the_tap(house: House) -> None:
    anna, book = Client(), has(house, FakeTool("book"))
    async with house.process() as desk:
        await gives(desk, house)
        house.model.will(calling(BOOK, remote=(LISTED,)), reply("Va bene?", response_id="resp_2"))
        await desk.answers(anna.writes("Prenota"))
        assert house.model.asked[1].outputs[0].text == ASKED

        # Also in a later turn, in a new conversation, when there is no server any more.
        house.profile = PROFILE
        house.model.will([ConversationGone("404")])
    async with house.process() as desk:
        house.model.will(
            calling(another(BOOK, 2), response_id="resp_3"), reply("Ecco.", response_id="resp_4")
        )
        await desk.answers(anna.writes("Allora?"))

    assert book.book == []
    assert await rows(house) == ["done", "asked", "asked"]


async def test_a_look_at_a_server_is_no_deed(house: House) -> None:
    """Neither where the assistant says that it did something, nor where the client stops it."""
    anna, halt = Client(), Draft(OutboxKind.COMMAND, 0, "Mi fermo.")

    def stop(chat: ChatWork) -> Sequence[Draft]:
        chat.stop()
        return (halt,)

    has(house, FakeTool("look", Effect.READ))
    async with house.process() as desk:
        await gives(desk, house)
        desk.works["/stop"] = stop
        claim = "Le ho prenotato una camera."
        house.model.will([BubbleClosed(claim), answer(claim, remote=(LISTED, FREE))])
        await desk.answers(anna.writes("Una camera"))
        again = replace(FREE, call=replace(FREE.call, call_id="mcp_2"))
        look = calling(Call("call_1", "look", "{}"), remote=(again,), response_id="resp_2")
        house.model.will(look, [Began("resp_3"), house.hangs])
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(30)

    assert desk.telemetry.count("claimed") == 1
    assert await rows(house) == ["done"] * 4
    assert said(house)[-1] == halt.text


async def test_without_servers_a_write_needs_no_tap(house: House) -> None:
    book = has(house, FakeTool("book"))
    await serve(house, calling(BOOK), reply("Fatto.", response_id="resp_2"))
    assert len(book.book) == 1


@pytest.mark.parametrize("others", [True, False])
async def test_what_may_change_something_there_is_refused_by_name(
    house: House, *, others: bool
) -> None:
    if others:
        has(house, FakeTool("look", Effect.READ))
    await serve(house, calling(CANCEL), reply("Non posso.", response_id="resp_2"))

    (output,) = house.model.asked[1].outputs
    assert (output.call_id, output.text) == (CANCEL.call_id, MAY_CHANGE)
    assert await rows(house, "tool, server, state") == [("rooms.cancel", None, "failed")]
    assert said(house) == ["Non posso."]


async def test_one_that_is_down_is_left_out_for_a_while_and_the_turn_is_not_lost(
    house: House,
) -> None:
    anna, menu = Client(), McpServer("menu", "https://menu.example/mcp")
    house.model.will([ServersDown(("rooms",))], reply("Uno."))
    async with house.process() as desk:
        await gives(desk, house, ROOMS, menu)
        await desk.answers(anna.writes("Una camera"))
        first, second = house.model.asked
        assert [one.servers for one in house.model.asked] == [(menu, ROOMS), (menu,)]
        assert second.conversation_id == first.conversation_id
        assert second.lines == first.lines

        house.model.will(reply("Due.", response_id="resp_2"))
        await desk.answers(anna.writes("E domani?"))
        await desk.runs(60)
        house.model.will(looked_up(response_id="resp_3"))
        await desk.answers(anna.writes("E poi?"))
        assert [one.servers for one in house.model.asked[2:]] == [(menu,), (menu, ROOMS)]

    down = (await held(house))["rooms"]
    assert (down.failure, down.failures, down.retry_at) == (ServerFailure.AWAY, 0, None)
    assert said(house) == ["Uno.", "Due.", "Ecco."]
    assert [event for event, _ in desk.telemetry.warnings] == ["MCP server failed"]


async def test_where_nobody_says_which_is_down_all_are_left_out(house: House) -> None:
    menu = McpServer("menu", "https://menu.example/mcp")
    await serve(house, [ServersDown(())], reply("Uno."), servers=(ROOMS, menu))
    assert house.model.asked[1].servers == ()
    assert {one.failures for one in (await held(house)).values()} == {1}


async def test_one_that_is_slow_is_left_out_and_another_conversation_is_asked(
    house: House,
) -> None:
    slow = [Began("resp_1"), ServersDown(("rooms",), running=True)]
    await serve(house, slow, reply("Uno.", response_id="resp_2"))

    first, second = house.model.asked
    assert second.servers == ()
    assert second.conversation_id != first.conversation_id
    assert said(house) == ["Uno."]


async def test_a_call_that_comes_to_nothing_for_the_server_counts_as_a_failure_of_it(
    house: House,
) -> None:
    failed = RemoteCall(FREE.call, "{}", failed=True, is_down=True)
    own = RemoteCall(Call("mcp_2", "menu.today", "{}", "menu"), "{}", failed=True)
    menu = McpServer("menu", "https://menu.example/mcp")
    await serve(house, looked_up(failed, own), servers=(ROOMS, menu))

    known = await held(house)
    assert (known["rooms"].failure, known["rooms"].failures) == (ServerFailure.BROKE, 1)
    assert known["menu"].failures == 0  # the tool said no: the server is there
    assert await rows(house) == ["failed", "failed"]


async def test_one_that_no_key_opens_is_left_out(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await gives(desk, house)
        house.vault = KeyVault.open(SecretStr("another key"))
    async with house.process() as desk:
        await desk.answers(Client().writes("Una camera"))
    assert house.model.asked[0].servers == ()
    assert (await held(house))["rooms"].failure is ServerFailure.LOCKED


@pytest.mark.parametrize("known", [True, False])
async def test_a_killed_turn_finds_what_was_asked_and_writes_it_down_once(
    house: House, *, known: bool
) -> None:
    house.model.will([Began("resp_1"), Speaking(), BubbleClosed("Ecco."), house.hangs])
    async with house.process() as desk:
        await gives(desk, house)
        await desk.answers(Client().writes("Una camera"), seconds=5)
        await desk.dies()
    house.model.stored["resp_1"] = answer("Ecco.", remote=(LISTED, FREE))
    if not known:
        house.model.stored["resp_1"] = ConversationGone("404")
        house.model.items["conv_1"] = [
            Item("in_1", Speaker.CLIENT, ("Una camera",)),
            Item("mcpl_1", None, (), remote=LISTED),
            Item("mcp_1", None, (), remote=FREE),
            Item("out_1", Speaker.ASSISTANT, ("Ecco.",)),
        ]
    async with house.process() as desk:
        await desk.runs(200)

    assert said(house) == ["Ecco."]
    assert await rows(house, "call_id, server") == [("mcpl_1", "rooms"), ("mcp_1", "rooms")]


async def test_what_a_killed_turn_looked_up_without_saying_anything_counts_as_well(
    house: House,
) -> None:
    anna, book = Client(), has(house, FakeTool("book"))
    house.model.will([Began("resp_1"), house.hangs])
    async with house.process() as desk:
        await gives(desk, house)
        await desk.answers(anna.writes("Una camera"), seconds=5)
        await desk.dies()
    house.model.stored["resp_1"] = ConversationGone("404")
    house.model.items["conv_1"] = [
        Item("in_1", Speaker.CLIENT, ("Una camera",)),
        Item("mcpl_1", None, (), remote=LISTED),
    ]
    house.model.will(calling(BOOK, response_id="resp_2"), reply("Ecco.", response_id="resp_3"))
    async with house.process() as desk:
        await desk.runs(200)

    assert book.book == []
    assert await rows(house, "tool, state") == [("rooms.list_tools", "done"), ("book", "asked")]


async def test_a_new_conversation_of_the_same_turn_is_told_what_was_looked_up(
    house: House,
) -> None:
    has(house, FakeTool("look", Effect.READ))
    look = Call("call_1", "look", "{}")
    gone: list[Any] = [ConversationGone("404")]
    await serve(house, calling(look, remote=(FREE,)), gone, reply("Ecco.", response_id="resp_3"))

    told = house.model.asked[-1].told
    assert any("Room 7 is free." in line.text and line.role is Speaker.CLIENT for line in told)


async def test_what_opens_a_server_is_in_no_log_and_in_no_line_that_is_kept(house: House) -> None:
    desk = await serve(house, [ServersDown(("rooms",))], reply("Uno."))
    kept = str(await desk.transcript()) + str(desk.telemetry) + str(await held(house))
    assert ROOMS.token not in kept
    assert ROOMS.url not in kept
    assert ROOMS.token not in repr(house.model.asked[0])
