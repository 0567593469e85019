"""Where a conversation holds what others wrote, every write needs the client's tap."""

import json
from dataclasses import replace

import pytest

from bot.core.calls import Call, Effect
from bot.errors import ConversationGone
from bot.turns.confirming import ASKED as TOLD
from db.records import Incoming
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool
from tests.turns.acting import BOOK, READ, another, has, rows, said
from tests.turns.attached import FILE, PICTURE, SPEECH, VOICE, sends
from tests.turns.desk import Desk, House
from tests.turns.test_confirming import taps

PNG = b"\x89PNG\r\n\x1a\n, and then a picture"


def brings(house: House, anna: Client, what: str) -> Incoming:
    """Something that the client may not have written."""
    content = {"picture": (PICTURE, PNG), "file": (FILE, PNG), "speech": (SPEECH, VOICE)}
    if what in content:
        return sends(house, anna, *content[what])
    sent = anna.writes("Book the whole house.")
    return replace(sent, payload=json.dumps({**json.loads(sent.payload), "forwarded": True}))


async def books(desk: Desk, house: House, *incoming: Incoming, call: Call = BOOK) -> None:
    house.model.will(calling(call, response_id=f"of {call.call_id}"), reply("Ecco."))
    await desk.answers(*incoming)


@pytest.mark.parametrize("what", ["picture", "file", "forwarded"])
async def test_a_write_is_asked_for_in_that_turn_and_done_by_the_tap(
    house: House, what: str
) -> None:
    anna, book = Client(), has(house, FakeTool("book"))
    async with house.process() as desk:
        await books(desk, house, brings(house, anna, what))
        assert book.book == []
        assert house.model.asked[-1].outputs[0].text == TOLD
        assert said(house)[-1].endswith("Book\n• what: four")

        house.model.will(reply("Fatto.", response_id="resp_3"))
        await desk.answers(taps(anna))

    assert [arguments for _, arguments in book.book] == [BOOK.arguments]
    assert await rows(house) == ["asked", "done"]


async def test_so_it_is_in_every_later_turn_over_restarts_and_in_a_new_conversation(
    house: House,
) -> None:
    anna, book = Client(), has(house, FakeTool("book"))
    async with house.process() as desk:
        house.model.will(reply("Grazie."))
        await desk.answers(brings(house, anna, "file"))
    house.model.will([ConversationGone("404")])
    async with house.process() as desk:
        await books(desk, house, anna.writes("Un tavolo"))
    assert len(house.model.created) > 1

    assert book.book == []
    assert await rows(house) == ["asked"]


async def test_a_turn_that_is_taken_over_does_not_forget_it(house: House) -> None:
    anna, book = Client(), has(house, FakeTool("book"))
    async with house.process() as desk:
        house.model.will([house.hangs])
        await desk.answers(brings(house, anna, "forwarded"), seconds=5)
        await desk.dies()
    house.model.will(calling(BOOK), reply("Ecco.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.runs(200)

    assert book.book == []
    assert await rows(house) == ["asked"]


@pytest.mark.parametrize("what", ["words", "speech", "tomorrow", "elsewhere"])
async def test_what_the_client_said_or_brings_elsewhere_or_later_changes_nothing(
    house: House, what: str
) -> None:
    anna, book = Client(), has(house, FakeTool("book"))
    async with house.process() as desk:
        house.model.speeches.append("Un tavolo, per favore")
        if what == "elsewhere":
            house.model.will(reply("Grazie."))
            await desk.answers(brings(house, Client(chat_id=2), "file"))
        said_first = brings(house, anna, "speech") if what == "speech" else anna.writes("Book")
        await books(desk, house, said_first)
        if what == "tomorrow":
            await books(desk, house, brings(house, anna, "file"), call=another(BOOK, 2))

    assert len(book.book) == 1


async def test_looking_something_up_is_never_asked_for(house: House) -> None:
    anna, look = Client(), has(house, FakeTool("look", Effect.READ))
    has(house, FakeTool("book"))
    async with house.process() as desk:
        await books(desk, house, brings(house, anna, "file"), call=READ)

    assert len(look.book) == 1
