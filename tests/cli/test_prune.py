"""`sportello prune`: what is older than it is to be kept."""

import time
from pathlib import Path

import pytest

from bot.cli.prune import so_far
from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database

DAYS = 86_400.0
OLD = """
INSERT INTO audit (actor, action, subject, new, at) VALUES ('Ada', 'tenants.create', 'gino', 'x', ?)
"""


@pytest.fixture
def old(current: Path, sportello: Sportello) -> None:
    """A change of 366 days ago."""
    sportello("tenants", "create", "gino")
    change_database("DELETE FROM audit")
    change_database(OLD.replace("?", str(time.time() - 366 * DAYS)))


@pytest.mark.usefixtures("old")
def test_a_dry_run_counts_and_changes_nothing(sportello: Sportello) -> None:
    told = sportello("prune", "--dry-run")
    assert told.stdout == "1  changes on record, their texts\nnothing was changed\n"
    assert answer(sportello, "prune", "--dry-run")["audit"] == 1


@pytest.mark.usefixtures("old")
def test_what_is_old_goes_once(sportello: Sportello) -> None:
    assert sportello("prune").stdout == "1  changes on record, their texts\n"
    assert sportello("prune").stdout == "nothing is older than it is to be kept\n"


@pytest.mark.usefixtures("old")
def test_the_host_says_how_old(sportello: Sportello, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "0")
    assert answer(sportello, "prune")["audit"] == 0
    monkeypatch.setenv("RETENTION_DAYS", "400")
    assert answer(sportello, "prune")["audit"] == 0
    monkeypatch.setenv("RETENTION_DAYS", "365")
    assert answer(sportello, "prune")["audit"] == 1


def test_whoever_waits_reads_what_went() -> None:
    gone = {"updates": 12_000, "outbox": 0, "rows": 7}
    assert so_far(gone, 35.2) == (
        "so far, in 35 s: 12,000 messages of clients, their words; 7 rows without words"
    )
    assert so_far(dict.fromkeys(gone, 0), 5.0) == "so far, in 5 s: nothing"
