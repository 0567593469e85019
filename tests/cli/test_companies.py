"""`sportello tenants`: companies as a whole."""

import asyncio
from pathlib import Path

import pytest

from tests.cli.conftest import Sportello
from tests.cli.processes import start
from tests.cli.test_tenants import answer, change_database, complaint, meet_bot, trail
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.usefixtures("current")


def test_a_tenant_begins_blank_or_with_a_preset(sportello: Sportello) -> None:
    assert sportello("tenants", "create", "gino").stdout == "gino: new, version 1\n"
    sportello("tenants", "create", "bank", "--preset", "banca-aessefin")
    known = {one["name"]: one["company"] for one in answer(sportello, "tenants", "list")}
    assert known == {"bank": "Banca Aessefin", "gino": ""}


def test_a_name_is_given_once(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    again = sportello("tenants", "create", "gino")
    assert (again.exit_code, again.stderr) == (1, "sportello: there is a tenant “gino” already\n")
    sportello("tenants", "create", "pina")
    renamed = sportello("tenants", "rename", "pina", "gino")
    assert (renamed.exit_code, renamed.stderr) == (1, again.stderr)


def test_an_unknown_preset_is_told_with_those_there_are(sportello: Sportello) -> None:
    refused = sportello("tenants", "create", "gino", "--preset", "pizzeria")
    assert refused.exit_code == 1
    assert "hotel-aurora" in refused.stderr


def test_a_state_is_set(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    for verb, state in (("pause", "paused"), ("archive", "archived"), ("resume", "active")):
        assert answer(sportello, "tenants", verb, "gino") == {"name": "gino", "state": state}
        assert answer(sportello, "tenants", "show", "gino")["state"] == state


def test_a_tenant_is_renamed(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    assert answer(sportello, "tenants", "rename", "gino", "pina") == {"name": "pina", "was": "gino"}
    assert sportello("tenants", "show", "gino").exit_code == 1


def test_versions_are_listed_and_rolled_back_to(sportello: Sportello) -> None:
    sportello("tenants", "create", "hotel", "--preset", "hotel-aurora")
    sportello("tenants", "apply", "hotel-aurora-en", "--name", "hotel")
    back = answer(sportello, "tenants", "rollback", "hotel", "1")
    assert back == {"name": "hotel", "version": 3, "as": 1}
    assert [one["version"] for one in answer(sportello, "tenants", "history", "hotel")] == [3, 2, 1]
    assert answer(sportello, "tenants", "show", "hotel")["language"] == "it"
    assert complaint(sportello, "tenants", "rollback", "hotel", "9", code=1) == (
        "hotel has no version 9; the last one is 3"
    )


def test_what_went_with_age_is_listed_and_not_gone_back_to(sportello: Sportello) -> None:
    sportello("tenants", "create", "hotel", "--preset", "hotel-aurora")
    sportello("tenants", "apply", "hotel-aurora-en", "--name", "hotel")
    change_database("UPDATE profiles SET body = '' WHERE version = 1")
    assert [one["kept"] for one in answer(sportello, "tenants", "history", "hotel")] == [
        True,
        False,
    ]
    assert "kept no longer" in sportello("tenants", "history", "hotel").stdout
    assert complaint(sportello, "tenants", "rollback", "hotel", "1", code=1) == (
        "what version 1 of hotel said is kept no longer"
    )


def test_a_version_of_long_ago_is_not_forgotten(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    change_database(
        "INSERT INTO profiles (tenant_id, version, body, author, created_at)"
        " SELECT tenant_id, value, body, author, created_at FROM profiles,"
        " (WITH RECURSIVE n(value) AS (SELECT 2 UNION ALL SELECT value + 1 FROM n LIMIT 149)"
        " SELECT value FROM n)",
        "UPDATE tenants SET version = 150",
    )
    assert answer(sportello, "tenants", "history", "gino")[-1]["version"] == 1
    assert answer(sportello, "tenants", "rollback", "gino", "1")["version"] == 151


def test_a_tenant_is_erased_once_its_name_was_typed(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    for typed in ("", "pina\n"):
        refused = sportello("tenants", "delete", "gino", typed=typed)
        assert refused.exit_code == 1
        assert "unexpected" not in refused.stderr
    assert sportello("tenants", "delete", "gino", typed="gino\n").exit_code == 0
    sportello("tenants", "create", "pina")
    assert sportello("tenants", "delete", "pina", "--yes").exit_code == 0
    assert answer(sportello, "tenants", "list") == []


async def test_a_tenant_that_was_erased_while_its_name_was_typed(
    sportello: Sportello, tmp_path: Path
) -> None:
    await asyncio.to_thread(sportello, "tenants", "create", "gino")
    process = await start(tmp_path, "tenants", "delete", "gino", "--json")
    assert process.stderr
    await asyncio.wait_for(process.stderr.readuntil(b"erase it:"), PATIENCE_SECONDS)
    await asyncio.to_thread(sportello, "tenants", "delete", "gino", "--yes")

    told, complained = await asyncio.wait_for(process.communicate(b"gino\n"), PATIENCE_SECONDS)

    assert (process.returncode, told.strip()) == (1, b"")
    assert "there is no tenant “gino”" in complained.decode()
    deeds = [row[2] for row in await asyncio.to_thread(trail)]
    assert deeds == ["tenants.create", "tenants.delete"]


def test_a_wish_before_the_first_start_is_written_down_once(sportello: Sportello) -> None:
    Path("gino.toml").write_text('company_name = "Gino"\n')
    for _ in range(2):
        sportello("tenants", "apply", "gino.toml", "--take-bots")

    assert [row[2] for row in trail()] == ["tenants.create", "tenants.speak"]


def test_each_change_leaves_its_trail(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    Path("gino.toml").write_text('company_name = "Gino"\nknowledge = """\nPane\nVino"""\n')
    sportello("tenants", "apply", "gino.toml")
    meet_bot()
    change_database("UPDATE bots SET tenant_id = 99")
    sportello("tenants", "apply", "gino.toml", "--take-bots")
    sportello("tenants", "rollback", "gino", "1")
    sportello("tenants", "pause", "gino")
    sportello("tenants", "rename", "gino", "pina")

    assert {row[1] for row in trail()} == {"command line"}
    assert [row[2:] for row in trail()] == [
        ("tenants.create", None, None, "gino"),
        ("published", "company_name", None, "Gino"),
        ("published", "knowledge", None, "Pane\nVino"),
        ("tenants.speak", None, None, "gino"),
        ("rolled back", "company_name", "Gino", None),
        ("rolled back", "knowledge", "Pane\nVino", None),
        ("tenants.pause", None, None, "gino"),
        ("tenants.rename", None, "gino", "pina"),
    ]


@pytest.mark.parametrize(
    "command",
    ["transcript 7 --bot ID", "admins revoke gino ID", "admins set gino ID owner"],
)
def test_a_number_that_is_no_id_of_telegrams(sportello: Sportello, command: str) -> None:
    sportello("tenants", "create", "gino")
    told = sportello(*command.replace("ID", "9" * 20).split())
    assert told.exit_code == 2
    assert "longer than any id of Telegram's" in told.stderr


def test_the_tenant_of_the_hosts_bot_is_not_erased(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    meet_bot()
    refused = sportello("tenants", "delete", "gino", "--yes")
    assert refused.exit_code == 1
    assert "4711" in refused.stderr


# ------------------------------------------------------------------------- people and bots


def test_an_invitation_needs_a_bot_to_lead_to(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    assert sportello("admins", "invite", "gino").exit_code == 1
    meet_bot()
    change_database("UPDATE bots SET username = 'gino_bot'")
    invited = answer(sportello, "admins", "invite", "gino", "--role", "owner")
    assert invited["link"].startswith("https://t.me/gino_bot?start=i_")
    assert invited["role"] == "owner"
    assert sportello("admins", "invite", "gino").stdout.endswith("valid for 72 h: admin of gino\n")


def test_a_role_is_no_hosts(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    meet_bot()
    change_database("UPDATE bots SET username = 'gino_bot'")
    assert "Name a tenant" in complaint(sportello, "admins", "invite", "--role", "viewer", code=1)
    assert answer(sportello, "admins", "invite")["role"] == "host"


def test_people_are_listed_changed_and_removed(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    change_database(
        "INSERT INTO admins (tenant_id, user_id, role, name, added_at)"
        " VALUES (1, 7, 'owner', 'Ada', 0), (1, 8, 'viewer', 'Bea', 0)"
    )
    assert sportello("admins", "revoke", "gino", "7").stderr == (
        "sportello: that is the last owner; name another one first\n"
    )
    sportello("admins", "set", "gino", "8", "admin")
    sportello("admins", "set", "gino", "9", "admin")
    assert [(one["user"], one["role"]) for one in answer(sportello, "admins", "list", "gino")] == [
        (7, "owner"),
        (8, "admin"),
    ]
    assert answer(sportello, "admins", "revoke", "gino", "8") == {"user": 8}
    assert answer(sportello, "admins", "list") == []


def test_a_company_is_named_as_people_write_it(sportello: Sportello) -> None:
    told = sportello("tenants", "create", "Studio Dentistico Rossi")
    assert told.stdout == "studio-dentistico-rossi: new, version 1\n"
    assert "Studio Dentistico Rossi" in sportello("tenants", "list").stdout
    again = sportello("tenants", "create", "studio dentistico Rossi")
    assert again.stdout == "studio-dentistico-rossi-2: new, version 1\n"


def test_a_company_needs_a_name(sportello: Sportello) -> None:
    for name in (" ", "a " * 60):
        refused = sportello("tenants", "create", name)
        assert refused.exit_code == 1
        assert "1 to 100 characters" in refused.stderr
