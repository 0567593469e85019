"""What the model is told of messages that were rewritten."""

from dataclasses import replace

from bot.ports import Line, Speaker
from bot.turns.brief import Briefing
from db.records import TELEGRAM, Message, TurnState, UpdateKind
from db.transcript import Spoken
from tests.fakes.channel import Client, FakeChannel
from tests.fakes.model import reply
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.desk import House
from tests.turns.records import TURN

CORRECTED = "⟦correction of an earlier message⟧\n"


def client(text: str) -> Line:
    return Line(Speaker.CLIENT, text)


async def test_a_correction_is_a_turn_of_its_own_and_stands_in_the_transcript(house: House) -> None:
    anna = Client()
    house.model.will(reply("Una singola."), reply("Una doppia.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(anna.writes("singola"))
        await desk.answers(anna.edits(1, "doppia"))
        await desk.answers(anna.edits(1, "doppia"))
        transcript = await desk.transcript()
    assert [question.lines for question in house.model.asked] == [
        (client("singola"),),
        (client(f"{CORRECTED}doppia"),),
    ]
    assert [turn.state for turn in transcript.turns] == [TurnState.DONE] * 2
    first, second, third = transcript.heard
    assert (first.turn, second.turn, third.turn) == (*(t.id for t in transcript.turns), None)


async def test_of_several_edits_the_model_reads_the_last(house: House) -> None:
    anna = Client()
    house.model.will(reply("Una singola."), reply("Una tripla.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(anna.writes("singola"))
        await desk.answers(anna.edits(1, "doppia"), anna.writes("grazie"), anna.edits(1, "tripla"))
    assert house.model.asked[1].lines == (client(f"{CORRECTED}tripla"), client("grazie"))


async def test_what_cannot_be_read_any_more_is_not_corrected(house: House) -> None:
    anna = Client()
    house.model.will(reply("Una singola."))
    async with house.process() as desk:
        unreadable = replace(anna.writes("singola"), payload="[]")
        await desk.answers(unreadable, anna.writes("per uno"))
        await desk.answers(anna.edits(1, "doppia"))
    assert len(house.model.asked) == 1


def spoken(number: int, text: str, *, kind: UpdateKind = UpdateKind.MESSAGE) -> Spoken:
    payload = f'{{"message_id": {number}, "text": "{text}"}}'
    return Spoken(Message(number, kind, str(number), payload), None)


def test_a_new_conversation_begins_with_corrections_where_they_were_heard() -> None:
    edited = UpdateKind.EDIT
    said = [
        spoken(1, "singola"),
        spoken(1, "singola, per favore", kind=edited),
        Spoken(None, "Una singola."),
        spoken(1, "doppia", kind=edited),
        Spoken(None, "Una doppia."),
        spoken(8, "di cui non si sa altro", kind=edited),
    ]
    briefing = Briefing({TELEGRAM: FakeChannel()}, "gpt-6-luna", "none", FakeTelemetry())
    assert briefing.recall(TURN, said) == [
        client("singola, per favore"),
        Line(Speaker.ASSISTANT, "Una singola."),
        client(f"{CORRECTED}doppia"),
        Line(Speaker.ASSISTANT, "Una doppia."),
        client(f"{CORRECTED}di cui non si sa altro"),
    ]
