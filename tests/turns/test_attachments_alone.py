"""What one attachment gives, to the byte and the second: without a turn around it."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from bot.core.attachments import (
    LARGEST_BYTES,
    LARGEST_FILES_BYTES,
    LARGEST_PICTURE_BYTES,
    LONGEST_SPEECH_SECONDS,
    LONGEST_TEXTS,
    Attachment,
    AttachmentKind,
    Extract,
    NotRead,
    told_of,
)
from bot.errors import GiveUp, RetryLater, Trouble, Why
from bot.files import BrokenFile, EncryptedFile, TextMissing
from bot.playground.voices import silence
from bot.ports import ClientMessage, File
from bot.turns.attachments import Attachments, _bounded, _Got, _lost, _pdf_name, _Share
from bot.turns.brief import Brief, Briefing
from bot.turns.hosts import Hosts
from bot.turns.redact import Redaction
from db.journal import Journal
from db.operations import KeepExtracts
from db.records import TELEGRAM, Message, UpdateKind
from db.versions import CountTokens
from tenants.profile import Profile
from tenants.values import Scans
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.journal import FakeJournal
from tests.fakes.model import FakeModel
from tests.fakes.telemetry import FakeTelemetry
from tests.samples import PDF, jpeg
from tests.turns.records import TURN

PICTURE, SPEECH, FILE = AttachmentKind
READING = Profile(company_name="Hotel Aurora", scans=Scans.READ)
NOT_READING = Profile(company_name="Hotel Aurora", scans=Scans.UNREAD)


@dataclass(slots=True)
class Place:
    """What is around it; `text` is what a file says."""

    text: str | Exception = ""
    channel: FakeChannel = field(default_factory=FakeChannel)
    model: FakeModel = field(default_factory=FakeModel)
    journal: FakeJournal = field(
        default_factory=lambda: FakeJournal({KeepExtracts: None, CountTokens: None})
    )
    clock: FakeClock = field(default_factory=FakeClock)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    told: list[str] = field(default_factory=list)  # to hosts, by the key or the trouble
    all: Attachments = field(init=False)

    def __post_init__(self) -> None:
        channels = {TELEGRAM: self.channel}
        self.all = Attachments(
            channels,
            self.model,
            cast(Journal, self.journal),
            self.clock,
            Briefing(channels, "gpt-6-luna", "none", self.telemetry),
            cast(Hosts, self),
            cast(Redaction, self),
            self.telemetry,
            patience_seconds=60.0,
            read_text=self.read,
        )

    async def read(self, name: str, data: bytes, *, max_characters: int) -> str:
        if isinstance(self.text, Exception):
            raise self.text
        return self.text

    async def tell(self, text: object, bot_id: int, *, key: str, **values: object) -> None:
        self.told.append(key.split(maxsplit=1)[0])

    async def tell_of(self, trouble: Trouble, bot_id: int, *, model: str) -> None:
        self.told.append(f"{trouble} {model}")

    async def rest(self, address: object, payload: str) -> str:
        return payload.replace("hunter2", "•••••••")

    async def gets(
        self,
        kind: AttachmentKind,
        *content: bytes | Exception,
        profile: Profile = READING,
        known: Extract | None = None,
        **said: Any,
    ) -> _Got:
        self.channel.content["file"] = deque(content)
        share = _Share(self.all, TURN, profile)
        return await share._get(Attachment(kind, "file", "u1", **said), known)


def why(got: _Got) -> NotRead | None:
    return got.extract.why


@pytest.mark.parametrize(
    ("kind", "said", "refused"),
    [
        (SPEECH, {"seconds": LONGEST_SPEECH_SECONDS}, None),
        (SPEECH, {"seconds": LONGEST_SPEECH_SECONDS + 1}, NotRead.TOO_LONG),
        (FILE, {"size": LARGEST_BYTES}, None),
        (FILE, {"size": LARGEST_BYTES + 1}, NotRead.TOO_LARGE),
        (FILE, {}, None),
    ],
)
async def test_what_is_too_much_by_what_is_said_of_it_is_not_fetched(
    kind: AttachmentKind, said: dict[str, Any], refused: NotRead | None
) -> None:
    place = Place("words")
    place.model.speeches.append("words")
    got = await place.gets(kind, silence(1), **said)
    assert (why(got), bool(place.channel.fetched)) == (refused, refused is None)


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [(LONGEST_SPEECH_SECONDS, None), (LONGEST_SPEECH_SECONDS + 1, NotRead.TOO_LONG)],
)
async def test_a_recording_is_so_long(seconds: int, refused: NotRead | None) -> None:
    place = Place()
    place.model.speeches.append("words")
    assert why(await place.gets(SPEECH, silence(seconds))) == refused


async def test_a_picture_is_looked_at_and_what_only_says_so_is_not() -> None:
    picture = jpeg()
    got = await Place().gets(PICTURE, picture)
    assert got == _Got(Extract(), File("picture.jpeg", "image/jpeg", picture))
    assert why(await Place("words").gets(PICTURE, b"words")) is NotRead.UNSUPPORTED
    assert (await Place("words").gets(FILE, b"words")).extract == Extract("words")


@pytest.mark.parametrize(
    ("padding", "refused"), [(LARGEST_PICTURE_BYTES, NotRead.TOO_LARGE), (0, None)]
)
async def test_a_picture_that_came_as_a_large_file_is_too_large(
    padding: int, refused: NotRead | None
) -> None:
    size = LARGEST_PICTURE_BYTES + 1  # as it was said to be
    assert why(await Place().gets(FILE, jpeg(padding=padding), size=size)) is refused


@pytest.mark.parametrize(
    ("error", "refused"),
    [(EncryptedFile("it"), NotRead.LOCKED), (BrokenFile("it"), NotRead.BROKEN)],
)
async def test_what_cannot_be_read_says_why(error: Exception, refused: NotRead) -> None:
    assert why(await Place(error).gets(FILE, b"bytes")) is refused


@pytest.mark.parametrize(
    ("data", "profile", "refused"),
    [
        (PDF, READING, None),
        (PDF, NOT_READING, NotRead.NO_TEXT),
        (b"PK, and then no text", READING, NotRead.NO_TEXT),
        (PDF + bytes(LARGEST_PICTURE_BYTES - len(PDF)), READING, None),
        (PDF + bytes(LARGEST_PICTURE_BYTES - len(PDF) + 1), READING, NotRead.TOO_LARGE),
    ],
)
async def test_pages_without_text_are_looked_at_where_the_company_wants_it(
    data: bytes, profile: Profile, refused: NotRead | None
) -> None:
    place = Place(TextMissing("it"))
    got = await place.gets(
        FILE, data, profile=profile, name="menu.scan.PDF", size=LARGEST_PICTURE_BYTES + 1
    )
    shown = None if refused else File("menu.scan.pdf", "application/pdf", data)
    assert got == _Got(Extract(why=refused), shown)


@pytest.mark.parametrize(("name", "shown"), [("menu.PDF", "menu.pdf"), ("", "file.pdf")])
def test_a_pdf_is_called_one(name: str, shown: str) -> None:
    assert _pdf_name(name) == shown


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble.OUT_OF_CREDIT, [f"{Trouble.OUT_OF_CREDIT} gpt-6-luna"]),
        (Trouble.NO_API, ["deaf"]),
        (None, []),
    ],
)
async def test_the_hosts_are_told_why_nothing_is_heard(
    trouble: Trouble | None, told: list[str]
) -> None:
    place = Place()
    place.model.speeches.append(GiveUp("no").because(Why(status=400, trouble=trouble)))
    assert why(await place.gets(SPEECH, silence(1))) is NotRead.FAILED
    assert place.told == told
    assert place.telemetry.count("attachment failed") == 1


@pytest.mark.parametrize(("after", "tried"), [(20.0, 2), (20.5, 1)])
async def test_a_rest_that_takes_too_long_is_not_begun(after: float, tried: int) -> None:
    place = Place("words")
    going = asyncio.ensure_future(place.gets(FILE, RetryLater(after, "429"), b"words"))
    await rounds()
    place.clock.jump(place.clock.time + after)
    got = await going
    assert len(place.channel.fetched) == tried
    assert got.extract == (Extract("words") if tried == 2 else Extract(why=NotRead.FAILED))
    assert place.telemetry.count("attachment failed") == 2 - tried


async def test_it_is_tried_three_times_and_a_large_one_in_a_large_place() -> None:
    place, large = Place("words"), bytes(LARGEST_PICTURE_BYTES + 1)
    away = RetryLater(0.5, "502")
    going = asyncio.ensure_future(place.gets(FILE, large, away, away, large))
    for _ in range(2):
        await rounds()
        place.clock.jump(place.clock.time + 1)
    assert (await going).extract == Extract("words")
    assert len(place.channel.fetched) == 4


# ------------------------------------------------------------------- the messages of a turn


def message(number: int, text: str = "?", attachment: dict[str, str] | None = None) -> Message:
    payload = {"message_id": str(number), "text": text}
    payload |= {"attachment": attachment} if attachment else {}  # type: ignore[dict-item]  # JSON
    return Message(number, UpdateKind.MESSAGE, str(number), json.dumps(payload))


def sent(kind: AttachmentKind) -> dict[str, str]:
    return {"kind": kind, "file_id": f"{kind}", "unique_id": f"{kind}"}


async def understood(place: Place, *messages: Message) -> Brief:
    turn = replace(TURN, messages=messages)
    return await place.all.understood(turn, READING, place.all.briefing.make(turn, READING))


async def test_what_was_made_of_each_is_kept_and_of_speech_without_secrets() -> None:
    place = Place("my password is hunter2")
    place.model.speeches.append("my password is hunter2")
    place.channel.content |= {"speech": deque([silence(1)]), "file": deque([b"bytes"])}
    brief = await understood(
        place, message(1), message(2, "?", sent(SPEECH)), message(3, "?", sent(FILE))
    )
    assert [one.extract and one.extract.text for one in brief.heard] == [
        None,
        "my password is •••••••",
        "my password is hunter2",
    ]
    (kept,) = [one for one in place.journal.done if isinstance(one, KeepExtracts)]
    assert [*kept.payloads] == [2, 3]
    assert "hunter2" not in kept.payloads[2]


async def test_what_was_kept_before_is_not_kept_again_and_what_comes_later_is() -> None:
    place = Place("words")
    known = json.loads(message(1, "?", sent(FILE)).payload) | {"extract": {"text": "known"}}
    first = replace(message(1), payload=json.dumps(known))
    place.channel.content["speech"] = deque([silence(1)])
    place.model.speeches.append("words")
    await understood(place, first, message(2, "?", sent(SPEECH)))
    (kept,) = [one for one in place.journal.done if isinstance(one, KeepExtracts)]
    assert [*kept.payloads] == [2]


@pytest.mark.parametrize(("blind", "told"), [(False, []), (True, ["blind"])])
async def test_the_hosts_are_told_of_a_model_that_sees_nothing(
    *, blind: bool, told: list[str]
) -> None:
    place = Place("words")
    place.model.blind |= {"gpt-6-luna"} if blind else set()
    place.channel.content |= {"picture": deque([jpeg()]), "file": deque([b"bytes"])}
    await understood(place, message(1, "?", sent(FILE)))
    assert place.told == []
    await understood(place, message(2, "?", sent(PICTURE)))
    assert place.told == told


async def test_what_is_not_there_in_time_is_told_as_such() -> None:
    place = Place()

    async def hangs(_: Attachment) -> None:
        await asyncio.Event().wait()

    place.channel.on_fetch = hangs
    going = asyncio.ensure_future(understood(place, message(1, "?", sent(PICTURE))))
    await rounds()
    place.clock.jump(place.clock.time + 60)
    (found,) = (await going).heard
    assert found.extract == Extract(why=NotRead.FAILED)
    assert place.telemetry.count("attachments late") == 1


def heard(number: int, attachment: Attachment | None) -> ClientMessage:
    return ClientMessage(str(number), "?", "Anna", "1", "it", attachment=attachment)


def test_of_what_can_be_looked_at_no_more_the_model_is_told() -> None:
    picture, gone = Attachment(PICTURE, "f", "u"), NotRead.GONE
    shown = _Got(Extract(), lost=gone)
    got = {
        "1": shown,
        "2": _Got(Extract()),  # it is shown
        "3": _Got(Extract("read"), lost=gone),  # its words are there
        "4": shown,
    }
    asked = [*(heard(number, picture) for number in (1, 2, 3, 5)), heard(4, None)]
    assert [line.text for line in _lost(asked, got)] == [told_of(PICTURE, Extract(why=gone))]


def test_what_one_question_cannot_hold_is_named() -> None:
    half = File("picture.jpeg", "image/jpeg", bytes(LARGEST_FILES_BYTES // 2))
    shown, words = _Got(Extract(), half), _Got(Extract("x" * (LONGEST_TEXTS - 1)))
    got = {"1": shown, "2": shown, "3": words, "4": _Got(Extract("xy")), "5": _Got(Extract("z"))}
    bounded = _bounded(got | {"6": _Got(Extract(), replace(half, content=b"x"))})
    assert [bounded[one] for one in "123"] == [shown, shown, words]
    assert bounded["4"].extract == Extract("x", whole=False)
    assert why(bounded["5"]) is why(bounded["6"]) is NotRead.TOO_MANY
