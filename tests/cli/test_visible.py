"""Whatever people are called or write, no command lets it act on the host's terminal."""

import ast
import json
from pathlib import Path

import pytest

import bot.cli
from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database
from tests.core.test_visible import HOSTILE

EVIL = HOSTILE.replace("\ud800", "")
ACTING = {one for one in EVIL if not one.isprintable()}
NAMED = f"Anna{EVIL}\n9  owner  Boss"
COMMANDS = [
    "tenants list",
    "tenants show gino",
    "tenants export gino",
    "tenants history gino",
    "bots list",
    "bots list gino",
    "bots remove gino @nobody",
    "admins list gino",
    "admins list",
    "transcript 7",
]


@pytest.fixture(autouse=True)
def hostile(current: Path, sportello: Sportello) -> None:
    """A company, its people and a client who are called and say what no terminal should be told."""
    sportello("tenants", "create", "gino")
    profile = json.dumps({"company_name": NAMED, "knowledge": NAMED, "welcome": NAMED})
    said = {"message_id": 5, "from": {"id": 7, "first_name": NAMED}, "text": f"Ciao {NAMED}"}
    payload = json.dumps({"update_id": 1, "message": said})
    change_database(
        ("UPDATE profiles SET body = ?, author = ?, note = ?", (profile, NAMED, NAMED)),
        ("INSERT INTO bots (id, tenant_id, username) VALUES (4711, 1, ?)", (NAMED,)),
        (
            "INSERT INTO admins (user_id, tenant_id, role, name, added_at)"
            " VALUES (7, 1, 'owner', ?, 0), (8, NULL, 'host', ?, 0)",
            (NAMED, NAMED),
        ),
        ("INSERT INTO chats (id, bot_id, chat_id, topic_id) VALUES (1, 4711, 7, 0)", ()),
        (
            "INSERT INTO updates"
            " (bot_id, update_id, chat_id, kind, payload, received_at, owner, state) VALUES"
            " (4711, 1, 1, 'message', ?, 0, '', 'accepted')",
            (payload,),
        ),
    )


@pytest.mark.parametrize("how", ["", " --json"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_shows_it_and_does_nothing(sportello: Sportello, command: str, how: str) -> None:
    told = sportello(*command.split(), *how.split())
    printed = told.stdout + told.stderr
    assert not ACTING & {*printed}
    assert "Anna" in printed
    assert "\\u009b31m\\u202eabc" in printed


def test_a_name_is_no_other_line_of_a_list(sportello: Sportello) -> None:
    lines = sportello("admins", "list", "gino").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["USER", "7"]


def test_scripts_are_told_what_was_said(sportello: Sportello) -> None:
    assert [one["name"] for one in answer(sportello, "admins", "list", "gino")] == [NAMED]
    (heard,) = answer(sportello, "transcript", "7")["heard"]
    assert heard["text"] == f"Ciao {NAMED}"


def test_nothing_is_printed_in_another_way() -> None:
    for file in Path(bot.cli.__file__).parent.glob("*.py"):
        nodes = ast.walk(ast.parse(file.read_text("utf-8")))
        called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
        printing = {"print", "typer.echo", "typer.secho", "sys.stdout.write"} & {*called}
        assert printing == ({"typer.echo"} if file.name == "console.py" else set()), file
