"""`sportello admins`, about those who run the process."""

import re

from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database, meet_bot


def test_one_who_was_made_host_is_so_no_longer(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    change_database(
        "INSERT INTO admins (user_id, role, name, added_at) VALUES (7, 'host', 'Anna', 0)"
    )
    assert [one["user"] for one in answer(sportello, "admins", "list")] == [7]
    told = sportello("admins", "revoke-host", "7")
    assert told.stdout == "7: no longer host\n"
    assert answer(sportello, "admins", "list") == []
    assert sportello("admins", "revoke-host", "7").exit_code == 1


def test_a_link_that_nobody_used_yet_is_listed_without_its_secret(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    meet_bot()
    change_database("UPDATE bots SET username = 'gino_bot'")
    assert sportello("admins", "list", "gino").stdout == "Nobody yet.\n"
    link = sportello("admins", "invite", "gino", "--role", "owner", "--days", "2").stdout.split()[0]
    told = sportello("admins", "list", "gino").stdout
    assert told.startswith("Nobody yet.\n\nOpen links, each for whoever is first:\n")
    assert re.search(r"^owner +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-\d\d-\d\d$", told, re.MULTILINE)
    assert link.partition("start=")[2] not in told
    assert answer(sportello, "admins", "list", "gino") == []
    assert sportello("admins", "list").stdout == "Nobody yet.\n"
