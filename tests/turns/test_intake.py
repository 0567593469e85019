"""What follows once updates are stored: who types, what is armed, and what goes out."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.core.texts import Text, say
from bot.errors import DiskFull
from bot.turns.intake import DISK_FULL, Intake
from db.operations import Accept, Accepted
from db.records import TELEGRAM, Address, Event, Incoming, OutboxRow, UpdateKind
from db.window import Window
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.clock import NOON, FakeClock
from tests.turns.records import event, row

HERE = chat_at(BOT, 1)
SENT = {"kind": "picture", "file_id": "f1", "unique_id": "u1"}
WINDOW = Window(quiet=2.0, cap=10.0)


@dataclass(slots=True)
class Place:
    """Everything around intake, and what it was told."""

    accepted: Accepted
    log: list[object] = field(default_factory=list)
    room: bool = True
    accepting: list[Accept] = field(default_factory=list)
    delivery: Any = field(default_factory=lambda: SimpleNamespace(owner="me"))
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        around: Any = self
        self.intake = Intake(
            around,
            {TELEGRAM: FakeChannel()},
            FakeClock(),
            around,
            around,
            around,
            SimpleNamespace(start=self.types),  # type: ignore[arg-type]  # as far as it is asked
            WINDOW,
            around,
            around,
            around,
            lambda: self.room,
        )

    def types(self, chat: int, address: Address) -> None:
        self.log.append(("types", chat, address))

    def arm(self, chat: int, due_at: float) -> None:
        self.log.append(("arms", chat, due_at))

    def expect(self, chats: Collection[int]) -> None:
        self.log.append(("expects", *chats))

    def put(self, one: Event) -> None:
        self.log.append(("handles", one.row))

    def add(self, rows: Collection[OutboxRow], addresses: object) -> None:
        self.log += [("sends", one.row, addresses) for one in rows]

    async def tell(self, text: object, bot_id: int, *, key: str) -> None:
        self.log.append(("tells", text, key))

    async def mended(self, key: str) -> None:
        self.log.append(("mended", key))

    async def redact(self, bot_id: int, batch: Collection[Incoming]) -> Collection[Incoming]:
        return [replace(one, payload="redacted") for one in batch]

    async def do(self, operation: Accept) -> Accepted:
        self.accepting.append(operation)
        return self.accepted


SOON = NOON + WINDOW.cap + WINDOW.quiet
DUE = {1: SOON, 2: SOON + 1}


async def test_who_is_answered_soon_sees_somebody_type_and_all_is_begun() -> None:
    addresses = {1: HERE, 2: chat_at(BOT, 2)}
    notices = (row(7, None, "Troppo."),)
    accepted = Accepted(DUE, addresses, (event(5),), notices, new=(2,))
    place = Place(accepted)
    said = Incoming("1", "my token is ...", UpdateKind.MESSAGE, HERE)
    assert await place.intake.accept(BOT, [said]) is accepted
    assert place.log == [
        ("mended", DISK_FULL),
        ("types", 1, HERE),
        ("arms", 1, DUE[1]),
        ("arms", 2, DUE[2]),
        ("expects", 2),
        ("handles", 5),
        ("sends", 7, addresses),
    ]
    assert [one.payload for one in place.accepting[0].incoming] == ["redacted"]


async def test_without_room_nothing_is_stored_and_the_hosts_are_told() -> None:
    place = Place(Accepted(), room=False)
    with pytest.raises(DiskFull):
        await place.intake.accept(BOT, [])
    assert place.log == [("tells", Text.HOST_DISK_FULL, DISK_FULL)]
    assert not place.accepting


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"message_id": 1, "text": "Ciao"}, "Ciao"),
        (
            {"message_id": 1, "text": "Ciao", "attachment": SENT},
            "Ciao\nu1",
        ),
        ({}, None),
    ],
)
def test_the_words_of_an_update_are_those_and_what_is_attached(
    payload: dict[str, Any], words: str | None
) -> None:
    assert Place(Accepted()).intake._words(HERE, json.dumps(payload)) == words


@pytest.mark.parametrize(("seconds", "told"), [(0.5, 10), (10.0, 10), (10.5, 20)])
def test_who_is_too_fast_is_told_how_long_about(seconds: float, told: int) -> None:
    draft = Place(Accepted()).intake._too_fast(HERE, "it", seconds)
    assert draft.text == say(Text.TOO_FAST, "it", count=told)
