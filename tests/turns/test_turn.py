"""A client writes, bubbles come back."""

import asyncio
from collections.abc import Sequence

from bot.ports import Began, BubbleClosed, Line, Speaker, Speaking
from db.operations import Complete
from db.records import OutboxKind, TurnState
from db.transaction import Operation
from db.window import Window
from tenants.profile import Pace
from tests.backends import on_both
from tests.fakes.channel import Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import House, rules

pytestmark = on_both


async def test_a_message_is_answered_in_bubbles_after_the_ai_notice(house: House) -> None:
    house.model.will(reply("Buongiorno!", "Dalle 14:00.", "Serve altro?"))
    async with house.process() as desk:
        await desk.answers(Client().writes("A che ora è il check-in?"))
        said = (await desk.transcript()).said
    assert house.channel.texts() == ["Sono una IA.", "Buongiorno!", "Dalle 14:00.", "Serve altro?"]
    assert [row.row.kind for row in said] == [OutboxKind.NOTICE, *[OutboxKind.REPLY] * 3]


async def test_the_ai_notice_comes_once(house: House) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(anna.writes("a"))
        await desk.answers(anna.writes("b"))
    assert house.channel.texts() == ["Sono una IA.", "Uno.", "Due."]


async def test_a_burst_becomes_one_turn(house: House) -> None:
    anna = Client()
    house.model.will(reply("Certo."))
    async with house.process() as desk:
        await desk.hears(anna.writes("Buongiorno"))
        await desk.runs(0.5)
        await desk.hears(anna.writes("vorrei una camera"))
        await desk.runs(30)
    (question,) = house.model.asked
    assert question.lines == (
        Line(Speaker.CLIENT, "Buongiorno"),
        Line(Speaker.CLIENT, "vorrei una camera"),
    )


async def test_a_burst_is_taken_after_the_cap(house: House) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process() as desk:
        for _ in range(7):
            await desk.hears(anna.writes("ancora"))
            await desk.runs(0.5)
        await desk.runs(30)
    assert [len(question.lines) for question in house.model.asked] == [6, 1]


async def test_an_edit_inside_the_quiet_window_replaces_the_text(house: House) -> None:
    anna = Client()
    house.model.will(reply("Ok."))
    async with house.process() as desk:
        await desk.hears(anna.writes("una camera singola"))
        await desk.hears(anna.edits(1, "una camera doppia"))
        await desk.runs(30)
    assert house.model.asked[0].lines == (Line(Speaker.CLIENT, "una camera doppia"),)


async def test_a_message_during_an_answer_becomes_the_next_turn(house: House) -> None:
    anna = Client()
    house.model.will(
        [*reply("Uno.")[:2], lambda: house.clock.sleep(5), *reply("Uno.")[2:]],
        reply("Due.", response_id="resp_2"),
    )
    async with house.process() as desk:
        await desk.hears(anna.writes("a"))
        await desk.runs(2)
        await desk.hears(anna.writes("b"))
        await desk.runs(30)
    assert [question.lines[0].text for question in house.model.asked] == ["a", "b"]
    assert house.channel.texts()[-2:] == ["Uno.", "Due."]


async def test_the_thirteenth_turn_of_a_minute_waits_with_one_notice_of_how_long(
    house: House,
) -> None:
    anna = Client()
    house.model.will(*(reply(f"{n}.", response_id=f"resp_{n}") for n in range(13)))
    async with house.process() as desk:
        for _ in range(12):
            await desk.answers(anna.writes("?"), seconds=2)
        await desk.answers(anna.writes("ancora"), anna.writes("e ancora"), seconds=2)
        early = house.channel.texts()
        await desk.runs(60)
    answers = ("Sono una IA.", *(f"{n}." for n in range(12)))
    notices = [text for text in early if text not in answers]
    assert notices == ["Ho ricevuto i messaggi: rispondo fra circa 40 secondi."]
    assert len(house.model.asked[-1].lines) == 2
    assert house.channel.texts()[-1] == "12."


async def test_without_a_quiet_window_the_answer_begins_at_once(house: House) -> None:
    house.model.will(reply("Subito."))
    async with house.process(rules(window=Window(quiet=0, cap=0))) as desk:
        await desk.answers(Client().writes("?"), seconds=0)
    assert house.channel.texts()[-1] == "Subito."


async def test_a_turn_records_its_model_tokens_and_times(house: House) -> None:
    house.model.will(reply("Ok."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        (turn,) = (await desk.transcript()).turns
    assert (turn.state, turn.model, turn.response_id) == (TurnState.DONE, "gpt-6-luna", "resp_1")
    assert (turn.input_tokens, turn.output_tokens) == (100, 20)
    assert turn.received_at < turn.opened_at <= (turn.first_bubble_at or 0) <= (turn.done_at or 0)


async def test_two_clients_are_answered_in_their_own_conversations(house: House) -> None:
    house.model.will(reply("A."), reply("B.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client(1).writes("sono anna"), Client(2).writes("sono bruno"))
    assert {q.conversation_id for q in house.model.asked} == {"conv_1", "conv_2"}
    assert len(house.channel.texts(1)) == len(house.channel.texts(2)) == 2


async def test_in_a_group_the_first_bubble_refers_to_the_message(house: House) -> None:
    group = Client(-50)
    house.model.will(reply("Uno.", "Due."))
    async with house.process() as desk:
        await desk.answers(group.writes("@hotel ?"))
    assert [message.reply_to for message in house.channel.sent] == [None, "1", None]


async def test_a_turn_is_over_when_its_last_bubble_is_out_and_no_sooner(house: House) -> None:
    said_by_then: list[list[str]] = []

    def at_commit(operations: Sequence[Operation[object]], _: object) -> None:
        if any(isinstance(one, Complete) for one in operations):
            said_by_then.append(house.channel.texts())

    async def is_being_written() -> None:
        desk.database.rounds = 60
        for _ in range(30):
            await asyncio.sleep(0)

    async with house.process(rules(pace=Pace.HUMAN), observe=at_commit) as desk:
        first: list[Step] = [Began("resp_1"), Speaking(), BubbleClosed("Uno.")]
        last: list[Step] = [BubbleClosed("Due."), is_being_written, answer("Uno.", "Due.")]
        house.model.will([*first, lambda: house.clock.sleep(0.1), *last])
        await desk.answers(Client().writes("?"), seconds=60)
    assert said_by_then == [["Sono una IA.", "Uno.", "Due."]]
