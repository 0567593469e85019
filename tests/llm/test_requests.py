from dataclasses import replace

import pytest

from bot.core.reply.shapes import OF_ITSELF
from bot.llm.requests import OUTPUT_TOKENS, write_beginning, write_items, write_request
from bot.ports import Line, Speaker
from db.records import Outcome
from tests.llm.support import QUESTION


def test_bubbles_said_in_a_row_are_one_reply_again() -> None:
    lines = [
        Line(Speaker.CLIENT, "Ciao"),
        Line(Speaker.CLIENT, "C'è il bar?"),
        Line(Speaker.ASSISTANT, "Sì."),
        Line(Speaker.ASSISTANT, "È aperto."),
        Line(Speaker.DESK, "Go on."),
    ]

    assert [(item["role"], item["content"]) for item in write_items(lines)] == [
        ("user", "Ciao"),
        ("user", "C'è il bar?"),
        ("assistant", '{"messages": ["Sì.", "È aperto."]}'),
        ("developer", "Go on."),
    ]


def test_the_reply_begins_with_its_bubbles_and_is_strict() -> None:
    schema = write_request(QUESTION)["text"]["format"]["schema"]

    assert [*schema["properties"]] == schema["required"]
    assert schema["required"][0] == "messages"
    assert {*schema["required"]} == {"messages", *OF_ITSELF}
    assert schema["properties"]["outcome"]["enum"] == [*Outcome]


def test_reasoning_gets_tokens_of_its_own() -> None:
    assert write_request(QUESTION)["max_output_tokens"] == OUTPUT_TOKENS
    for effort in ("high", ""):  # left out, the model may reason
        assert write_request(replace(QUESTION, effort=effort))["max_output_tokens"] > OUTPUT_TOKENS


def test_a_model_that_does_not_reason_is_asked_for_no_effort() -> None:
    assert "reasoning" not in write_request(replace(QUESTION, effort=""))


def test_nothing_new_to_say_is_no_input() -> None:
    assert "input" not in write_request(replace(QUESTION, lines=()))


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        ("gpt-6-luna", True),
        ("gpt-6.1-sol", True),
        ("gpt-5.6-terra", True),
        ("gpt-5.10", True),
        ("gpt-10", True),
        ("gpt-5.5", False),
        ("gpt-5", False),
        ("gpt-4.1-mini", False),
        ("o4-mini", False),
        ("llama-6", False),
    ],
)
def test_the_prompt_cache_is_kept_for_half_a_day_where_that_can_be_asked(
    model: str, *, kept: bool
) -> None:
    asked = write_request(replace(QUESTION, model=model)).get("prompt_cache_options")
    assert asked == ({"ttl": "12h"} if kept else None)


@pytest.mark.parametrize(
    ("model", "opens", "marks", "begins"),
    [
        ("gpt-6-luna", True, True, True),
        ("gpt-6-luna", False, True, False),
        ("gpt-6-luna", True, False, False),
        ("gpt-5.5", True, True, False),
    ],
)
def test_a_new_conversation_begins_with_a_mark_where_a_cache_goes_by_it(
    model: str, *, opens: bool, marks: bool, begins: bool
) -> None:
    asked = replace(QUESTION, model=model, opens=opens, told=(Line(Speaker.DESK, "⟦now: x⟧"),))
    first, *rest = write_request(asked, marks_prefix=marks)["input"]
    assert (first == write_beginning()) == begins
    assert [item["role"] for item in rest] == ["developer", "user"][not begins :]


def test_a_conversation_that_holds_the_words_is_told_nothing() -> None:
    assert "input" not in write_request(replace(QUESTION, opens=True, lines=()))
