"""What intake reads off an update."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.route import route
from db.records import Address, Incoming, UpdateKind
from tests.addresses import chat_at
from tests.telegram.updates import (
    ANNA,
    GROUP,
    ME,
    NEWS,
    PHOTO,
    PRIVATE,
    US,
    in_group,
    mention,
    message,
    private,
    update,
)

MESSAGE, EDIT, EVENT, IGNORED = UpdateKind
BOT = {"id": 99, "is_bot": True, "first_name": "Other", "username": "other_bot"}


def kind(payload: str) -> UpdateKind:
    return route(payload, me=ME).kind


def test_a_message_is_routed_to_its_chat() -> None:
    payload = private("Ciao")
    assert route(payload, me=ME) == Incoming(
        update_id="5",
        payload=payload,
        kind=MESSAGE,
        address=chat_at(4242, 7),
        private=True,
        message_id="9",
        size=4,
        language="it",
        written_at=json.loads(payload)["message"]["date"],
    )


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (private("Ciao"), MESSAGE),
        (private(photo=PHOTO, caption="Questa"), MESSAGE),
        (private("ho scritto /start"), MESSAGE),
        (private("/path/to/file"), MESSAGE),
        (private("/ start"), MESSAGE),
        (private(photo=PHOTO, caption="/start"), EVENT),
        (private(photo=PHOTO, caption="/new Avete posto?"), EVENT),
        (private(photo=PHOTO, caption="/new@Hotel_Bot Avete posto?"), EVENT),
        (private(photo=PHOTO, caption="/new@other_bot Avete posto?"), MESSAGE),
        (private(photo=PHOTO, caption="/newest"), MESSAGE),
        (private(photo=PHOTO, caption="/forget"), MESSAGE),
        (private(photo=PHOTO, caption="/configure"), MESSAGE),
        (private(document={}, caption="vedi /configure"), MESSAGE),
        (private(document={}, caption="/configured"), MESSAGE),
        (private(document={}, caption="/configure"), EVENT),
        (private(document={}, caption="/configure@hotel_bot knowledge"), EVENT),
        (private(document={}, caption="/Knowledge"), EVENT),
        (private("/start"), EVENT),
        (private("/start ref-7"), EVENT),
        (private("/start@hotel_bot"), EVENT),
        (private("/start\nciao"), EVENT),
        (private("/start@other_bot"), IGNORED),
        (private(photo=PHOTO), MESSAGE),
        (private(voice={"file_id": "x"}), MESSAGE),
        (private(location={"latitude": 45.4, "longitude": 11.0}), MESSAGE),
        (private(document={"file_id": "x"}), EVENT),  # perhaps an admin's
        (private(document={"file_id": "x"}, animation={"file_id": "x"}), MESSAGE),
        (private(story={}), EVENT),
        (private(game={"title": "Snake"}), EVENT),
        (private("   "), EVENT),
        (private(something_new={"a": 1}), EVENT),
        (private(pinned_message=message("x")), IGNORED),
        (private(forum_topic_created={"name": "x"}), IGNORED),
        (private(managed_bot_created={"bot": BOT}), EVENT),
        (private("Ciao", **{"from": US}), IGNORED),
        (private("Ciao", **{"from": BOT}), IGNORED),
    ],
)
def test_the_kinds_in_a_private_chat(payload: str, expected: UpdateKind) -> None:
    assert kind(payload) is expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (private("/new Avete posto?"), True),
        (private(photo=PHOTO, caption="/help Che cos'è?"), True),
        (private(document={}, caption="/knowledge"), True),
        (private(document={}), True),
        (private(story={}), False),
        (private("/start"), False),
        (private("/knowledge prezzi"), False),
        (private("/unlock AB12 e la spa?"), False),
        (private("Avete posto?"), False),
        (update("callback_query", {"from": ANNA, "message": message("/new Ciao")}), False),
        (update("callback_query", {"from": ANNA, "data": "key:1:0"}), True),
        (update("callback_query", {"from": ANNA, "data": "home:0:"}), False),
    ],
)
def test_which_events_may_ask_something(payload: str, expected: bool) -> None:
    assert route(payload, me=ME).asks is expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (in_group("Ciao a tutti"), IGNORED),
        (in_group("@hotel_bot ciao", entities=mention("@hotel_bot ciao")), MESSAGE),
        (in_group("😀😀 @HOTEL_BOT", entities=mention("😀😀 @HOTEL_BOT", "@HOTEL_BOT")), MESSAGE),
        (in_group("@hotel_bot2", entities=mention("@hotel_bot2", "@hotel_bot2")), IGNORED),
        (in_group("scrivi a @hotel_bot"), IGNORED),
        (
            in_group(
                "Hotel!", entities=[{"type": "text_mention", "offset": 0, "length": 5, "user": US}]
            ),
            MESSAGE,
        ),
        (
            in_group(
                "Anna!", entities=[{"type": "text_mention", "offset": 0, "length": 4, "user": ANNA}]
            ),
            IGNORED,
        ),
        (
            in_group(photo=PHOTO, caption="@hotel_bot", caption_entities=mention("@hotel_bot")),
            MESSAGE,
        ),
        (in_group(photo=PHOTO), IGNORED),
        (in_group(photo=PHOTO, reply_to_message=message("Ecco", **{"from": US})), MESSAGE),
        (in_group(document={}, reply_to_message=message("Ecco", **{"from": US})), MESSAGE),
        (in_group("Grazie", reply_to_message=message("Ecco", **{"from": US})), MESSAGE),
        (in_group("Grazie", reply_to_message=message("Ecco", **{"from": BOT})), IGNORED),
        (in_group("/start"), EVENT),
        (in_group("/start@Hotel_Bot"), EVENT),
        (in_group("/start@other_bot"), IGNORED),
        (in_group(photo=PHOTO, caption="/new@Hotel_Bot Avete posto?"), EVENT),
        (in_group(photo=PHOTO, caption="/new@other_bot Avete posto?"), IGNORED),
        (in_group(new_chat_members=[US]), IGNORED),
        (in_group(migrate_to_chat_id=-1007), EVENT),
        (in_group("Ciao", **{"from": BOT}, entities=[]), IGNORED),
    ],
)
def test_the_kinds_in_a_group(payload: str, expected: UpdateKind) -> None:
    assert kind(payload) is expected


def test_an_anonymous_admin_is_a_person() -> None:
    text = "@hotel_bot ciao"
    fields = {"from": BOT, "sender_chat": GROUP, "entities": mention(text)}
    assert kind(in_group(text, **fields)) is MESSAGE


@pytest.mark.parametrize(
    ("text", "expected"), [("@hotel_bot ciao", MESSAGE), ("/help", EVENT), ("Ciao", IGNORED)]
)
def test_who_writes_as_a_channel_is_a_person_too(text: str, expected: UpdateKind) -> None:
    entities = mention(text) if "@" in text else []
    assert kind(in_group(text, sender_chat=NEWS, entities=entities, **{"from": BOT})) is expected


@pytest.mark.parametrize(("text", "expected"), [("@hotel_bot ciao", MESSAGE), ("Ciao", IGNORED)])
def test_the_post_of_a_linked_channel_counts_if_it_is_for_the_bot(
    text: str, expected: UpdateKind
) -> None:
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    fields = {"sender_chat": NEWS, "is_automatic_forward": True, "from": telegram}
    entities = mention(text) if "@" in text else []
    assert kind(in_group(text, entities=entities, **fields)) is expected


def test_a_reply_to_a_channels_post_is_none_to_the_bot() -> None:
    post = message("Ecco", sender_chat=NEWS, **{"from": BOT})
    assert kind(in_group("Grazie", reply_to_message=post)) is IGNORED


def test_in_a_topic_that_the_bot_opened_not_everything_is_a_reply_to_it() -> None:
    opened = message(message_id=3, **{"from": US}, forum_topic_created={"name": "Camere"})
    fields = {"is_topic_message": True, "message_thread_id": 3, "reply_to_message": opened}
    assert kind(in_group("Ciao a tutti", **fields)) is IGNORED


def test_a_reply_to_the_bot_that_began_a_conversation_is_one() -> None:
    ours = message("Ecco", message_id=3, **{"from": US})
    assert kind(in_group("Grazie", message_thread_id=3, reply_to_message=ours)) is MESSAGE


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (message("Ciao"), EDIT),
        (message(photo=PHOTO, caption="Questa"), EDIT),
        (message("/start"), IGNORED),
        (message("/new Ciao"), EDIT),
        (message("/forget tutto"), IGNORED),
        (message(photo=PHOTO), EDIT),
        (message(document={}), EDIT),
        (message(story={}), IGNORED),
        (message(location={"live_period": 900}), IGNORED),
        (message("Ciao", chat=GROUP), IGNORED),
        (message("@hotel_bot", chat=GROUP, entities=mention("@hotel_bot")), EDIT),
    ],
)
def test_the_kinds_of_an_edit(content: dict[str, Any], expected: UpdateKind) -> None:
    assert kind(update("edited_message", content)) is expected


def test_an_edit_knows_when_both_were_written() -> None:
    written = message("Ciao")["date"]
    routed = route(update("edited_message", message("Ciao!", edit_date=written + 9)), me=ME)
    assert (routed.written_at, routed.edited_at) == (written, written + 9)


def test_a_button_belongs_to_the_chat_of_its_card() -> None:
    card = message("Card", chat=GROUP, message_id=12, is_topic_message=True, message_thread_id=3)
    pressed = {"id": "1", "from": ANNA, "message": card, "data": "x"}
    routed = route(update("callback_query", pressed), me=ME)
    assert (routed.kind, routed.address) == (EVENT, chat_at(4242, -100, 3))
    assert (routed.message_id, routed.pressed, routed.language) == (None, "12", "it")


def test_a_button_of_an_inline_message_belongs_to_the_private_chat() -> None:
    pressed = {"id": "1", "from": ANNA, "inline_message_id": "x", "data": "x"}
    routed = route(update("callback_query", pressed), me=ME)
    assert (routed.kind, routed.address) == (EVENT, chat_at(4242, 7))


def test_a_block_belongs_to_its_chat() -> None:
    blocked = {"chat": PRIVATE, "from": ANNA, "date": 1, "new_chat_member": {"status": "kicked"}}
    routed = route(update("my_chat_member", blocked), me=ME)
    assert (routed.kind, routed.address) == (EVENT, chat_at(4242, 7))


def test_a_managed_bot_belongs_to_its_owners_private_chat() -> None:
    routed = route(update("managed_bot", {"user": ANNA, "bot": BOT}), me=ME)
    assert (routed.kind, routed.address) == (EVENT, chat_at(4242, 7))


@pytest.mark.parametrize("name", ["channel_post", "poll", "message_reaction", "business_message"])
def test_what_was_not_asked_for_is_ignored(name: str) -> None:
    assert kind(update(name, {"chat": PRIVATE})) is IGNORED


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_a_message_in_a_topic_goes_to_that_topic(chat: dict[str, Any]) -> None:
    content = message("Ciao", chat=chat, is_topic_message=True, message_thread_id=3)
    assert route(update("message", content), me=ME).address == chat_at(4242, chat["id"], 3)


def test_the_thread_of_a_reply_is_no_topic() -> None:
    assert route(in_group("Ciao", message_thread_id=3), me=ME).address == chat_at(4242, -100)


@pytest.mark.parametrize(
    ("text", "expected"), [("a" * 3999, False), ("a" * 4000, True), ("😀" * 2000, True)]
)
def test_a_text_cut_by_the_application_is_unfinished(text: str, *, expected: bool) -> None:
    assert route(private(text), me=ME).unfinished is expected


def test_an_album_is_unfinished_and_its_pictures_belong_together() -> None:
    first = route(private(photo=PHOTO, media_group_id="13", caption="Ecco"), me=ME)
    second = route(private(photo=PHOTO, media_group_id="13"), me=ME)
    assert (first.kind, first.album, first.unfinished) == (MESSAGE, "13", True)
    assert (second.kind, second.album, second.unfinished) == (MESSAGE, "13", True)


@pytest.mark.parametrize("payload", ["", "{", "[]", "7", "null", '"x"', "[" * 100_000, "{}"])
def test_what_cannot_be_read_is_an_event_without_a_chat(payload: str) -> None:
    assert route(payload, me=ME) == Incoming(update_id="0", payload=payload, kind=EVENT)


@pytest.mark.parametrize(
    "content",
    [None, 7, [], "x", {}, {"chat": None}, {"chat": {"id": "7"}}, {"chat": {"id": 10**30}}],
)
def test_a_message_without_a_chat_is_an_event_without_one(content: object) -> None:
    routed = route(update("message", content), me=ME)
    assert (routed.update_id, routed.kind, routed.address) == ("5", EVENT, None)


KEYS = st.sampled_from(
    [
        "update_id", "message", "edited_message", "callback_query", "my_chat_member",
        "managed_bot", "chat", "from", "user", "id", "text", "caption", "entities",
        "caption_entities", "type", "offset", "length", "reply_to_message",
        "message_thread_id", "is_topic_message", "sender_chat", "is_bot", "media_group_id",
        "language_code", "message_id", "date",
    ]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-100, 7, 4242, 10**40]),
    st.floats(allow_nan=False),
    st.text(st.characters(), max_size=8),
    st.sampled_from(["mention", "text_mention", "@hotel_bot", "/start", "\ud83d", "\0"]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)
UPDATES = st.dictionaries(KEYS, JSON, max_size=4)


@given(JSON | UPDATES)
def test_any_json_is_routed_to_what_a_database_can_hold(content: object) -> None:
    payload = json.dumps(content)
    routed = route(payload, me=ME)
    assert routed.payload == payload
    assert 0 <= int(routed.update_id) < 2**63
    for number in (int(routed.message_id or 0), *_numbers(routed.address)):
        assert -(2**63) <= number < 2**63
    for text in (routed.album, routed.language):
        assert text is None or text.isascii()


@given(st.text())
def test_any_text_is_routed(payload: str) -> None:
    assert route(payload, me=ME).payload == payload


def _numbers(address: Address | None) -> tuple[int, ...]:
    return (int(address.chat_id), address.topic_id) if address else ()
