"""`sportello admins`, about those who run the process."""

from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database


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
