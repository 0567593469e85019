"""What is heard: how long it may be, what it counts, and what is hidden in it; and what is lost."""

from dataclasses import replace

import pytest

from bot.core.attachments import LONGEST_SPEECH_SECONDS, MOST
from bot.core.texts import Text, say
from bot.errors import GiveUp
from bot.playground.voices import silence
from bot.ports import Speaker, Transcription
from bot.turns.attachments import TOKENS_A_SECOND
from db.versions import tokens_used
from tests.fakes.channel import Client
from tests.fakes.model import reply
from tests.samples import jpeg
from tests.turns.attached import PICTURE, SPEECH, VOICE, sends, shown, told
from tests.turns.desk import House, rules
from tests.usual import PORTION

DAYS = ("2026-11-20", "2026-11-21")


async def test_a_recording_that_is_longer_than_it_was_said_to_be_is_not_heard(
    house: House,
) -> None:
    house.model.will(reply("Peccato."))
    long = silence(LONGEST_SPEECH_SECONDS + 2)
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), SPEECH, long, seconds=3))
    assert told(house) == ["?\n⟦not heard: too long: at most 5 minutes⟧"]
    assert house.model.heard == []


@pytest.mark.parametrize(
    ("heard", "content", "counted"),
    [
        (Transcription("Avete posto?", seconds=60.0), VOICE, 60 * TOKENS_A_SECOND),
        (Transcription("Avete posto?", tokens=120), VOICE, 120),
        (Transcription("Avete posto?"), silence(3), 3 * TOKENS_A_SECOND),  # by its bytes
        (Transcription("Avete posto?"), VOICE, 0),
    ],
)
async def test_what_is_heard_counts_in_the_tokens_of_the_day(
    house: House, heard: Transcription, content: bytes, counted: int
) -> None:
    async with house.process() as desk:
        house.model.will(reply("Sì."))
        anna = Client()
        await desk.answers(anna.writes("Ciao"))
        without = await house.database.read(tokens_used, DAYS)
        house.model.speeches.append(heard)
        house.model.will(reply("Sì."))
        await desk.answers(sends(house, anna, SPEECH, content))
    used = await house.database.read(tokens_used, DAYS)
    assert used - 2 * without == pytest.approx(counted, abs=TOKENS_A_SECOND // 10)


async def test_when_they_are_used_up_nothing_is_heard(house: House) -> None:
    anna, minute = Client(), 60 * TOKENS_A_SECOND
    house.model.speeches.append(Transcription("Avete posto?", seconds=60.0))
    house.model.will(reply("Sì."))
    async with house.process(rules(daily_token_limit=minute)) as desk:
        await desk.answers(sends(house, anna, SPEECH, VOICE))
        await desk.answers(sends(house, anna, SPEECH, VOICE))
    assert len(house.model.heard) == 1
    assert house.channel.texts()[-1] == say(Text.DAILY_CAP, "it")


async def test_a_turn_that_is_taken_over_tells_of_a_picture_that_is_gone(house: House) -> None:
    house.model.will([house.hangs], reply("Peccato."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), PICTURE, jpeg(), GiveUp("404")))
        assert shown(house) == [jpeg()]
        await desk.dies()
    async with house.process() as desk:
        await desk.runs(120)
    assert (told(house), shown(house)) == (["?"], [])
    gone = "⟦not looked at: it cannot be had from here any more⟧"
    assert [one.text for one in house.model.asked[-1].told if one.role is Speaker.DESK][1:] == [
        gone
    ]


async def test_that_a_model_looks_at_nothing_is_told_to_the_hosts_once(house: House) -> None:
    anna, host = Client(), Client(99)
    house.model.blind.add(model := rules().model)
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(host.commands("/start"))
        for _ in range(2):
            house.model.will(reply("Non la vedo."))
            await desk.answers(sends(house, anna, PICTURE, jpeg()))
    assert house.channel.texts(99) == [say(Text.HOST_BLIND, "it", model=model)]


async def test_of_a_backlog_the_first_are_heard_and_of_the_others_it_is_told(house: House) -> None:
    anna, count = Client(), MOST + 3
    house.model.speeches.extend(["Avete posto?"] * MOST)
    house.model.will(reply("Quante!"))
    async with house.process(rules(portion=replace(PORTION, messages=3, turns=1))) as desk:
        await desk.answers(*(sends(house, anna, SPEECH, VOICE) for _ in range(count)))
    (text,) = told(house)  # older words are one text
    assert text.count("⟦heard in it⟧\nAvete posto?") == MOST
    assert text.count("⟦not heard: too much at once⟧") == count - MOST
