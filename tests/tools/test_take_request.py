"""Taking a request, as functions: what is missing is named, and it is taken down once."""

import re

import pytest

from bot.errors import ToolError
from bot.tools.request_fields import request_fields
from bot.tools.take_request import Detail, take_request
from tests.tools.desk import NOWHERE, FakeDesk

NAME = Detail(asked="nome:", answer=" Anna Rossi ")
PHONE = Detail(asked="Numero di  telefono", answer="333 1234567")


async def test_what_to_ask_for_is_the_companys_list() -> None:
    assert await request_fields(FakeDesk().context) == "Ask for: Nome; Numero di telefono."


async def test_it_is_taken_in_the_companys_words_and_order() -> None:
    desk = FakeDesk()
    await take_request(desk.context, [PHONE, NAME])
    assert desk.taken == {"key-1": [("Nome", "Anna Rossi"), ("Numero di telefono", "333 1234567")]}


async def test_what_the_client_confirmed_besides_is_passed_on_last() -> None:
    desk = FakeDesk()
    extra = Detail(asked="Colore preferito", answer="blu")
    told = await take_request(desk.context, [PHONE, extra, NAME])
    assert [*desk.taken["key-1"]][-2:] == [
        ("Numero di telefono", "333 1234567"),
        ("Colore preferito", "blu"),
    ]
    assert [*told] == ["message"]  # the company never sees the number


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ([], "Still missing: Nome; Numero di telefono. Ask for Nome now."),
        ([NAME], "Still missing: Numero di telefono. Ask for Numero di telefono now."),
        ([NAME, Detail(asked="Numero di telefono", answer=" ")], "Ask for Numero di telefono now."),
    ],
)
async def test_what_is_missing_is_named_and_nothing_is_taken(
    answers: list[Detail], named: str
) -> None:
    desk = FakeDesk()
    with pytest.raises(ToolError, match=re.escape(named)):
        await take_request(desk.context, answers)
    assert desk.taken == {}


async def test_a_call_that_is_made_again_is_the_same_request() -> None:
    desk = FakeDesk()
    first, again = [await take_request(desk.context, [NAME, PHONE]) for _ in range(2)]
    assert first == again
    assert len(desk.taken) == 1


async def test_without_a_desk_nothing_is_promised() -> None:
    with pytest.raises(ToolError, match="how to reach the company"):
        await request_fields(NOWHERE)
    with pytest.raises(ToolError, match="how to reach the company"):
        await take_request(NOWHERE, [NAME, PHONE])
