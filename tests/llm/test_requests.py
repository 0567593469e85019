from dataclasses import replace

from bot.llm.requests import OUTPUT_TOKENS, write_items, write_request
from bot.ports import Line, Role
from tests.llm.support import QUESTION


def test_bubbles_said_in_a_row_are_one_reply_again() -> None:
    lines = [
        Line(Role.CLIENT, "Ciao"),
        Line(Role.CLIENT, "C'è il bar?"),
        Line(Role.ASSISTANT, "Sì."),
        Line(Role.ASSISTANT, "È aperto."),
        Line(Role.DESK, "Go on."),
    ]

    assert [(item["role"], item["content"]) for item in write_items(lines)] == [
        ("user", "Ciao"),
        ("user", "C'è il bar?"),
        ("assistant", '{"messages": ["Sì.", "È aperto."]}'),
        ("developer", "Go on."),
    ]


def test_reasoning_gets_tokens_of_its_own() -> None:
    assert write_request(QUESTION)["max_output_tokens"] == OUTPUT_TOKENS
    assert write_request(replace(QUESTION, effort="high"))["max_output_tokens"] > OUTPUT_TOKENS


def test_a_model_that_does_not_reason_is_asked_for_no_effort() -> None:
    assert "reasoning" not in write_request(replace(QUESTION, effort=""))


def test_nothing_new_to_say_is_no_input() -> None:
    assert "input" not in write_request(replace(QUESTION, lines=()))
