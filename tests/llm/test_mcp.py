"""MCP servers in a question, and what was asked there, over HTTP against the emulator."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.core.calls import Call, McpServer, Output, RemoteCall, ToolDefinition
from bot.errors import InDoubt, ServersDown
from bot.llm.refusal import ErrorObject
from bot.llm.requests import write_request
from bot.llm.responses import AnswerStream, Limit
from bot.playground.openai import Call as Scripted
from bot.playground.openai import FaultKind, Reply
from bot.playground.openai.draft import write_reply
from bot.playground.openai.mcp import EmulatedServer, EmulatedTool
from bot.ports import AnswerState
from tests.llm.events import added, created, delta, done
from tests.llm.support import QUESTION, Desk

URL, TOKEN = "https://rooms.example/mcp", "t0p-secret"
ROOMS = McpServer("rooms", URL, TOKEN)
TOOLS = (
    EmulatedTool("free", "Room 7 is free."),
    EmulatedTool("cancel", read_only=False),
    EmulatedTool("picky", error="mcp_tool_execution_error"),
    EmulatedTool("broken", error="http_error"),
)
LOOK = ToolDefinition("look", "Looks.", {"type": "object", "properties": {}, "required": []})
FREE = Scripted("rooms.free", '{"day":"today"}')
DOWN = "Error retrieving tool list from MCP server: 'rooms'. Http status code: 424 (Failed)"


@pytest.fixture(autouse=True)
def rooms(desk: Desk) -> None:
    desk.emulator.servers[URL] = EmulatedServer(TOOLS, TOKEN)


def will_ask(desk: Desk, *calls: Scripted, say: str = "Ecco.") -> None:
    desk.emulator.script.add([Reply((say,), asks=calls)])


async def asked(desk: Desk, **fields: Any) -> tuple[RemoteCall, ...]:
    return (await desk.ask(servers=(ROOMS,), **fields)).remote


class TestARequest:
    def test_names_a_server_with_its_token_and_lets_it_read_alone(self) -> None:
        open_to_all = replace(ROOMS, label="menu", token="")
        look = replace(LOOK, parameters={})

        asked = replace(QUESTION, tools=(look,), servers=(ROOMS, open_to_all))
        tools = write_request(asked)["tools"]

        assert [tool["type"] for tool in tools] == ["function", "mcp", "mcp"]
        assert tools[1] == {
            "type": "mcp",
            "server_label": "rooms",
            "server_url": URL,
            "authorization": TOKEN,
            "allowed_tools": {"read_only": True},
            "require_approval": {"never": {"read_only": True}},
        }
        assert "authorization" not in tools[2]

    def test_refuses_what_would_have_to_be_allowed(self) -> None:
        outputs = (Output("call_1", "{}"), Output("approval mcpr_1", "No."))
        items = write_request(replace(QUESTION, outputs=outputs))["input"]
        assert items[1] == {
            "type": "mcp_approval_response",
            "approval_request_id": "mcpr_1",
            "approve": False,
            "reason": "No.",
        }


class TestAnAnswer:
    async def test_has_what_was_listed_and_called_the_list_once(self, desk: Desk) -> None:
        will_ask(desk, FREE)
        listed, called = await asked(desk)
        desk.events.clear()
        will_ask(desk, FREE)
        (again,) = await asked(desk)

        assert listed.call.name == "rooms.list_tools"
        assert json.loads(listed.output) == {"tools": ["free", "picky", "broken"]}
        assert replace(called.call, call_id="") == Call("", "rooms.free", FREE.arguments, "rooms")
        assert (called.output, called.failed, called.is_down) == ("Room 7 is free.", False, False)
        assert again.call.call_id != called.call.call_id

    async def test_is_the_same_when_it_is_fetched_or_found(self, desk: Desk) -> None:
        will_ask(desk, FREE)
        answer = await desk.ask(servers=(ROOMS,))

        assert desk.closed == answer.bubbles == ("Ecco.",)
        assert await desk.model.retrieve(answer.response_id) == answer
        items = await desk.model.items_after(desk.conversation, None)
        assert tuple(item.remote for item in items if item.remote) == answer.remote

    async def test_without_a_last_event_has_them_all_the_same(self, desk: Desk) -> None:
        whole = len(write_reply(["Ecco."]))
        desk.emulator.script.add([Reply(("Ecco.",), asks=(FREE,), chunks=whole)])
        desk.will_fail(FaultKind.SILENT_END, after_deltas=whole)

        answer = await desk.ask(servers=(ROOMS,))

        assert answer.bubbles == ("Ecco.",)
        assert [one.call.name for one in answer.remote] == ["rooms.list_tools", "rooms.free"]

    @pytest.mark.parametrize(("name", "is_down"), [("picky", False), ("broken", True)])
    async def test_tells_a_tool_that_says_no_from_a_server_that_fails(
        self, desk: Desk, name: str, *, is_down: bool
    ) -> None:
        will_ask(desk, Scripted(f"rooms.{name}"))
        _, failed = await asked(desk)
        assert (failed.failed, failed.is_down) == (True, is_down)
        assert "It" not in failed.output  # the text is the server's

    async def test_asks_for_what_may_change_something_and_goes_on_when_refused(
        self, desk: Desk
    ) -> None:
        will_ask(desk, Scripted("rooms.cancel", '{"room":7}'))
        answer = await desk.ask(servers=(ROOMS,))
        (call,) = answer.calls

        assert (answer.state, answer.bubbles) == (AnswerState.COMPLETED, ())
        assert (call.name, call.server) == ("rooms.cancel", "rooms")
        (found,) = [
            item.call for item in await desk.model.items_after(desk.conversation, None) if item.call
        ]
        assert found == call

        desk.events.clear()
        desk.will_say("Non posso.")
        refused = (Output(call.call_id, "No."),)
        again = await desk.ask(servers=(ROOMS,), lines=(), outputs=refused)
        assert again.bubbles == ("Non posso.",)
        items = await desk.model.items_after(desk.conversation, None)
        assert [item.answers for item in items if item.answers] == [call.call_id]


class TestAServerThatIsDown:
    @pytest.mark.parametrize("why", ["unknown", "down", "token"])
    async def test_is_named_and_nothing_was_said(self, desk: Desk, why: str) -> None:
        match why:
            case "unknown":
                desk.emulator.servers.clear()
            case "down":
                desk.emulator.servers[URL] = EmulatedServer(TOOLS, TOKEN, down=True)
            case _:
                desk.emulator.servers[URL] = EmulatedServer(TOOLS, "another")
        will_ask(desk)

        with pytest.raises(ServersDown) as caught:
            await asked(desk)

        assert (caught.value.labels, caught.value.running) == (("rooms",), False)
        assert TOKEN not in str(caught.value)
        will_ask(desk)
        assert (await desk.ask()).bubbles == ("Ecco.",)

    @pytest.mark.parametrize("kind", [FaultKind.FAILED, FaultKind.ERROR_EVENT])
    async def test_is_known_from_an_event_as_well(self, desk: Desk, kind: FaultKind) -> None:
        will_ask(desk)
        desk.will_fail(kind, code="http_error", message=DOWN)
        with pytest.raises(ServersDown) as caught:
            await asked(desk)
        assert caught.value.labels == ("rooms",)

    @pytest.mark.parametrize(
        ("status", "message", "labels"),
        [
            (424, DOWN, ("rooms",)),
            (424, "Failed Dependency", ()),
            (0, "Error retrieving tool list from MCP server: 'a' and 'b;DROP'", ("a",)),
            (400, "Invalid MCP server: 'rooms'", None),
            (500, "The server had an error", None),
        ],
    )
    def test_is_told_from_other_errors(
        self, status: int, message: str, labels: tuple[str, ...] | None
    ) -> None:
        error = ErrorObject(status=status, code="http_error", message=message).translate()
        found = error.labels if isinstance(error, ServersDown) else None
        assert found == labels

    async def test_that_is_slow_is_waited_for_so_long_and_given_up(self) -> None:
        call = {"id": "mcp_1", "type": "mcp_call", "server_label": "rooms", "name": "free"}
        stream, limit = AnswerStream(), Limit(20.0, 30.0)
        stream.feed(created())
        assert limit.of(stream) is None

        stream.feed(added(output=0, **call))
        until = limit.of(stream)
        assert until == limit.of(stream)
        assert until is not None
        lost = stream.lost(TimeoutError())
        assert isinstance(lost, ServersDown)
        assert (lost.labels, lost.running) == (("rooms",), True)

        stream.feed(done(output=0, **call))
        assert limit.of(stream) is None
        assert isinstance(stream.lost(TimeoutError()), InDoubt)

    def test_what_is_called_behind_a_reply_leaves_more_to_be_said(self) -> None:
        call = {"id": "mcp_1", "type": "mcp_call", "server_label": "rooms", "name": "free"}
        stream = AnswerStream()
        stream.feed(created() + delta('{"messages":["Un momento."]}'))
        assert stream.whole
        stream.feed(added(output=1, **call))
        assert not stream.whole
