"""The reasoning effort, which some models refuse, or one of its values."""

import asyncio

import pytest

from bot.errors import GiveUp
from bot.playground.openai import FaultKind
from bot.ports import Answer, ModelEvent
from tests.llm.support import Desk


@pytest.mark.parametrize("name", ["gpt-4o-mini", "gpt-4.1", "gpt-5-mini", "o3"])
async def test_an_effort_that_the_model_refuses_is_left_out(desk: Desk, name: str) -> None:
    for _ in range(2):
        desk.will_say("Dalle 14:00.")
        desk.events.clear()
        assert (await desk.ask(model=name)).bubbles == ("Dalle 14:00.",)

    sent = [r.body for r in desk.emulator.records.requests if r.path == "/v1/responses"]
    assert ["reasoning" in (body or {}) for body in sent] == [True, False, False]


async def test_two_that_are_refused_at_once_are_both_asked_again(desk: Desk) -> None:
    async def ask(conversation: str) -> ModelEvent:
        question = desk.question(model="gpt-4o-mini", conversation_id=conversation)
        return [event async for event in desk.model.ask(question)][-1]

    another = await desk.model.create_conversation()
    desk.will_say("Dalle 14:00.")
    desk.will_say("Dalle 14:00.")

    answers = await asyncio.gather(ask(desk.conversation), ask(another))

    assert [isinstance(one, Answer) and one.bubbles for one in answers] == [("Dalle 14:00.",)] * 2
    assert desk.times_asked() == 4


async def test_one_that_another_model_takes_is_sent_on(desk: Desk) -> None:
    for name in ("gpt-4o-mini", "gpt-6-luna"):
        desk.will_say("Dalle 14:00.")
        desk.events.clear()
        await desk.ask(model=name)

    assert (desk.emulator.records.requests[-1].body or {})["reasoning"] == {"effort": "none"}


async def test_where_none_is_sent_it_is_not_the_fault(desk: Desk) -> None:
    desk.will_fail(FaultKind.STATUS, status=400, code="invalid_value")

    with pytest.raises(GiveUp):
        await desk.ask(model="gpt-4o-mini", effort="")

    assert desk.times_asked() == 1
