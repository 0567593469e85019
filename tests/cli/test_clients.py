"""`sportello clients`: what the assistant is told of a client."""

from pathlib import Path

import pytest

from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database, complaint, meet_bot, trail

HEARD = (
    "INSERT INTO chats (id, channel, bot_id, chat_id, topic_id)"
    " VALUES (1, 'telegram', 4711, -7, 0)",
    "INSERT INTO threads (id, chat_id, tenant_id, assistant, purpose, created_at)"
    " VALUES (1, 1, 1, 'public', 'client', 0)",
    "UPDATE chats SET thread_id = 1",
)


@pytest.fixture
def chat(current: Path, sportello: Sportello) -> None:
    """Somebody wrote to gino's."""
    sportello("tenants", "create", "gino")
    meet_bot()
    change_database(*HEARD)


@pytest.mark.usefixtures("chat")
def test_what_is_set_is_shown_until_it_is_unset(sportello: Sportello) -> None:
    assert sportello("clients", "show", "-7").stdout == "Nothing yet.\n"
    assert sportello("clients", "set", "-7", "room", "12").stdout == "room: noted\n"
    sportello("clients", "set", "-7", "room", " 14,  sea\nview ")
    known = [{"name": "room", "value": "14, sea view", "added_by": "command line"}]
    assert answer(sportello, "clients", "show", "-7") == known
    assert "room  14, sea view  command line" in sportello("clients", "show", "-7").stdout
    assert sportello("clients", "unset", "-7", "room").stdout == "room: forgotten\n"
    assert answer(sportello, "clients", "show", "-7") == []
    deeds = [(*deed[1:4], *deed[4:]) for deed in trail() if deed[2] != "tenants.create"]
    assert deeds == [
        ("command line", "client fact set", "room", None, None),
        ("command line", "client fact set", "room", None, None),
        ("command line", "client fact removed", "room", None, None),
    ]


@pytest.mark.usefixtures("chat")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "-7", "Room", "12"), "“Room” is no name"),
        (("set", "-7", "r" * 33, "12"), "is no name"),
        (("set", "-7", "room", " "), "a value is one line of at most 200 characters"),
        (("set", "-7", "room", "x" * 201), "a value is one line of at most 200 characters"),
        (("unset", "-7", "room"), "there is no “room”"),
        (("show", "-8"), "no chat -8 is known here"),
    ],
)
def test_what_cannot_be_is_told(
    sportello: Sportello, arguments: tuple[str, ...], said: str
) -> None:
    assert said in complaint(sportello, "clients", *arguments, code=1)


@pytest.mark.usefixtures("chat")
def test_of_several_chats_of_a_number_one_is_chosen(sportello: Sportello) -> None:
    change_database(*(one.replace("(1, ", "(2, ").replace(", 0)", ", 3)") for one in HEARD[:1]))
    told = complaint(sportello, "clients", "show", "-7", code=1)
    assert "known more than once; choose one: --bot 4711 --topic 0; --bot 4711 --topic 3" in told


@pytest.mark.usefixtures("chat")
def test_there_is_an_end_to_it(sportello: Sportello) -> None:
    fact = "INSERT INTO client_facts (chat_id, tenant_id, name, value, added_by, added_at)"
    change_database(*(f"{fact} VALUES (1, 1, 'n{number}', 'x', 'link', 0)" for number in range(20)))
    assert "there are 20 already" in complaint(
        sportello, "clients", "set", "-7", "room", "12", code=1
    )
    assert sportello("clients", "set", "-7", "n3", "12").exit_code == 0
