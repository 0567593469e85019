"""`sportello tenants`: companies as a whole."""

import json
from typing import Any

from tests.cli.conftest import Sportello
from tests.cli.test_tenants import change_database, meet_bot


def answer(sportello: Sportello, *arguments: str) -> Any:
    """What a command tells a script."""
    return json.loads(sportello(*arguments, "--json").stdout)


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
    assert sportello("tenants", "rollback", "hotel", "9").exit_code == 1


def test_a_tenant_is_erased_once_its_name_was_typed(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    assert sportello("tenants", "delete", "gino").exit_code == 1
    assert sportello("tenants", "delete", "gino", "--yes").exit_code == 0
    assert answer(sportello, "tenants", "list") == []


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


def test_a_bot_needs_a_key_for_its_token(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    refused = sportello("bots", "add", "gino")
    assert refused.exit_code == 2
    assert "SECRET_KEY" in refused.stderr


def test_bots_are_listed_and_the_hosts_stays(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    assert sportello("bots", "list").stdout == "No bots yet.\n"
    meet_bot()
    change_database("UPDATE bots SET username = 'gino_bot'")
    (bot,) = answer(sportello, "bots", "list")
    assert bot == {"username": "gino_bot", "id": 4711, "tenant": "gino", "state": "shared"}
    assert sportello("bots", "remove", "gino", "@gino_bot").exit_code == 1
    assert sportello("bots", "remove", "gino", "@other_bot").exit_code == 1
