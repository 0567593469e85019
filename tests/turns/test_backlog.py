"""However much a client wrote, it is read in bounded pieces, and none of it counts as haste."""

from dataclasses import replace

from bot.core.texts import Text, say
from bot.ports import Line, Speaker
from db.portions import Portion
from tests.fakes.channel import Client
from tests.fakes.clock import NOON
from tests.fakes.model import reply
from tests.turns.desk import House, rules
from tests.usual import PORTION

SMALL = Portion(messages=3, characters=1_000, turns=2)
TOO_FAST, _, _ = say(Text.TOO_FAST, "it", count=60).partition("60")


def replies(house: House, number: int) -> None:
    house.model.will(*(reply(f"{n}.", response_id=f"resp_{n}") for n in range(number)))


def asked(house: House) -> list[list[str]]:
    return [[line.text for line in question.lines] for question in house.model.asked]


async def test_what_is_too_much_for_a_turn_is_answered_by_the_next(house: House) -> None:
    anna = Client()
    replies(house, 2)
    async with house.process(rules(portion=SMALL)) as desk:
        await desk.answers(*(anna.writes(f"{n}") for n in range(5)))
    assert asked(house) == [["0", "1", "2"], ["3", "4"]]
    assert house.channel.texts() == ["Sono una IA.", "0.", "1."]


async def test_older_words_are_one_text_under_their_dates(house: House) -> None:
    anna = Client()
    replies(house, 2)
    async with house.process(rules(portion=SMALL)) as desk:
        written = [replace(anna.writes(f"{n}"), written_at=NOON + 60 * n) for n in range(7)]
        await desk.answers(*written)
    first, second = house.model.asked
    dated = [f"⟦2026-11-20 12:0{n}⟧\n{n}" for n in range(6)]
    assert first.lines == (Line(Speaker.CLIENT, "\n".join(dated)),)
    assert [line.text for line in second.lines] == ["6"]


async def test_thousands_of_messages_are_a_few_turns_of_bounded_size(house: House) -> None:
    anna = Client()
    replies(house, 5)
    async with house.process() as desk:
        await desk.answers(*(anna.writes(f"{n} " + "x" * 995) for n in range(2_000)), seconds=120)
    sizes = [sum(len(line.text) for line in question.lines) for question in house.model.asked]
    assert len(sizes) == 5
    assert max(sizes) <= 52_000
    assert " messages left out here⟧\n" in house.model.asked[0].lines[0].text
    assert house.model.asked[-1].lines[-1].text.startswith("1999 ")


async def test_a_turn_that_is_taken_over_reads_the_same(house: House) -> None:
    anna = Client()
    house.model.will([house.hangs])
    async with house.process(rules(portion=SMALL)) as desk:
        await desk.answers(*(anna.writes(f"{n} " + "x" * 200) for n in range(20)), seconds=10)
        await desk.dies()
    replies(house, 2)
    async with house.process(rules(portion=SMALL)) as desk:
        await desk.runs(120)
    before, after, _ = house.model.asked
    assert before.lines == after.lines
    assert len(before.lines) == 1


async def test_the_turns_of_a_backlog_are_not_too_fast(house: House) -> None:
    anna = Client()
    replies(house, 6)
    async with house.process(rules(portion=replace(PORTION, messages=1))) as desk:
        await desk.answers(*(anna.writes(f"{n}") for n in range(5)), seconds=5)
        await desk.answers(anna.writes("e ancora"), seconds=5)
    assert len(asked(house)) == 6
    assert not any(text.startswith(TOO_FAST) for text in house.channel.texts())
