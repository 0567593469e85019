"""A client's message as the model reads it."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given

from bot.ports import ClientMessage, Written
from bot.telegram.read import read, words_in
from tests.telegram.test_route import JSON, UPDATES
from tests.telegram.updates import (
    ANNA,
    GROUP,
    ME,
    PHOTO,
    US,
    as_read,
    in_group,
    mention,
    message,
    private,
    update,
)


def test_a_message_is_read_with_its_sender() -> None:
    assert read(private("Ciao"), me=ME) == ClientMessage(
        message_id="9", text="Ciao", sender="Anna Neri", sender_id="7", language="it"
    )


def test_an_edit_is_read_like_a_message() -> None:
    assert as_read(update("edited_message", message("Buonasera"))) == "Buonasera"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"photo": PHOTO, "caption": "Questa"}, "⟦photo⟧\nQuesta"),
        ({"photo": PHOTO}, "⟦photo⟧"),
        ({"voice": {"file_id": "x"}}, "⟦voice message⟧"),
        ({"document": {"file_name": "cv.pdf"}, "caption": "Il mio"}, "⟦document: cv.pdf⟧\nIl mio"),
        ({"animation": {}, "document": {}}, "⟦GIF⟧"),
        ({"sticker": {"emoji": "😀"}}, "⟦sticker: 😀⟧"),
    ],
)
def test_what_is_attached_is_named(fields: dict[str, Any], expected: str) -> None:
    assert as_read(private(**fields)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("@hotel_bot a che ora?", "a che ora?"),
        ("@hotel_bot, a che ora?", "a che ora?"),
        ("😀 Ciao @hotel_bot, a che ora?", "😀 Ciao, a che ora?"),
        ("Ciao @hotel_bot come va", "Ciao come va"),
        ("A che ora, @hotel_bot?", "A che ora?"),
        ("A che ora @hotel_bot", "A che ora"),
        ("@hotel_bot", "@hotel_bot"),
    ],
)
def test_the_bots_own_name_is_left_out(written: str, expected: str) -> None:
    assert as_read(in_group(written, entities=mention(written))) == expected


def test_so_is_a_mention_that_shows_another_name() -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 6, "user": US}
    assert as_read(in_group("Aurora, a che ora?", entities=[entity])) == "a che ora?"


def test_the_name_of_somebody_else_stays() -> None:
    written = "@hotel_bot chiedi a @boris"
    entities = mention(written) + mention(written, "@boris")
    assert as_read(in_group(written, entities=entities)) == "chiedi a @boris"


def test_a_reply_brings_what_it_replies_to() -> None:
    ours = message("Il check-in\nparte dalle 14:00.", **{"from": US})
    assert as_read(private("E la colazione?", reply_to_message=ours)) == (
        "⟦in reply to you⟧\n⟦quoted: Il check-in parte dalle 14:00.⟧\nE la colazione?"
    )


def test_a_reply_to_a_part_brings_that_part() -> None:
    ours = message("Il check-in parte dalle 14:00.", **{"from": US})
    fields = {"reply_to_message": ours, "quote": {"text": "dalle 14:00", "position": 18}}
    assert as_read(private("Non prima?", **fields)) == (
        "⟦in reply to you⟧\n⟦quoted: dalle 14:00⟧\nNon prima?"
    )


def test_a_reply_to_somebody_else_names_them() -> None:
    boris = {"id": 8, "is_bot": False, "first_name": "Boris"}
    theirs = message(photo=PHOTO, **{"from": boris})
    assert as_read(private("Bella", reply_to_message=theirs)) == (
        "⟦in reply to: Boris⟧\n⟦quoted photo⟧\nBella"
    )


def test_a_long_message_is_quoted_in_part() -> None:
    quoted = as_read(private("Ok", reply_to_message=message("parola " * 100))).split("\n")[1]
    assert len(quoted) < 520
    assert quoted.endswith("…⟧")


def test_the_message_that_opened_a_topic_is_not_quoted() -> None:
    opened = message(message_id=3, forum_topic_created={"name": "Camere"}, **{"from": US})
    fields = {"is_topic_message": True, "message_thread_id": 3, "reply_to_message": opened}
    assert as_read(private("Ciao", **fields)) == "Ciao"


def test_an_anonymous_admin_speaks_for_the_group() -> None:
    spoken = read(in_group("Ciao", sender_chat=GROUP), me=ME)
    assert (spoken.sender, spoken.sender_id) == ("Ospiti", "-100")


def test_what_no_database_takes_is_left_out() -> None:
    assert as_read(private("a\0b \ud83d c")) == "ab \ufffd c"


@pytest.mark.parametrize("payload", ["", "[]", "{}", update("message", {"message_id": 1})])
def test_what_is_no_message_is_a_value_error(payload: str) -> None:
    with pytest.raises(ValueError, match="no message"):
        read(payload, me=ME)


@given(JSON | UPDATES)
def test_any_json_is_read_or_refused(content: object) -> None:
    with suppress(ValueError):
        as_read(json.dumps(content)).encode()


# ------------------------------------------------------------------------------ taps


def tapped(data: str = "key:7:1", /, **fields: object) -> str:
    labels = {"key:7:0": "Sì", "key:7:1": "No"}
    row = [{"text": label, "callback_data": its} for its, label in labels.items()]
    keys = {"inline_keyboard": [row]}
    offered = message("Ha bagagli?", **{"from": US}, message_id=12, reply_markup=keys)
    return update("callback_query", {"from": ANNA, "message": offered, "data": data, **fields})


def test_a_tap_is_said_by_who_tapped() -> None:
    heard = read(tapped(), me=ME)
    assert (heard.message_id, heard.text, heard.sender) == ("12", "No", "Anna Neri")
    assert (heard.sender_id, heard.language, heard.labels) == ("7", "it", ())


@pytest.mark.parametrize(
    "payload",
    [
        tapped("home:0:"),
        tapped("forget:yes"),
        tapped("key:7:1", **{"from": None}),
        tapped("key:7:1", message=None),
        update("callback_query", None),
    ],
)
def test_any_other_press_says_nothing(payload: str) -> None:
    with pytest.raises(ValueError, match=r"holds no|none of an answer"):
        read(payload, me=ME)


def test_nothing_in_a_tap_was_typed() -> None:
    assert words_in(tapped()) == Written()
