"""Who said what, read off a stored update."""

import json
from typing import Any

import pytest

from bot.telegram.said import read_said

GIULIA = {"id": 1, "first_name": "Giulia", "last_name": "Ferri"}


def said(**update: Any) -> tuple[str, str]:
    return read_said(json.dumps({"update_id": 1} | update))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"text": "Ciao"}, "Ciao"),
        ({"photo": [], "caption": "la camera"}, "[photo] la camera"),
        ({"voice": {}}, "[voice]"),
        ({"new_chat_members": []}, "[new_chat_members]"),
        ({"something": "new"}, "[no words]"),
    ],
)
def test_a_message(content: dict[str, Any], words: str) -> None:
    assert said(message={"from": GIULIA, **content}) == ("Giulia Ferri", words)


def test_an_edit() -> None:
    assert said(edited_message={"from": GIULIA, "text": "Ciao!"}) == ("Giulia Ferri", "Ciao!")


def test_a_message_in_the_name_of_a_chat() -> None:
    group = {"sender_chat": {"title": "Gita"}, "from": GIULIA, "text": "Ciao"}

    assert said(message=group) == ("Gita", "Ciao")


def test_a_button() -> None:
    assert said(callback_query={"from": GIULIA, "data": "forget:yes"}) == (
        "Giulia Ferri",
        "[button forget:yes]",
    )


def test_a_short_answer_that_was_tapped() -> None:
    row = [{"text": "Sì", "callback_data": "key:7:0"}]
    offered = {"message_id": 12, "reply_markup": {"inline_keyboard": [row]}}
    tapped = {"from": GIULIA, "data": "key:7:0", "message": offered}
    assert said(callback_query=tapped) == ("Giulia Ferri", "Sì")


@pytest.mark.parametrize(
    ("reaction", "words"),
    [
        ([{"type": "emoji", "emoji": "👎"}], "[reaction: 👎]"),
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "[reaction: ⭐]"),
        ([], "[reaction taken back]"),
    ],
)
def test_a_reaction(reaction: list[dict[str, str]], words: str) -> None:
    told = {"user": GIULIA, "message_id": 8, "new_reaction": reaction}
    assert said(message_reaction=told) == ("Giulia Ferri", words)
    by_a_channel = {"actor_chat": {"id": -5, "title": "News"}, "new_reaction": reaction}
    assert said(message_reaction=by_a_channel) == ("News", words)


def test_what_becomes_of_the_bot() -> None:
    change = {"from": GIULIA, "new_chat_member": {"status": "kicked"}}

    assert said(my_chat_member=change) == ("Giulia Ferri", "[the bot is now: kicked]")


def test_an_update_that_is_not_known() -> None:
    assert said(poll={"id": 1}) == ("someone", "[poll]")


@pytest.mark.parametrize("payload", ["{}", "[]", "no JSON"])
def test_a_text_that_was_erased(payload: str) -> None:
    assert read_said(payload) == ("someone", "[erased]")
