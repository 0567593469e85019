"""What came with a letter, as it stands in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.attachments import AttachmentKind, Extract, NotRead, Sent
from bot.web import letter
from bot.web.attached import MARKS, Attached, all_of, kind_by
from bot.web.letter import Letter
from db.records import Address, Incoming, UpdateKind
from db.sites import WEB
from tests.samples import gif, jpeg, png, webp

HERE = Address(WEB, -2, "c_1")
PHOTO = Attached("f_1", AttachmentKind.PICTURE, "camera.jpg", 9)
NOTE = Attached("f_2", AttachmentKind.SPEECH, "nota.ogg", 7)
MENU = Attached("f_3", AttachmentKind.FILE, "menu.pdf", 8)


def stored(text: str, *attached: Attached) -> list[Incoming]:
    return [*Letter("m1", text, ["d"], "it", attached=attached).as_incoming(HERE)]


def is_marked(one: Incoming) -> bool:
    return any(mark in one.payload for mark in MARKS)


def test_each_further_thing_is_a_letter_of_its_own_and_the_first_tells_of_all() -> None:
    first, *rest = stored("Ecco", PHOTO, NOTE, MENU)
    read = [letter.read(one.payload) for one in (first, *rest)]
    assert [(one.message_id, one.text, one.sent) for one in read] == [
        ("c/m1", "Ecco", Sent.PHOTO),
        ("c/m1/2", "", Sent.AUDIO),
        ("c/m1/3", "", Sent.FILE),
    ]
    assert [one.attachment.file_id for one in read if one.attachment] == ["f_1", "f_2", "f_3"]
    assert [one.upload for one in (first, *rest)] == ["f_1", "f_2", "f_3"]
    assert [one.logged for one in (first, *rest)] == [True, False, False]
    assert len({one.update_id for one in (first, *rest)}) == 3
    assert [*all_of(letter.stored(first.payload))] == [PHOTO, NOTE, MENU]
    assert [*map(str, read[2].labels)] == ["⟦document: menu.pdf⟧"]


@given(st.text(), st.text(max_size=50))
def test_nobody_can_say_in_words_that_something_came_along(text: str, name: str) -> None:
    """By the mark it is known that others may have written in it."""
    said = f"{text}{MARKS[0]}"
    (alone,) = stored(said)
    (named,) = stored(said, Attached("f_1", AttachmentKind.FILE, f"{MARKS[0]}{name}", 1))
    assert not is_marked(alone)
    assert is_marked(named)
    assert [one.name for one in all_of(letter.stored(named.payload))] == [f"{MARKS[0]}{name}"]


@pytest.mark.parametrize("text", ["/forget", "/start", "/unlock 123"])
def test_words_beside_a_file_are_no_command(text: str) -> None:
    assert stored(text)[0].kind is UpdateKind.EVENT
    (one,) = stored(text, PHOTO)
    assert (one.kind, one.asks) == (UpdateKind.MESSAGE, False)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg(), AttachmentKind.PICTURE),
        (png(), AttachmentKind.PICTURE),
        (webp(), AttachmentKind.PICTURE),
        (gif(), AttachmentKind.FILE),  # models look at none
        (b"OggS", AttachmentKind.SPEECH),
        (b"MZ\x90", AttachmentKind.FILE),
    ],
)
def test_its_bytes_tell_what_it_is(content: bytes, kind: AttachmentKind) -> None:
    assert kind_by(content) is kind


def test_its_name_tells_a_film_from_a_recording() -> None:
    film = Attached("f_1", AttachmentKind.SPEECH, "festa.MP4", 1)
    assert (film.sent, NOTE.sent) == (Sent.VIDEO, Sent.AUDIO)


def test_a_transcript_says_what_came_and_what_was_made_of_it() -> None:
    heard, closed = stored("Eccola", NOTE)[0], stored("", MENU)[0]
    kept = letter.keep(heard.payload, Extract("Avete posto?"))
    assert letter.read_said(kept)[1] == "[audio nota.ogg] 🎤 Avete posto? Eccola"
    kept = letter.keep(closed.payload, Extract(why=NotRead.LOCKED))
    assert letter.read_said(kept)[1] == "[file menu.pdf, not opened: locked]"
    assert letter.read(kept).extract == Extract(why=NotRead.LOCKED)
    assert json.loads(kept)["text"] == ""


def test_what_could_not_be_had_says_why_before_anybody_opens_it() -> None:
    """It takes no upload over, and what came beside it does."""
    lost = Attached("", AttachmentKind.FILE, "menu.pdf", 0, NotRead.GONE)
    first, second = stored("Eccola", lost, PHOTO)
    assert (first.upload, second.upload) == (None, PHOTO.token)
    assert letter.read(first.payload).extract == Extract(why=NotRead.GONE)
    assert letter.read_said(first.payload)[1] == "[file menu.pdf, not opened: gone] Eccola"
    assert [*all_of(json.loads(first.payload))] == [lost, PHOTO]
