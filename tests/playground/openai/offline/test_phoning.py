"""What the offline model does with a phone call."""

import json
from typing import Any

import pytest

from bot.core.calls import Status, write_output
from bot.playground.openai import OfflineModel, Prompt
from bot.playground.openai.draft import Call
from bot.playground.openai.items import Called, Said
from tenants import presets
from tenants.prompt import render
from tests.playground.openai.offline.test_errands import functions

TOOLS = functions("hang_up", "transfer")
NOTE = (
    "⟦now: Friday 20 November 2026, 12:00⟧\n⟦first_turn: no⟧\n⟦phone: yes⟧\n"
    "⟦extension: 600 = Reception⟧\n⟦extension: 601 = Ristorante⟧"
)


def heard(words: str, *, tools: Any = TOOLS, called: tuple[Called, ...] = ()) -> Call | list[str]:
    """What comes of a caller's words."""
    history = (Said("developer", NOTE), Said("user", words))
    instructions = render(presets.load("hotel-aurora"))
    draft = OfflineModel().draft(Prompt(instructions, history, functions=tools, called=called))
    return draft.call or list(json.loads(draft.text)["messages"])


@pytest.mark.parametrize(
    ("words", "extension", "told"),
    [
        ("Mi passi qualcuno, per favore", "600", "Un attimo, passo subito la chiamata."),
        ("Può passarmi il ristorante?", "601", "Un attimo, passo subito la chiamata."),
        ("Could I talk to the reception?", "600", "One moment, I'm putting you through."),
        ("Соедините меня с оператором", "600", "Минуту, соединяю."),
    ],
)
def test_a_call_is_passed_on_to_whom_the_caller_wants(
    words: str, extension: str, told: str
) -> None:
    call = heard(words)
    assert isinstance(call, Call)
    assert (call.name, json.loads(call.arguments)) == (
        "transfer",
        {"extension": extension, "announcement": told},
    )


def test_who_takes_leave_is_hung_up_on() -> None:
    call = heard("Grazie, arrivederci")
    assert isinstance(call, Call)
    assert (call.name, json.loads(call.arguments)) == (
        "hang_up",
        {"goodbye": "Arrivederci, e a presto!"},
    )


@pytest.mark.parametrize("words", ["A che ora apre il ristorante?", "Arrivederci a quando?"])
def test_a_question_is_answered(words: str) -> None:
    assert heard(words) == heard(words, tools=())


@pytest.mark.parametrize("words", ["Mi passi qualcuno", "Arrivederci"])
def test_where_nothing_can_be_done_with_the_call_words_answer(words: str) -> None:
    assert isinstance(heard(words, tools=()), list)


def test_what_became_of_it_is_told() -> None:
    for status, said in (
        (Status.SUCCESS, "Fatto."),
        (Status.FAILURE, "Purtroppo non è stato possibile."),
    ):
        called = Called("transfer", "{}", write_output(status, "It was said."))
        assert heard("Mi passi qualcuno", called=(called,)) == [said]
