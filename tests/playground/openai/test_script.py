import json

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.openai import Call, Emulator, Reply
from bot.playground.openai.draft import count_closings, split_chunks, write_reply
from bot.playground.openai.script import read_replies
from tests.playground.openai.asking import ask
from tests.playground.openai.conftest import HELLO


async def test_replies_come_in_their_order_then_the_usual_ones(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.add([Reply(messages=("one",)), Reply(raw="two")])

    said = [(await ask(api, "Hi", conversation=conversation)).output_text for _ in range(3)]

    assert said == ['{"messages":["one"]}', "two", HELLO]


async def test_a_reply_may_repeat_what_was_asked(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.add([Reply(messages=("{number}: {input}",))])

    answer = await ask(api, "Is it open?", conversation=conversation)

    assert json.loads(answer.output_text) == {"messages": ["1: Is it open?"]}


async def test_a_strict_script_refuses_and_remembers_what_it_did_not_foresee(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.strict = True

    with pytest.raises(openai.InternalServerError):
        await ask(api, "Hi", conversation=conversation)

    assert emulator.records.unexpected == ["no scripted reply is left"]


async def test_plain_text_is_asked_for_by_leaving_the_format_out(
    api: openai.AsyncOpenAI, emulator: Emulator
) -> None:
    emulator.script.add([Reply(messages=("one", "two"))])

    answer = await api.responses.create(model="gpt-6-luna", input="Hi")

    assert answer.output_text == "one\n\ntwo"


def test_a_file_holds_one_reply_or_several() -> None:
    assert read_replies('{"messages": ["a"]}') == (Reply(messages=("a",)),)
    assert read_replies('["raw", {"call": {"name": "f"}, "delay_ms": 5}]') == (
        Reply(raw="raw"),
        Reply(call=Call("f"), delay_ms=5),
    )


@pytest.mark.parametrize("text", ["", "[]", "7", '{"teapot": 1}'])
def test_a_file_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_replies(text)


@given(st.lists(st.text(max_size=40), max_size=5), st.integers(1, 50) | st.none())
def test_chunks_lose_nothing_and_every_bubble_closes_once(
    bubbles: list[str], count: int | None
) -> None:
    text = write_reply(bubbles)

    chunks = split_chunks(text, count)

    assert "".join(chunks) == text
    assert all(chunks)
    assert sum(count_closings(chunks)) == len(bubbles)


def test_what_stands_behind_the_bubbles_closes_none() -> None:
    chunks = ('{"messages":["a]","b"],', '"buttons":["c"],"outcome":"asked"}')

    assert count_closings(chunks) == (2, 0)


def test_a_bubble_closes_in_the_chunk_of_its_quote() -> None:
    assert count_closings(('{"messages":["a', '\\"', "b", '","c"]}')) == (0, 0, 0, 2)
