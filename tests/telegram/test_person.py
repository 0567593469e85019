"""Who did something, for roles and for the trail of changes."""

from typing import Any

import pytest
from telegram import Update, User

from bot.telegram.person import full_name, person
from tests.telegram.updates import ANNA, GROUP, NEWS, US, message


def whom(**fields: Any) -> User | None:
    content = message("Ciao", chat=GROUP, **fields)
    return person(Update.de_json({"update_id": 1, "message": content}, None))


def test_a_person_is_known() -> None:
    found = whom()
    assert found is not None
    assert found.id == ANNA["id"]


@pytest.mark.parametrize("account", [1_087_968_824, 136_817_688, 777_000])
def test_an_account_that_many_share_is_nobody(account: int) -> None:
    shared = {"id": account, "is_bot": True, "first_name": "Group"}
    assert whom(**{"from": shared}) is None


@pytest.mark.parametrize("chat", [GROUP, NEWS])
def test_who_writes_in_the_name_of_a_chat_is_nobody(chat: dict[str, Any]) -> None:
    assert whom(sender_chat=chat) is None


def test_who_presses_a_button_under_such_a_message_is_known() -> None:
    card = message("Card", chat=GROUP, sender_chat=NEWS, **{"from": US})
    query = {"id": "1", "from": ANNA, "chat_instance": "1", "data": "x", "message": card}
    found = person(Update.de_json({"update_id": 1, "callback_query": query}, None))
    assert found is not None
    assert found.id == ANNA["id"]


def test_a_name_may_be_empty() -> None:
    assert not full_name(User(8, "", is_bot=False))


def test_a_name_begins_no_other_line_of_a_list() -> None:
    named = User(8, "Anna\n• Boss, owner", is_bot=False, last_name="\u202eNeri")
    assert full_name(named) == "Anna • Boss, owner Neri"
