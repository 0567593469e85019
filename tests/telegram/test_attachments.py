"""What came with a message, whatever Telegram says of it: each field there, missing, or odd."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.attachments import Attachment, AttachmentKind, Extract, NotRead
from bot.telegram.attachments import LONGEST_SIDE, attachment_in
from bot.telegram.points import points
from bot.telegram.read import EXTRACT, keep, read
from bot.telegram.route import route
from tests.telegram.updates import ANNA, GROUP, ME, US, in_group, message, private, update

PICTURE, SPEECH, FILE = AttachmentKind
GREAT = st.sampled_from([2**63, -(10**400), 10**400, 1e308])  # numbers that no other type holds
ODD: st.SearchStrategy[object] = st.one_of(
    *(st.none(), st.booleans(), st.integers(), GREAT, st.floats(), st.text()),
    *(st.just([]), st.just({}), st.lists(st.text(), max_size=2)),
)


def partly(**fields: object) -> st.SearchStrategy[dict[str, Any]]:
    """Each field as it is, of a wrong type, or missing."""
    optional = {
        name: ODD | (value if isinstance(value, st.SearchStrategy) else st.just(value))
        for name, value in fields.items()
    }
    return st.fixed_dictionaries({}, optional=optional)


SIDE = st.integers(-1, 4000)
SIZE = partly(file_id="x", file_unique_id="y", width=SIDE, height=SIDE, file_size=st.integers())
NAMED = {"file_id": "x", "file_unique_id": "y", "file_size": 10, "file_name": "n"}
PLACE = partly(latitude=45.4, longitude=11.0, live_period=60)
PERSON = partly(**ANNA)
ORIGIN = partly(sender_user=PERSON, sender_chat=partly(**GROUP), sender_user_name="B", chat=GROUP)
KINDS = {
    "photo": st.lists(SIZE | ODD, max_size=4),
    "animation": partly(**NAMED),
    "live_photo": partly(**NAMED),
    "document": partly(**NAMED, mime_type="x/y"),
    "sticker": partly(**NAMED, emoji="😀"),
    **dict.fromkeys(
        ("voice", "audio", "video", "video_note"), partly(**NAMED, duration=3, title="t")
    ),
    "contact": partly(phone_number="1", first_name="B", vcard="x"),
    "location": PLACE,
    "venue": partly(location=PLACE, title="t", address="a"),
    "poll": partly(question="q", options=st.lists(partly(text="o") | ODD, max_size=3)),
    "dice": partly(emoji="🎲", value=4),
    "story": partly(chat=GROUP, id=1),
    "checklist": partly(title="t"),
    "game": partly(title="t"),
}
BESIDE = {
    "quote": partly(text="q", position=0),
    "external_reply": partly(origin=ORIGIN, **KINDS),
    "forward_origin": ORIGIN,
    "media_group_id": "a",
    "caption": "c",
    "text": "t",
    "entities": st.lists(partly(type="text_link", offset=0, length=1, url="u") | ODD, max_size=2),
}
REPLY = partly(message_id=1, chat=partly(**GROUP), **KINDS, **{"from": PERSON})
MESSAGES = partly(
    message_id=9,
    date=1,
    chat=partly(id=st.sampled_from([7, -100])),
    reply_to_message=REPLY,
    **KINDS,
    **BESIDE,
    **{"from": PERSON},
)


@given(MESSAGES)
@example({"location": {"latitude": 10**400, "longitude": 1.0}})
@example({"voice": {"file_id": "x", "duration": 10**400, "file_size": -(10**400)}})
def test_what_came_is_found_or_not(sent: dict[str, Any]) -> None:
    found = attachment_in(sent)
    if found:
        assert found.file_id
        for number in (found.size, found.seconds):
            assert number is None or -(2**63) <= number < 2**63
    for label in points(sent, ME):
        str(label).encode()


@given(st.sampled_from(["message", "edited_message"]), MESSAGES)
def test_it_is_routed_read_and_kept_or_refused(name: str, sent: dict[str, Any]) -> None:
    payload = update(name, sent)
    routed = route(payload, me=ME)
    kept = keep(payload, Extract("Ciao"))
    assert route(kept, me=ME).kind is routed.kind
    with suppress(ValueError):
        heard = read(payload, me=ME)
        again = read(kept, me=ME)
        assert (heard.extract, again.extract) == (None, Extract("Ciao"))
        assert (heard.labels, heard.attachment) == (again.labels, again.attachment)


@pytest.mark.parametrize(
    ("sides", "taken"),
    [
        ((90, 320, 800, 1280, 2560), 1280),
        ((LONGEST_SIDE, LONGEST_SIDE + 1), LONGEST_SIDE),
        ((2560, 4000), 2560),
        ((90,), 90),
    ],
)
def test_of_a_photo_the_largest_is_taken_that_is_looked_at(
    sides: tuple[int, ...], taken: int
) -> None:
    sizes = [{"file_id": str(side), "width": 9, "height": side} for side in sides]
    found = attachment_in({"photo": sizes})
    assert found == Attachment(PICTURE, str(taken), "")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"voice": {"file_id": "x"}}, SPEECH),
        ({"video_note": {"file_id": "x"}}, SPEECH),
        ({"audio": {"file_id": "x"}}, SPEECH),
        ({"video": {"file_id": "x"}}, SPEECH),
        ({"document": {"file_id": "x"}}, FILE),
        ({"live_photo": {}, "photo": [{"file_id": "x"}]}, PICTURE),
        ({"animation": {"file_id": "x"}, "document": {"file_id": "x"}}, None),
        ({"sticker": {"file_id": "x"}}, None),
        ({"document": {}}, None),
        ({"photo": []}, None),
    ],
)
def test_what_can_be_fetched(fields: dict[str, Any], kind: AttachmentKind | None) -> None:
    found = attachment_in(fields)
    assert (found and found.kind) == kind


def test_what_is_answered_is_fetched_where_nothing_else_came() -> None:
    reply = message(**{"from": US}, photo=[{"file_id": "x"}])
    assert attachment_in(json.loads(private("E questa?", reply_to_message=reply))["message"])
    elsewhere = {"origin": {}, "photo": [{"file_id": "x"}]}
    assert attachment_in({"text": "E questa?", "external_reply": elsewhere}) is None


def test_what_is_kept_stands_beside_the_message_and_changes_nothing_in_it() -> None:
    payload = in_group("@hotel_bot ciao", voice={"file_id": "x"})
    kept = json.loads(keep(payload, Extract(why=NotRead.SILENT)))
    assert kept.pop(EXTRACT) == {"text": "", "whole": True, "why": "silent"}
    assert kept == json.loads(payload)
