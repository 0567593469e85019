"""Answers of several items, or without an end, over HTTP against the emulator."""

import pytest

from bot.errors import NoStream
from bot.llm.model import open_model
from bot.playground.openai import FaultKind, Reply
from bot.ports import AnswerState, Began
from tests.llm.support import KEY, Desk


class TestAnAnswer:
    @pytest.mark.parametrize("plan", ["I will look.", '{"messages":["Vedo."]}'])
    async def test_that_begins_with_commentary_is_what_follows(self, desk: Desk, plan: str) -> None:
        desk.will_say("Dalle 14:00.", "A che ora arriva?")
        desk.will_fail(FaultKind.PREFACE, text=plan)

        answer = await desk.ask()

        assert answer.state is AnswerState.COMPLETED
        assert answer.bubbles == desk.closed == ("Dalle 14:00.", "A che ora arriva?")
        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_of_nothing_but_commentary_says_so(self, desk: Desk) -> None:
        desk.will_say("Mai detto.")
        desk.will_fail(FaultKind.NO_REPLY)

        answer = await desk.ask()

        assert [type(event) for event in desk.events[:-1]] == [Began]
        assert (answer.state, answer.bubbles) == (AnswerState.COMMENTARY, ())
        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_of_two_messages_without_a_phase_has_both(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.")
        desk.will_fail(FaultKind.PREFACE, text='{"messages":["Vediamo."]}', phase="")

        answer = await desk.ask()

        assert answer.bubbles == desk.closed == ("Vediamo.", "Dalle 14:00.")
        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_whose_item_comes_twice_is_given_once(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "A che ora arriva?")
        desk.will_fail(FaultKind.TWICE)

        answer = await desk.ask()

        assert answer.bubbles == desk.closed == ("Dalle 14:00.", "A che ora arriva?")
        assert await desk.model.retrieve(answer.response_id) == answer

    @pytest.mark.parametrize("kind", [FaultKind.SILENT_END, FaultKind.CUT])
    async def test_is_whole_without_its_last_event(self, desk: Desk, kind: FaultKind) -> None:
        desk.will_say("Dalle 14:00.", "A che ora arriva?")
        desk.will_fail(kind, after_deltas=1_000)

        answer = await desk.ask()

        assert answer.state is AnswerState.COMPLETED
        assert answer.bubbles == ("Dalle 14:00.", "A che ora arriva?")
        items = await desk.model.items_after(desk.conversation, None)
        assert answer.last_item_id == items[-1].item_id

    async def test_that_is_whole_is_not_kept_open_for_long(self, desk: Desk, url: str) -> None:
        text = '{"messages":["Dalle 14:00."]}'
        never_ends = Reply(raw=text + " " * len(text), chunks=2, delay_ms=3_600_000)
        desk.emulator.script.add([never_ends])

        async with open_model(api_key=KEY, base_url=url, last_event_seconds=0.05) as desk.model:
            answer = await desk.ask()

        assert answer.state is AnswerState.COMPLETED
        assert answer.bubbles == desk.closed == ("Dalle 14:00.",)

    @pytest.mark.parametrize("body", ["", "<h1>Welcome</h1>\n\n", '{"object":"response"}'])
    async def test_may_have_no_stream_at_all(self, desk: Desk, body: str) -> None:
        desk.will_fail(FaultKind.NO_STREAM, text=body)

        with pytest.raises(NoStream):
            await desk.ask()

        assert desk.times_asked() == 1
