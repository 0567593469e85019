"""Whether a migration only adds: what an older program reads and writes is after it as before."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect

from db.upgrade import config
from tests.migrations.test_filled import fill, stored

FIRST = "0008"  # from it on, the database says which programs may run
LETS_GO = ("CASCADE", "SET NULL")


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a table, all that a program may count on."""

    columns: dict[str, tuple[str, bool, str | None]]
    rules: frozenset[str]
    references: dict[str, tuple[frozenset[str], str | None]]
    indexes: frozenset[str]


def shapes(connection: Connection) -> dict[str, Shape]:
    found = inspect(connection)
    return {
        table: Shape(
            {one["name"]: _described(one) for one in found.get_columns(table)},
            frozenset(
                _worded(rule)
                for rule in (
                    found.get_pk_constraint(table),
                    *found.get_unique_constraints(table),
                    *found.get_check_constraints(table),
                    *(index for index in found.get_indexes(table) if index["unique"]),
                )
            ),
            {
                f"{key['constrained_columns']} to {key['referred_table']}": (
                    frozenset(key["constrained_columns"]),
                    key["options"].get("ondelete"),
                )
                for key in found.get_foreign_keys(table)
            },
            frozenset(str(index["name"]) for index in found.get_indexes(table)),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def _described(column: Any) -> tuple[str, bool, str | None]:
    return repr(column["type"]), column["nullable"], column["default"]


def _worded(rule: Any) -> str:
    told = {**rule, **rule.get("dialect_options", {}), "dialect_options": None}
    return ", ".join(f"{name} {told[name]}" for name in sorted(told))


def narrowed(before: dict[str, Shape], after: dict[str, Shape]) -> Iterator[str]:
    """What is gone or stricter."""
    for table, old in before.items():
        if table in after:
            yield from (f"{table}: {what}" for what in _narrowed(old, after[table]))
        else:
            yield f"{table} is gone"
    for table, new in after.items():
        was = before[table].references if table in before else {}
        for key, (_, deleted) in new.references.items():
            if key not in was and deleted not in LETS_GO:
                yield f"{table}: {key} keeps rows from being deleted"


def _narrowed(old: Shape, new: Shape) -> Iterator[str]:
    for name, column in old.columns.items():
        if new.columns.get(name) != column:
            yield f"{name} is gone or another"
    for name in new.columns.keys() - old.columns:
        _, nullable, default = new.columns[name]
        if not nullable and default is None:
            yield f"{name} must be written"
    if old.rules != new.rules:
        yield "its rows are bound by other rules"
    if not old.indexes <= new.indexes or not old.references.items() <= new.references.items():
        yield "an index or a reference is gone or another"
    for key in new.references.keys() - old.references:
        if new.references[key][0] & old.columns.keys():
            yield f"{key} is a new rule for an old column"


def broken_promises(
    connection: Connection, migrations: Path, *, after: str = FIRST
) -> Iterator[str]:
    """What is wrong with the `min_code` of each later migration, on a database that is full."""
    made = config(connection)
    made.set_main_option("script_location", str(migrations))
    scripts = [*ScriptDirectory.from_config(made).walk_revisions()][::-1]
    fill(connection, FIRST)
    command.upgrade(made, after)
    allowed = getattr(scripts[int(after) - 1].module, "min_code", FIRST)
    for script in scripts[int(after) :]:
        said = getattr(script.module, "min_code", "")
        if not allowed <= said <= script.revision:
            yield f"{script.revision} says {said!r}, after {allowed}"
        wrong = _carry_out(connection, made, script)
        if said == allowed:
            yield from (f"{script.revision} does not only add: {what}" for what in wrong)
        allowed = said


def _carry_out(connection: Connection, made: Config, script: Script) -> list[str]:
    before, rows = shapes(connection), stored(connection)
    command.upgrade(made, script.revision)
    after = shapes(connection)
    wrong = [*narrowed(before, after)]
    return wrong or [
        f"rows of {table} are changed"
        for table, now in stored(connection).items()
        if table in rows
        and [{name: row[name] for name in before[table].columns} for row in now] != rows[table]
    ]
