"""What a client sent, as people of the company read it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from bot.core.attachments import Extract, NotRead, Sent
from bot.ports import Channel, ClientMessage, Reaction
from bot.telegram.read import keep, reaction_in, read
from bot.telegram.said import read_said
from bot.turns.shown import (
    NAME_CHARACTERS,
    client_of,
    disliked_in,
    page_of,
    reactions_on,
    repeats,
    sent_with,
    words_of,
)
from db.records import Message, UpdateKind
from db.talks import Talk
from tests.addresses import chat_at
from tests.telegram.updates import ME, PHOTO, private

VOICE = {"voice": {"file_id": "v", "duration": 7}}
MENU = {"document": {"file_id": "d", "file_name": "menu.pdf"}}
HEARD, BROKEN = Extract("Avete posto?"), Extract(why=NotRead.BROKEN)


@dataclass(frozen=True)
class Reading:
    """A channel that reads what Telegram sent, on a page of the company's."""

    page: str = ""

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        return replace(read(payload, me=ME), page=self.page)

    def reaction(self, payload: str) -> Reaction | None:
        return reaction_in(payload)


HERE = cast(Channel, Reading())


def stored(extract: Extract | None, **fields: Any) -> Message:
    payload = private(**fields)
    return Message(1, UpdateKind.MESSAGE, "9", keep(payload, extract) if extract else payload)


def shown(message: Message, language: str = "en") -> str:
    return words_of(HERE, message, bot_id=ME.id, language=language)


@pytest.mark.parametrize(
    ("fields", "extract", "words"),
    [
        (VOICE, None, "🎤 Voice message"),
        (VOICE, HEARD, "🎤 Avete posto?"),
        (VOICE, Extract(why=NotRead.SILENT), "🎤 Voice message (nothing can be heard)"),
        ({"video_note": {"file_id": "n"}}, HEARD, "🎬 Video 🎤 Avete posto?"),
        ({"photo": PHOTO, "caption": "Vi piace?"}, Extract(), "📷 Photo Vi piace?"),
        (MENU, Extract("Primi: …"), "📎 File (menu.pdf)"),
        (MENU | {"caption": "Il menù"}, BROKEN, "📎 File (menu.pdf: damaged) Il menù"),
        ({"sticker": {"file_id": "s"}}, None, "🙂 Sticker"),
        ({"sticker": {"file_id": "s", "emoji": "👍"}}, None, "👍 Sticker"),
        ({"animation": {"file_id": "a"}, **MENU}, None, "🎬 Video"),
        ({"text": "E qui?", "reply_to_message": {"message_id": 8, **VOICE}}, HEARD, "E qui?"),
        ({"sticker": {}, "reply_to_message": {"message_id": 8, **VOICE}}, HEARD, "🙂 Sticker"),
    ],
)
def test_what_was_sent_is_named_and_what_was_heard_is_shown(
    fields: dict[str, Any], extract: Extract | None, words: str
) -> None:
    assert shown(stored(extract, **fields)) == words


def test_it_is_told_in_the_readers_language() -> None:
    assert shown(stored(BROKEN, **MENU), "it") == "📎 File (menu.pdf: file danneggiato)"


@pytest.mark.parametrize("why", NotRead)
def test_each_reason_is_told(why: NotRead) -> None:
    assert shown(stored(Extract(why=why), **MENU)).startswith("📎 File (menu.pdf: ")


@pytest.mark.parametrize("payload", ["{}", json.dumps({"callback_query": {"data": "home"}})])
def test_what_cannot_be_read_has_no_words(payload: str) -> None:
    message = Message(1, UpdateKind.EVENT, None, payload)
    assert shown(message) == ""
    assert sent_with(HERE, message, bot_id=ME.id) is None


def test_what_a_channel_that_is_not_here_stored_has_none_either() -> None:
    assert words_of(None, stored(HEARD, **VOICE), bot_id=ME.id, language="en") == ""


def test_a_gif_is_a_video_though_it_is_a_document_as_well() -> None:
    gif = stored(None, animation={"file_id": "a"}, **MENU)
    assert sent_with(HERE, gif, bot_id=ME.id) is Sent.VIDEO


@pytest.mark.parametrize(
    ("fields", "extract", "words"),
    [
        (VOICE, HEARD, "[voice] 🎤 Avete posto?"),
        (MENU | {"caption": "Il menù"}, Extract("Primi: …"), "[document menu.pdf] Il menù"),
        (MENU, BROKEN, "[document menu.pdf, not opened: broken]"),
        ({"photo": PHOTO}, Extract(), "[photo]"),
        ({"text": "E qui?", "reply_to_message": {"message_id": 8, **VOICE}}, HEARD, "E qui?"),
    ],
)
def test_so_a_host_reads_it(fields: dict[str, Any], extract: Extract | None, words: str) -> None:
    assert read_said(stored(extract, **fields).payload) == ("Anna Neri", words)


# --------------------------------------------------------------------- who, and where


TALK = Talk(12, 1, 3, chat_at(ME.id, 7), "public", "Anna", 0.0, waiting=False)


@pytest.mark.parametrize(
    ("name", "site", "called"),
    [
        ("Anna\nNeri", "hotel.example", "Anna Neri"),
        ("a" * (NAME_CHARACTERS + 1), "", "a" * (NAME_CHARACTERS - 1) + "…"),
        (None, "", "Client 12"),
        ("\u200b", "hotel.example", "Visitor 12 (hotel.example)"),
    ],
)
def test_a_client_without_a_name_is_told_apart_from_others(
    name: str | None, site: str, called: str
) -> None:
    assert client_of(replace(TALK, name=name, site=site), "en") == called


def test_the_page_is_the_one_on_which_it_was_written() -> None:
    channel = cast(Channel, Reading("hotel.example/camere"))
    written, pressed = stored(None, text="?"), Message(1, UpdateKind.EVENT, None, "{}")
    assert page_of(channel, written, bot_id=ME.id) == "hotel.example/camere"
    assert page_of(channel, pressed, bot_id=ME.id) == page_of(None, written, bot_id=ME.id) == ""


# ------------------------------------------------------------------------- reactions


def reacts(who: int, emoji: str, under: str | None = "9") -> Message:
    shown = [{"type": "emoji", "emoji": emoji}] if emoji else []
    told = {"user": {"id": who, "first_name": f"P{who}"}, "new_reaction": shown}
    return Message(1, UpdateKind.EVENT, under, json.dumps({"message_reaction": told}))


@pytest.mark.parametrize(
    ("came", "stands"),
    [
        ([reacts(1, "👍"), reacts(2, "👎")], {"9": ["P1 👍", "P2 👎"]}),
        ([reacts(1, "👍"), reacts(1, "👎")], {"9": ["P1 👎"]}),
        ([reacts(1, "👍"), reacts(2, "👎"), reacts(1, "")], {"9": ["P2 👎"]}),
        ([reacts(1, "👍", "8"), reacts(1, "👎")], {"8": ["P1 👍"], "9": ["P1 👎"]}),
        ([reacts(1, "👍", None), stored(None, text="?")], {}),
    ],
)
def test_under_each_message_stands_what_each_person_shows_last(
    came: Sequence[Message], stands: Mapping[str, Sequence[str]]
) -> None:
    shown = reactions_on(HERE, came)
    assert {key: [f"{r.name} {r.emoji}" for r in those] for key, those in shown.items()} == stands
    assert reactions_on(None, came) == {}


@pytest.mark.parametrize(
    ("came", "disliked"),
    [
        ([reacts(1, "👎"), reacts(2, "👎"), reacts(3, "👍")], 1),
        ([reacts(1, "👍👎"), reacts(1, "👎", "8")], 2),
        ([reacts(1, "👎"), reacts(1, "")], 0),
        ([reacts(1, "👍")], 0),
    ],
)
def test_a_message_is_disliked_once_by_however_many(came: Sequence[Message], disliked: int) -> None:
    assert disliked_in(HERE, came) == disliked


@pytest.mark.parametrize(
    ("about", "said", "again"),
    [
        ("Avete posto", ["Buongiorno", "avete  POSTO", "per due?"], True),
        ("Avete posto per due?", ["Buongiorno", "Avete posto", "per due? Grazie"], True),
        ("Straße frei?", ["STRASSE frei?"], True),
        ("posto per due", ["Avete posto per due?"], False),
        ("Avete posto per due?", ["Avete posto"], False),
        ("Avete posto", [], False),
    ],
)
def test_what_was_wanted_is_only_said_again_where_messages_begin_so(
    about: str, said: Sequence[str], *, again: bool
) -> None:
    assert repeats(about, said) is again
