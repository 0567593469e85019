"""What a client sent, as people of the company read it."""

import json
from dataclasses import dataclass
from typing import Any, cast

import pytest

from bot.core.attachments import Extract, NotRead, Sent
from bot.ports import Channel, ClientMessage
from bot.telegram.read import keep, read
from bot.telegram.said import read_said
from bot.turns.shown import sent_with, words_of
from db.records import Message, UpdateKind
from tests.telegram.updates import ME, PHOTO, private

VOICE = {"voice": {"file_id": "v", "duration": 7}}
MENU = {"document": {"file_id": "d", "file_name": "menu.pdf"}}
HEARD, BROKEN = Extract("Avete posto?"), Extract(why=NotRead.BROKEN)


@dataclass(frozen=True)
class Reading:
    """A channel that reads what Telegram sent."""

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        return read(payload, me=ME)


def stored(extract: Extract | None, **fields: Any) -> Message:
    payload = private(**fields)
    return Message(1, UpdateKind.MESSAGE, "9", keep(payload, extract) if extract else payload)


def shown(message: Message, language: str = "en") -> str:
    return words_of(cast(Channel, Reading()), message, bot_id=ME.id, language=language)


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
    assert sent_with(cast(Channel, Reading()), message, bot_id=ME.id) is None


def test_what_a_channel_that_is_not_here_stored_has_none_either() -> None:
    assert words_of(None, stored(HEARD, **VOICE), bot_id=ME.id, language="en") == ""


def test_a_gif_is_a_video_though_it_is_a_document_as_well() -> None:
    gif = stored(None, animation={"file_id": "a"}, **MENU)
    assert sent_with(cast(Channel, Reading()), gif, bot_id=ME.id) is Sent.VIDEO


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
