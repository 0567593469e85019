"""When the offline model calls a tool, and when it answers as if there were none."""

import json
from typing import Any

import pytest

from bot.playground.openai import OfflineModel, Prompt
from bot.playground.openai.draft import Call
from bot.playground.openai.items import Called, Said
from bot.tools.kit.toolbox import FileToolbox
from tenants import presets
from tenants.prompt import render

OWN = FileToolbox(None, {}).load()
NOW = Said("developer", "⟦now: Friday 20 November 2026, 12:00⟧\n⟦first_turn: no⟧")
FIELDS = "Ask for: Nome; Numero di telefono; Che cosa desidera; Quando."
LISTED = Called("request_fields", "{}", json.dumps({"data": {"message": FIELDS}}))


def functions(*names: str) -> tuple[dict[str, Any], ...]:
    found = (OWN[name].definition for name in names)
    return tuple(
        {"name": one.name, "description": one.description, "parameters": dict(one.parameters)}
        for one in found
    )


REQUESTS = functions("request_fields", "take_request")


def asked(*said: str, called: tuple[Called, ...] = (), tools: Any = REQUESTS) -> Call | list[str]:
    """What comes of a dialogue: the client's words and the assistant's, in turn."""
    roles = ("user", "assistant")
    history = (NOW, *(Said(roles[at % 2], text) for at, text in enumerate(said)))
    instructions = render(presets.load("hotel-aurora"))
    draft = OfflineModel().draft(Prompt(instructions, history, functions=tools, called=called))
    return draft.call or list(json.loads(draft.text)["messages"])


def test_a_request_is_asked_for_field_by_field_and_taken() -> None:
    said = ["Vorrei prenotare una camera per sabato"]
    assert asked(*said) == Call("request_fields")
    for question, answer in (
        ("A che nome?", "Anna Rossi"),
        ("Quale numero di telefono possiamo segnare?", "333 1234567"),
    ):
        assert asked(*said, called=(LISTED,)) == [question]
        said += [question, answer]
    taken = asked(*said, called=(LISTED,))
    assert isinstance(taken, Call)
    answers = [one["answer"] for one in json.loads(taken.arguments)["details"]]
    assert answers == ["Anna Rossi", "333 1234567", said[0], "2026-11-21"]


def test_a_list_that_a_new_conversation_is_told_of_is_asked_for() -> None:
    told = f"⟦call 1: {{}} {LISTED.output}⟧"
    note = "Call 1, `request_fields`, is done and is not to be called for this again."
    history = (NOW, Said("developer", note), Said("user", told), Said("user", "Vorrei prenotare"))
    instructions = render(presets.load("hotel-aurora"))
    draft = OfflineModel().draft(Prompt(instructions, history, functions=REQUESTS))
    assert json.loads(draft.text)["messages"][-1] == "A che nome?"


@pytest.mark.parametrize(
    "question",
    [
        "Come posso prenotare?",
        "Avete un parcheggio?",
        "Devo prenotare la colazione?",
        "Vorrei sapere se la camera prenotata ha il bagno",
        "Grazie!",
    ],
)
def test_a_question_is_answered_as_without_tools(question: str) -> None:
    assert asked(question) == asked(question, tools=())


def test_whoever_thinks_better_of_it_is_asked_no_more() -> None:
    said = ("Vorrei prenotare una camera", "A che nome?", "No, grazie")
    assert asked(*said) == asked(*said, tools=())


def test_the_hours_of_a_day_are_looked_up_and_told() -> None:
    hours, question = functions("opening_hours"), "Siete aperti domani?"
    call = asked(question, tools=hours)
    assert call == Call("opening_hours", '{"day": "2026-11-21"}')
    told = {"status": "success", "message": "Closed.", "day": "Saturday, 2026-11-21"}
    output = Called("opening_hours", call.arguments, json.dumps({"data": told}))
    assert asked(question, called=(output,), tools=hours) == ["Sabato 21 novembre siamo chiusi."]
