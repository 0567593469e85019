"""Whether the database can be used, and how its schema stands."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.cli.card import profile_of
from bot.cli.findings import Finding, ok, problem, warning
from bot.errors import ConfigError
from bot.ops.database import Taken, exclusive
from bot.ops.volume import shortage
from bot.settings import Settings
from db.company_tools import tools_of
from db.engine import Database, explained, open_database, sqlite_path, transact, without_password
from db.errors import DatabaseError
from db.files import is_there, open_to_others
from db.people import hosts
from db.place import find_fault
from db.schema import TOO_NEW, Schema, schema
from db.sqlite import driver, may_damage
from db.tenants import list_tenants

SUBJECT: Final = "Database"
ANSWER_SECONDS: Final = 10.0
BUSY_TIMEOUT_MS: Final = 1_000
SHORT: Final = (
    "{left} MB are left on its disk: below {floor} MB (DISK_MIN_FREE_MEGABYTES) new messages wait"
    " at Telegram; make room"
)


async def check_database(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Look without making or changing anything."""
    url = settings.database_url.get_secret_value()
    path = sqlite_path(url)
    if path and not is_there(path):
        yield _check_folder(path)
        return
    name = str(path or without_password(url))
    try:
        async with _looked_at(url) as database:
            stands = await schema(database)
            yield _judge(name, stands)
            if stands.serves:
                await transact(database, lambda _: None)  # whether it takes any
            floor = settings.disk_min_free_megabytes
            left = shortage(await database.free_bytes(), floor)
            if left is not None:
                yield problem(SUBJECT, SHORT.format(left=left, floor=floor))
    except DatabaseError as error:
        fault = find_fault(path) if path else None
        yield problem(SUBJECT, fault or f"{name} cannot be used: {error}")
    if path:
        if harm := may_damage(driver.sqlite_version_info):
            yield warning("SQLite", harm)
        for file in open_to_others(path):
            yield _judge_rights(file)
        yield _check_lock(url)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database tells beyond itself, as far as can be told."""

    models: frozenset[str] = frozenset()  # those that tenants chose for their assistants
    tools: frozenset[str] = frozenset()  # that profiles name
    has_host: bool = False  # somebody claimed the process, or was invited


async def read_known(settings: Settings) -> Known:
    """Nothing, where there is no database that can be used."""
    url = settings.database_url.get_secret_value()
    path = sqlite_path(url)
    if path and not is_there(path):
        return Known()
    try:
        async with _looked_at(url) as database:
            rows = await database.read(list_tenants)
            known = [*map(profile_of, rows)]
            their_own = await database.read(tools_of, None) if settings.tenant_tools else ()
            declared = {(tool.tenant, tool.name) for tool in their_own}
            models = frozenset(model for one in known for model in one.models().values())
            tools = frozenset(
                name
                for row, one in zip(rows, known, strict=True)
                for own in (one, *one.assistants.values())
                for name in own.tools
                if (row.id, name) not in declared
            )
            return Known(models, tools, has_host=bool(await database.read(hosts, time.time())))
    except DatabaseError:
        return Known()


@asynccontextmanager
async def _looked_at(url: str) -> AsyncIterator[Database]:
    database = open_database(url, busy_timeout_ms=BUSY_TIMEOUT_MS)
    try:
        with explained():
            async with asyncio.timeout(ANSWER_SECONDS):
                yield database
    finally:
        await database.close()


def _check_folder(path: Path) -> Finding:
    if fault := find_fault(path):
        return problem(SUBJECT, fault)
    return ok(SUBJECT, f"{path} is not there yet; the first `sportello run` makes it")


def _judge(name: str, stands: Schema) -> Finding:
    match stands:
        case Schema.CURRENT:
            return ok(SUBJECT, f"{name}, its schema is current")
        case Schema.EMPTY:
            return ok(SUBJECT, f"{name} is empty; the first `sportello run` makes its tables")
        case Schema.OLDER:
            return warning(
                SUBJECT, f"{name} is older; the next `sportello run` brings it up to date"
            )
        case Schema.NEWER:
            return ok(SUBJECT, f"{name}, a newer version's, on which this one may run")
        case Schema.TOO_NEW:
            return problem(SUBJECT, f"{name} cannot be used: {TOO_NEW}")


def _judge_rights(file: Path) -> Finding:
    ours = file.stat().st_uid == os.geteuid()
    mended = "the next `run` ends that" if ours else "it is another user's, who should chmod it 600"
    return warning(SUBJECT, f"{file} can be read by other users: {mended}")


def _check_lock(url: str) -> Finding:
    try:
        with exclusive(url):
            return ok("Run", "no `sportello run` is at work on this database")
    except Taken:
        return ok("Run", "a `sportello run` is at work on this database")
    except ConfigError as error:
        return problem("Run", str(error))
