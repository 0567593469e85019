"""A client is on the phone: what is said is short and soon, and a call ends behind its goodbye."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core.calls import Call
from bot.core.texts import Text, say
from bot.errors import ToolError
from bot.ports import BubbleClosed, Speaking
from bot.turns.phone import SPOKEN_CHARACTERS, WAITING_SECONDS
from db.chats import ChatWork
from tenants.profile import Profile
from tests.fakes.channel import Client, FakeChannel
from tests.fakes.clock import FakeClock
from tests.fakes.model import answer, calling, reply
from tests.fakes.tools import FakeTool
from tests.turns.acting import BOOK, has, rows, told
from tests.turns.desk import House, rules

OWN = "5b1f"  # the call, as the phone stack names it
BYE, WAIT = "Arrivederci, buona giornata!", "La passo subito alla reception."
HANG_UP = Call("call_1", "hang_up", json.dumps({"goodbye": BYE}))
HOTEL = Profile(
    company_name="Hotel Aurora",
    tools=("hang_up", "transfer"),
    extensions=("600 Reception", "Ristorante: 601", "045 000 0142", "+390450000142", "Bar"),
)


@dataclass(slots=True)
class Board:
    """bot.ports.Switchboard."""

    channel: FakeChannel
    clock: FakeClock
    done: list[tuple[str, ...]] = field(default_factory=list)  # behind what was said by then
    at: float = 0.0
    refuses: bool = False

    async def hang_up(self, call: str) -> None:
        await self._note("hang up", call)

    async def transfer(self, call: str, extension: str) -> None:
        await self._note("transfer", call, extension)

    async def _note(self, *act: str) -> None:
        if self.refuses:
            raise ToolError("Nobody answers.")
        self.done.append((self.channel.sent[-1].text, *act))
        self.at = self.clock.boottime()


@pytest.fixture
def board(house: House) -> Board:
    """The client is on the phone, at a company that lets calls be passed on."""
    board = Board(house.channel, house.clock)
    house.profile, house.switchboard = HOTEL, board
    house.channel.phones["1"] = OWN
    return board


def transfer(extension: str) -> Call:
    return Call("call_1", "transfer", json.dumps({"extension": extension, "announcement": WAIT}))


def note(house: House) -> str:
    return house.model.asked[0].told[0].text


async def test_the_goodbye_is_spoken_before_the_call_ends(house: House, board: Board) -> None:
    house.model.will(calling(HANG_UP), reply("Fatto."))
    async with house.process() as desk:
        await desk.hears(Client().writes("Grazie, è tutto."))
        began = house.clock.boottime()
        await desk.runs(30)
    assert board.done == [(BYE, "hang up", OWN)]
    assert board.at - began > len(BYE) / SPOKEN_CHARACTERS
    assert await rows(house) == ["done"]


async def test_a_call_is_passed_on_to_whom_the_company_allows(house: House, board: Board) -> None:
    other = replace(transfer("601"), call_id="call_2")
    house.model.will(
        calling(transfer("112")), calling(other, response_id="resp_2"), reply("Fatto.")
    )
    async with house.process() as desk:
        await desk.answers(Client().writes("Il ristorante, per favore."))
    assert "601 = Ristorante" in note(house)
    assert "600 (Reception), 601 (Ristorante)" in told(house, 1)["call_1"]["message"]
    assert board.done == [(WAIT, "transfer", OWN, "601")]
    assert house.channel.texts().count(WAIT) == 1


@pytest.mark.parametrize("refused", [False, True])
async def test_who_goes_on_speaking_is_not_cut_off(
    house: House, board: Board, refused: bool
) -> None:
    def stop(chat: ChatWork) -> tuple[()]:
        chat.stop()
        return ()

    board.refuses = refused
    house.model.will(calling(transfer("600")), *([reply("Mi dica.")] if refused else []))
    async with house.process() as desk:
        desk.works["/stop"] = stop
        anna = Client()
        await desk.hears(anna.writes("Grazie."))
        while WAIT not in house.channel.texts():
            await desk.runs(0.1)
        if not refused:
            await desk.hears(anna.commands("/stop"))
        await desk.runs(30)
    assert (board.done, await rows(house)) == ([], ["failed"])


async def test_elsewhere_nobody_is_offered_that(house: House, board: Board) -> None:
    house.channel.phones.clear()
    house.model.will(reply("Salve."))
    async with house.process() as desk:
        await desk.answers(Client().writes("Buongiorno"))
    assert (house.model.asked[-1].tools, "phone" in note(house)) == ((), False)
    assert say(Text.AI_NOTICE_SPOKEN, "it") not in house.channel.texts()


async def test_without_a_way_to_the_phone_stack_neither(house: House, board: Board) -> None:
    house.switchboard = None
    house.model.will(reply("Salve."))
    async with house.process() as desk:
        await desk.answers(Client().writes("Buongiorno"))
    assert (house.model.asked[-1].tools, "phone: yes" in note(house)) == ((), True)


@pytest.mark.parametrize("wanted", [5.0, 1.0, 0.0])
async def test_silence_is_shorter_on_the_phone(house: House, board: Board, wanted: float) -> None:
    """[55] Unless the company wants it shorter still, or never broken."""
    house.profile = HOTEL.changed({"waiting_seconds": wanted, "waiting_message": "Un attimo."})

    async def thinks() -> None:
        await house.clock.sleep(10)

    house.model.will([Speaking(), thinks, BubbleClosed("Dalle 14."), answer("Dalle 14.")])
    async with house.process(rules(waiting_seconds=None)) as desk:
        await desk.hears(Client().writes("A che ora è il check-in?"))
        await desk.runs(min(wanted or 9, WAITING_SECONDS) + 1)
        heard = house.channel.texts()
        await desk.runs(30)
    notice = say(Text.AI_NOTICE_SPOKEN, "it")
    assert heard == [notice, "Un attimo."] if wanted else [notice]
    assert house.channel.texts() == [*heard, "Dalle 14."]


async def test_who_was_told_goodbye_is_not_asked_to_wait(house: House, board: Board) -> None:
    house.profile = HOTEL.changed({"waiting_message": "Un attimo."})
    house.model.will(calling(HANG_UP), reply("Fatto."))
    async with house.process(rules(waiting_seconds=None)) as desk:
        await desk.hears(Client().writes("Grazie, è tutto."))
        await desk.runs(30)
    assert len(BYE) / SPOKEN_CHARACTERS > WAITING_SECONDS
    assert house.channel.texts() == [say(Text.AI_NOTICE_SPOKEN, "it"), BYE, "Fatto."]


async def test_what_is_to_be_confirmed_is_confirmed_in_words(house: House, board: Board) -> None:
    book = has(house, FakeTool("book", confirm=True))
    anna: Any = Client()
    house.model.will(calling(BOOK), reply("Quattro persone."), reply("Prenotato."))
    async with house.process() as desk:
        await desk.answers(anna.writes("Un tavolo"))
        assert say(Text.CONFIRM_IN_WORDS, "it") in house.channel.texts()[-1]
        assert [one.markup for one in house.channel.sent if one.markup] == []
        await desk.answers(anna.writes("Sì."))
    assert len(book.book) == 1
