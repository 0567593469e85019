"""What is said on the phone, and for how long: without a turn around it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from bot.core.texts import Text, say
from bot.errors import ToolError
from bot.turns.lanes import Lanes
from bot.turns.patience import Patience
from bot.turns.phone import (
    BREATH_SECONDS,
    LONGEST_EXTENSION,
    SPOKEN_CHARACTERS,
    WAITING_SECONDS,
    TurnsCall,
    ai_notice,
    extensions,
    waiting_seconds,
)
from db.operations import FAREWELL
from db.records import Address, Draft, OutboxKind, OutboxRow, Turn
from tenants.profile import Profile
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock, rounds
from tests.turns.records import TURN, row

PHONE = FakeChannel(phones={"1": "5b1f"})
WRITING = FakeChannel()
PROFILE = Profile(company_name="Hotel Aurora", language="ru")
BYE = "x" * (10 * SPOKEN_CHARACTERS)  # ten seconds


class Awaited(FakeChannel):
    """Whoever asks there waits with an open line."""

    def is_awaited(self, address: Address) -> bool:
        return True


@pytest.mark.parametrize(
    ("channel", "wanted", "seconds"),
    [
        (WRITING, 15.0, 15.0),
        (Awaited(), 15.0, 0.0),
        (PHONE, 15.0, WAITING_SECONDS),
        (PHONE, 1.0, 1.0),
    ],
)
def test_when_silence_is_broken(channel: FakeChannel, wanted: float, seconds: float) -> None:
    assert waiting_seconds(channel, TURN, wanted) == seconds


@pytest.mark.parametrize(
    ("channel", "notice", "language", "said"),
    [
        (PHONE, None, "it", say(Text.AI_NOTICE_SPOKEN, "it")),
        (PHONE, None, None, say(Text.AI_NOTICE_SPOKEN, "ru")),
        (PHONE, "Sono una IA.", "it", "Sono una IA."),
        (WRITING, None, "it", PROFILE.text_for("ai_notice", "it")),
    ],
)
def test_the_notice_is_short_where_it_is_ours(
    channel: FakeChannel, notice: str | None, language: str | None, said: str
) -> None:
    profile = PROFILE.changed({"ai_notice": notice}) if notice else PROFILE
    assert ai_notice(channel, replace(TURN, language=language), profile) == said


def test_an_extension_is_one_short_number() -> None:
    longest = "1" * LONGEST_EXTENSION
    lines = (f"{longest} Reception", f"{longest}1 Nobody", "Bar: 2 or 3")
    assert extensions(PROFILE.changed({"extensions": lines})) == {longest: "Reception"}


@dataclass(slots=True)
class Line:
    """`bot.turns.lanes.Lanes`, and its one lane: what is said arrives when the test says so."""

    said: list[Draft] = field(default_factory=list)
    arrives: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self, *_: object) -> "Line":
        return self

    def say(self, _: object, drafts: Sequence[Draft]) -> None:
        self.said += drafts

    async def settled(self) -> None:
        await self.arrives.wait()


def call(line: Line, clock: FakeClock, turn: Turn = TURN) -> TurnsCall:
    unused: Any = None
    lanes, patience = cast(Lanes, line), Patience(clock)
    return TurnsCall("5b1f", unused, lanes, PHONE, clock, turn, PROFILE, patience)


async def test_words_are_spoken_from_when_they_arrive_until_they_were_heard() -> None:
    line, clock = Line(), FakeClock()
    speaking = asyncio.ensure_future(call(line, clock).speak(BYE))
    await rounds()
    clock.jump(clock.time + 60)
    line.arrives.set()
    await rounds()
    spoken = clock.time + BREATH_SECONDS + 10.0
    while not speaking.done():
        assert clock.time < spoken
        clock.jump(clock.next_due() or spoken)
        await rounds()
    assert clock.time == spoken
    assert [(one.text, one.kind, one.position) for one in line.said] == [
        (BYE, OutboxKind.NOTICE, FAREWELL)
    ]


def at(position: int, text: str, kind: OutboxKind = OutboxKind.NOTICE) -> OutboxRow:
    return replace(row(1, 1, text, kind=kind), position=position)


async def test_what_was_said_is_not_said_again_and_more_comes_behind_it() -> None:
    line, clock = Line(), FakeClock()
    line.arrives.set()
    said = [
        at(FAREWELL, "Uno."),
        at(FAREWELL - 1, "Due."),  # the AI notice, as it may be
        at(FAREWELL, "Tre.", OutboxKind.REPLY),
    ]
    speaker = call(line, clock, replace(TURN, rows=tuple(said)))
    for words in ("Uno.|Due.|Tre.", "Due.|Quattro."):
        speaking = asyncio.ensure_future(speaker.speak(words))
        await rounds()
        while not speaking.done():
            clock.jump(clock.time + 1)
            await rounds()
    assert [(one.text, one.position) for one in line.said] == [
        ("Due.", FAREWELL + 1),
        ("Tre.", FAREWELL + 2),
        ("Quattro.", FAREWELL + 3),
    ]


async def test_nothing_is_said_to_who_goes_on_speaking() -> None:
    line, clock = Line(), FakeClock()
    speaker = call(line, clock)
    speaker.patience.stop()
    with pytest.raises(ToolError):
        await speaker.speak(BYE)
    assert not line.said
