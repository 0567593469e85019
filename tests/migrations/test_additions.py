"""A migration that says it only adds does: older programs run beside what it leaves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import Database
from db.schema import revisions, scripts
from tests.backends import on_both
from tests.databases import Backend, opened
from tests.migrations.additions import FIRST, broken_promises
from tests.migrations.newer import NUMBER, newer_program
from tests.migrations.test_programs import ADDS, TAKES_AWAY
from tests.patience import PATIENCE_SECONDS

NARROWER = {
    "a column goes": (TAKES_AWAY, "profiles: note is gone or another"),
    "a column has another name": (
        'op.alter_column("profiles", "note", new_column_name="remark")',
        "profiles: note is gone or another",
    ),
    "a table goes": ('op.drop_table("secrets")', "secrets is gone"),
    "a column must be written": (
        """op.drop_index("ix_tries_chat_id_at", table_name="tries")
    op.drop_table("tries")
    op.create_table("tries", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("who", sa.Text(), nullable=False))""",
        "tries: who must be written",
    ),
    "what was free is unique": (
        'op.create_index("uq_profiles_note", "profiles", ["note"], unique=True)',
        "profiles: its rows are bound by other rules",
    ),
    "an index goes": (
        'op.drop_index("ix_updates_thread_id", table_name="updates")',
        "updates: an index or a reference is gone or another",
    ),
    "a row can no longer be deleted": (
        """op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger(), sa.ForeignKey("tenants.id")))""",
        "notes: ['tenant_id'] to tenants keeps rows from being deleted",
    ),
    "rows say something else": (
        "op.execute(\"UPDATE profiles SET author = 'somebody'\")",
        "rows of profiles are changed",
    ),
}


@pytest.fixture
async def empty(backend: Backend, tmp_path: Path) -> AsyncIterator[Database]:
    async with backend.database(tmp_path, migrated=False) as url, opened(url) as database:
        yield database


async def wrong_with(
    database: Database, migrations: Path, *, after: str = revisions()[-1]
) -> list[str]:
    """To look at each of ours again and again would take longer than all other migrations."""
    return await database.write(
        lambda connection: [*broken_promises(connection, migrations, after=after)],
        limit_seconds=PATIENCE_SECONDS,
    )


@on_both
async def test_each_of_ours_says_what_it_is(empty: Database) -> None:
    assert await wrong_with(empty, scripts(), after=FIRST) == []


async def test_additions_are_additions(empty: Database, tmp_path: Path) -> None:
    assert await wrong_with(empty, newer_program(tmp_path / "newer", ADDS).migrations) == []


@pytest.mark.parametrize(("work", "wrong"), NARROWER.values(), ids=NARROWER)
async def test_what_is_narrower_is_found(
    empty: Database, tmp_path: Path, work: str, wrong: str
) -> None:
    migrations = newer_program(tmp_path / "newer", work).migrations
    assert f"{NUMBER} does not only add: {wrong}" in await wrong_with(empty, migrations)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("min_code", ["0007", "9999", ""])
async def test_a_number_that_cannot_be_is_found(
    empty: Database, tmp_path: Path, min_code: str
) -> None:
    migrations = newer_program(tmp_path / "newer", ADDS, min_code=min_code).migrations
    assert await wrong_with(empty, migrations) == [f"{NUMBER} says {min_code!r}, after 0008"]
