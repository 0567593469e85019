"""Tools in a question, calls in an answer, over HTTP against the emulator."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.core.calls import Call, Output, ToolDefinition
from bot.errors import CallUnanswered, GiveUp, InDoubt, RetryElsewhere
from bot.llm.requests import write_request
from bot.playground.openai import Call as Scripted
from bot.playground.openai import FaultKind, Reply
from bot.playground.openai.draft import write_reply
from bot.ports import AnswerState, BubbleClosed
from tests.llm.events import added, created, delta, ended, read
from tests.llm.support import QUESTION, Desk

TABLE = {
    "type": "object",
    "properties": {"day": {"type": "string"}, "people": {"anyOf": [{"type": "integer"}]}},
    "required": ["day", "people"],
    "additionalProperties": False,
}
TOOLS = (
    ToolDefinition("free_tables", "Which tables are free.", TABLE),
    ToolDefinition("book_table", "Books a table.", TABLE),
)
SATURDAY = '{"day":"Saturday","people":4}'
BOOK = Call("call_1", "book_table", SATURDAY)


def will_call(desk: Desk, *calls: Call, **reply: Any) -> None:
    scripted = tuple(Scripted(call.name, call.arguments, call.call_id) for call in calls)
    desk.emulator.script.add([Reply(calls=scripted, **reply)])


class TestARequest:
    def test_without_tools_is_as_it_was(self) -> None:
        body = write_request(QUESTION)

        assert not {"tools", "tool_choice", "parallel_tool_calls"} & {*body}
        assert write_request(replace(QUESTION, must_speak=True)) == body

    def test_has_its_tools_always_in_the_same_bytes(self) -> None:
        asked, last = (replace(QUESTION, tools=TOOLS, must_speak=last) for last in (False, True))

        first, second = write_request(asked), write_request(last)

        assert [tool["name"] for tool in first["tools"]] == ["free_tables", "book_table"]
        assert json.dumps(first["tools"]) == json.dumps(second["tools"])
        assert "tool_choice" not in first
        assert second["tool_choice"] == "none"

    def test_has_outputs_before_all_else(self) -> None:
        outputs = (Output("call_1", "{}"), Output("call_2", "[]"))

        items = write_request(replace(QUESTION, tools=TOOLS, outputs=outputs))["input"]

        assert [item["type"] for item in items] == ["function_call_output"] * 2 + ["message"]
        assert items[1] == {"type": "function_call_output", "call_id": "call_2", "output": "[]"}


class TestAnAnswer:
    async def test_has_the_calls_that_it_proposes(self, desk: Desk) -> None:
        will_call(desk, BOOK, replace(BOOK, call_id="call_2", name="free_tables"))

        answer = await desk.ask(tools=TOOLS)

        assert answer.calls == (BOOK, Call("call_2", "free_tables", SATURDAY))
        assert (answer.state, answer.bubbles, answer.broken) == (AnswerState.COMPLETED, (), ())
        assert desk.closed == ()
        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_goes_on_with_all_outputs_in_one_request(self, desk: Desk) -> None:
        will_call(desk, BOOK, replace(BOOK, call_id="call_2"))
        await desk.ask(tools=TOOLS)
        desk.events.clear()

        with pytest.raises(CallUnanswered) as caught:
            await desk.ask(tools=TOOLS, lines=(), outputs=(Output("call_1", "{}"),))
        desk.will_say("Prenotato.")
        outputs = (Output("call_1", "{}"), Output("call_2", "{}"))
        answer = await desk.ask(tools=TOOLS, lines=(), outputs=outputs)

        assert caught.value.call_ids == ("call_2",)
        assert answer.bubbles == ("Prenotato.",)

    async def test_may_have_commentary_before_its_calls(self, desk: Desk) -> None:
        will_call(desk, BOOK)
        desk.will_fail(FaultKind.PREFACE)

        answer = await desk.ask(tools=TOOLS)

        assert (answer.calls, answer.bubbles, desk.closed) == ((BOOK,), (), ())
        assert answer.state is AnswerState.COMPLETED
        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_may_have_a_text_before_its_calls(self, desk: Desk) -> None:
        will_call(desk, BOOK, messages=("Un attimo.",))

        answer = await desk.ask(tools=TOOLS)

        assert (answer.calls, answer.bubbles) == ((BOOK,), ("Un attimo.",))
        assert desk.closed == ("Un attimo.",)

    def test_keeps_what_it_says_after_a_call_to_itself(self) -> None:
        text = write_reply(["Prenotato!"])
        call = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
        said = {"type": "message", "content": [{"type": "output_text", "text": text}]}

        events, answer = read(
            [
                created(),
                added(type="function_call"),
                delta(text, output=1),
                ended(output=[{**call, "status": "completed"}, said]),
            ]
        )

        assert not any(isinstance(event, BubbleClosed) for event in events)
        assert answer
        assert (answer.calls, answer.bubbles) == ((Call("call_1", "f", "{}"),), ("Prenotato!",))

    async def test_that_is_cut_has_no_calls(self, desk: Desk) -> None:
        will_call(desk, BOOK)
        desk.will_fail(FaultKind.INCOMPLETE, after_deltas=3)

        answer = await desk.ask(tools=TOOLS)

        assert answer.state is AnswerState.INCOMPLETE
        assert (answer.calls, answer.broken) == ((), ("call_1",))
        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_that_fails_has_no_calls(self, desk: Desk) -> None:
        will_call(desk, BOOK)
        desk.will_fail(FaultKind.FAILED, after_deltas=3)

        with pytest.raises(RetryElsewhere):
            await desk.ask(tools=TOOLS)

        assert await desk.model.items_after(desk.conversation, None) == ()

    @pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.SILENT_END])
    async def test_with_a_call_is_in_doubt_though_its_text_is_whole(
        self, desk: Desk, kind: FaultKind
    ) -> None:
        will_call(desk, BOOK, messages=("Un attimo.",))
        desk.will_fail(kind, after_deltas=1_000)

        with pytest.raises(InDoubt):
            await desk.ask(tools=TOOLS)

    async def test_has_a_call_once_though_its_item_comes_twice(self, desk: Desk) -> None:
        will_call(desk, BOOK)
        desk.will_fail(FaultKind.TWICE)

        assert (await desk.ask(tools=TOOLS)).calls == (BOOK,)

    async def test_may_have_calls_whose_items_have_no_id(self, desk: Desk) -> None:
        will_call(desk, BOOK)
        desk.will_fail(FaultKind.NO_ID)

        answer = await desk.ask(tools=TOOLS)

        assert (answer.calls, answer.last_item_id) == ((BOOK,), None)

    async def test_that_must_speak_is_offered_nothing_to_call(self, desk: Desk) -> None:
        desk.will_say("Sì.")

        await desk.ask(tools=TOOLS, must_speak=True)

        assert desk.emulator.records.requests[-1].body is not None
        assert desk.emulator.records.requests[-1].body["tool_choice"] == "none"


async def test_items_tell_calls_and_their_outputs(desk: Desk) -> None:
    will_call(desk, BOOK)
    await desk.ask(tools=TOOLS)
    await desk.model.answer_calls(desk.conversation, [Output("call_1", "{}")])

    _, call, output = await desk.model.items_after(desk.conversation, None)

    assert (call.role, call.call, call.answers) == (None, BOOK, None)
    assert (output.role, output.call, output.answers) == (None, None, "call_1")


@pytest.mark.parametrize(
    "tool",
    [
        replace(TOOLS[0], name="free tables"),
        replace(TOOLS[0], parameters={**TABLE, "additionalProperties": True}),
        replace(TOOLS[0], parameters={**TABLE, "required": ["day"]}),
        replace(TOOLS[0], parameters={"type": "string"}),
        replace(TOOLS[0], parameters={**TABLE, "oneOf": []}),
    ],
)
async def test_a_tool_that_the_api_does_not_take_is_refused(
    desk: Desk, tool: ToolDefinition
) -> None:
    with pytest.raises(GiveUp):
        await desk.ask(tools=(tool,))


async def test_tools_are_paid_for(desk: Desk) -> None:
    desk.will_say("Uno.")
    desk.will_say("Due.")

    without = await desk.ask()
    desk.events.clear()
    conversation = await desk.model.create_conversation()
    with_them = await desk.ask(conversation_id=conversation, tools=TOOLS)

    assert with_them.usage.input_tokens > without.usage.input_tokens
