"""What only a host can mend is told once, until it is well again."""

from collections.abc import Collection
from types import SimpleNamespace
from typing import cast

import pytest

from bot.errors import Trouble
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from db.chores import Alert, ClearAlert, addresses
from db.engine import Database
from db.journal import Journal
from db.people import hosts
from db.records import OutboxRow
from tests.fakes.channel import BOT
from tests.fakes.clock import FakeClock
from tests.fakes.journal import FakeJournal, FakeReads
from tests.fakes.telemetry import FakeTelemetry


class NoLanes:
    """Nothing goes out."""

    delivery = SimpleNamespace(owner="me")

    def add(self, rows: Collection[OutboxRow], _: object) -> None:
        assert not rows


@pytest.fixture
def journal() -> FakeJournal:
    return FakeJournal({Alert: (), ClearAlert: None})


@pytest.fixture
def speaker(journal: FakeJournal) -> Hosts:
    reads = FakeReads({hosts: [()] * 4, addresses: [{}] * 4})
    return Hosts(
        (1,),
        cast(Journal, journal),
        cast(Database, reads),
        {},
        cast(Lanes, NoLanes()),
        FakeClock(),
        FakeTelemetry(),
        {BOT},
    )


def told(journal: FakeJournal) -> list[str]:
    return [one.key for one in journal.done if isinstance(one, Alert)]


async def test_what_was_told_before_the_start_is_not_told_again(
    speaker: Hosts, journal: FakeJournal
) -> None:
    speaker.begin([Trouble.FORBIDDEN])
    await speaker.tell_of(Trouble.FORBIDDEN, BOT, model="one")
    assert not journal.done


@pytest.mark.parametrize(("trouble", "times"), [(Trouble.MODEL_UNKNOWN, 2), (Trouble.FORBIDDEN, 1)])
async def test_of_each_model_what_is_its_own_and_of_the_key_once(
    speaker: Hosts, journal: FakeJournal, trouble: Trouble, times: int
) -> None:
    for model in ("one", "two", "one"):
        await speaker.tell_of(trouble, BOT, model=model)
    assert len(told(journal)) == times
    journal.done.clear()
    await speaker.all_is_well("one")
    assert len(journal.done) == 1
    assert isinstance(journal.done[0], ClearAlert)
    await speaker.tell_of(trouble, BOT, model="one")
    assert len(told(journal)) == 1
    assert cast(FakeTelemetry, speaker.telemetry).count(told(journal)[0])
