"""A commit happened, and its answer was lost: what is done again neither loses nor doubles it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Connection, select

import db
import db.operations
import db.records
from db.engine import is_disconnect
from db.journal import Journal
from db.models import metadata
from db.order import ORDER
from db.postgresql import PostgreSQL
from db.transaction import Operation
from tests.db.desk import Desk
from tests.db.repeated import REPEATED, Repeated
from tests.db.test_postgresql import by, way_to
from tests.relay import Relay

ROOT = Path(__file__).parents[2]
BASES = frozenset({"OneByOne", "_Rows"})
# Carried out within an event's work (`Handle`) or a command's only transaction.
WITHIN = frozenset(
    {
        *("AddBot", "RemoveBot", "TakeBots", "Reencrypt"),
        *("AddSite", "ChangeSite", "RemoveSite", "IssueKey", "LimitKey", "RevokeKey"),
        *("CreateTenant", "Rename", "SetState", "DeleteTenant"),
        *(
            "Change",
            "Discard",
            "Publish",
            "RollBack",
            "Invite",
            "RevokeInvite",
            "Redeem",
        ),
        *("Appoint", "SetRole", "Revoke", "TakeInHand"),
        *("BindGroup", "BindGroupAnew"),
        *("IssueCode", "ChangeCode", "RevokeCodes", "UseCode"),
        *("NoteReading", "NoteTranscript", "NoteExport", "SeeTo", "SetDuty", "SettleQuestions"),
        *("SetFact", "FinishRequest"),
        *("AddTool", "ChangeTool", "SetToolSecret", "RemoveTool"),
        *("AddServer", "RemoveServer", "AddIdentitySecret", "RetireIdentitySecret"),
    }
)
# When it fails, so does the comparison of answers that used the tokens: nobody does it again. So
# it is with a `Post` of the comparison's, whose rows belong to no turn. What asks over HTTP and
# cannot be counted is refused.
ONCE = frozenset({"CountTokens", "Spend"})

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("backend", ["postgresql"], indirect=True),
]


@pytest.fixture
async def through(database_url: str) -> AsyncIterator[Relay]:
    """A way to the server on which a commit's answer can be lost."""
    async with way_to(database_url) as made:
        yield made


@pytest.fixture
async def process(through: Relay, database_url: str) -> AsyncIterator[Journal]:
    """A process's journal, behind that way."""
    database = PostgreSQL(by(through, database_url))
    journal = Journal(database)
    serving = asyncio.create_task(journal.serve())
    yield journal
    serving.cancel()
    await asyncio.wait([serving])
    await database.close()


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows, but for when leases end: to do that again is what they are for."""
    ends = metadata.tables["workers"].c.expires_at
    return {
        name: sorted(connection.execute(select(*(c for c in table.c if c is not ends))), key=str)
        for name, table in metadata.tables.items()
    }


@pytest.mark.parametrize("one", REPEATED.values(), ids=REPEATED)
async def test_it_is_neither_lost_nor_doubled(
    desk: Desk, through: Relay, process: Journal, one: Repeated
) -> None:
    operation = await one.arrange(desk)
    before = await desk.database.read(everything)
    through.swallow = 1
    with pytest.raises(Exception) as lost:  # noqa: PT011 - whatever tells that the connection is
        await process.do(operation)
    assert is_disconnect(lost.value)
    happened = await desk.database.read(everything)
    assert (through.swallow, happened == before) == (0, False)
    results = await asyncio.gather(process.do(operation), return_exceptions=True)
    assert one.again(results[0]), results
    assert await desk.database.read(everything) == happened
    if one.swept:
        owner = getattr(operation, "owner", desk.owner)
        found = await process.do(desk.adopting(owner=owner))
        assert found.own or found.due or found.events


def operations() -> Iterator[type[Operation[Any]]]:
    """All of db's."""
    for package in (db, db.operations):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            if module.name != "db.upgrade":  # Alembic's
                import_module(module.name)
    ahead: list[type[Any]] = [Operation]
    while ahead:
        kinds = ahead.pop().__subclasses__()
        ahead += kinds
        yield from (kind for kind in kinds if kind.__module__.startswith("db."))


@pytest.mark.usefixtures("backend")
def test_each_operation_is_in_the_table_or_is_never_done_again() -> None:
    known = {name.partition(",")[0] for name in REPEATED} | WITHIN | ONCE
    assert {kind.__name__ for kind in operations()} - BASES == known


@pytest.mark.usefixtures("backend")
def test_each_operation_has_one_place_in_the_order() -> None:
    listed = [kind.__name__ for kinds in ORDER for kind in kinds]
    assert sorted(listed) == sorted({kind.__name__ for kind in operations()} - BASES)


@pytest.mark.usefixtures("backend")
def test_what_runs_in_the_writers_thread_says_so_by_its_name() -> None:
    records = (one for one in vars(db.records).values() if isinstance(one, type))
    data = [*operations(), *filter(is_dataclass, records)]
    called = {
        f"{kind.__name__}.{field}"
        for kind in data
        for field, hint in get_type_hints(kind).items()
        if "Callable" in str(hint)
    }
    assert {one for one in called if not one.endswith("_in_commit")} == set()
    assert "Handle.work_in_commit" in called


@pytest.mark.usefixtures("backend")
def test_what_is_done_within_other_work_is_not_given_to_the_journal() -> None:
    served = "\n".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    given = set(re.findall(r"journal\.do\(\s*(\w+)\(", served))
    assert "Accept" in given
    assert given & WITHIN == set()
