"""`sportello tenants apply | export`: what a company says of itself, in and out as TOML."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typer

from bot.cli.card import compare
from bot.cli.database import opened
from bot.cli.outcome import Wrong
from bot.cli.start import begin
from bot.cli.tenants import check_name, find, listed, profile_of
from bot.cli.trail import HOST, Connection, write_trail
from db.journal import apply as commit
from db.tenants import (
    SaveProfile,
    TakeBots,
    TenantRow,
    bots_by_tenant,
    find_tenant,
    list_tenants,
)
from tenants import presets, toml
from tenants.profile import Profile


async def export(name: str, file: Path | None = None, *, force: bool = False) -> None:
    """Write a tenant's TOML to a file, or print it. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await find(database, name)
    text = toml.write(profile_of(tenant))
    if file is None:
        typer.echo(text, nl=False)
    else:
        _write(file, text, force=force)


async def apply(source: str, *, name: str | None, take_bots: bool) -> None:
    """Store the TOML of a file or a preset as a tenant's new version. Raises Wrong."""
    settings, now = begin(), time.time()
    profile = _read(source)
    name = check_name(name or Path(source).name.removesuffix(".toml"))
    save = SaveProfile(name, profile.model_dump_json(), HOST.name, now)
    take = [TakeBots(name, now)] if take_bots else []

    def work(connection: Connection) -> TenantRow | None:
        before = find_tenant(connection, name)
        commit(connection, [save, *take])
        _write_trail(connection, before, find_tenant(connection, name))
        return before

    async with opened(settings, create=True) as database:
        before = await database.write(work)
        known = await database.read(list_tenants)
        bots = await database.read(bots_by_tenant)
    after = next(tenant for tenant in known if tenant.name == name)
    typer.echo("\n".join((*_tell_change(before, after), _tell_bots(after, known, bots))))


def _write_trail(connection: Connection, before: TenantRow | None, after: TenantRow | None) -> None:
    if after and before is None:
        write_trail(connection, after.id, "tenants.create", new=after.name)
    elif after and before and after.version != before.version:
        versions = {"old": str(before.version), "new": str(after.version)}
        write_trail(connection, after.id, "published", **versions)


def _read(source: str) -> Profile:
    file = Path(source)
    if not file.is_file():
        if source in presets.names():
            return presets.load(source)
        known = ", ".join(presets.names())
        raise Wrong(f"“{source}” is no file, and none of the presets: {known}")
    try:
        return toml.read(file.read_text(encoding="utf-8"))
    except toml.ProfileError as error:
        raise Wrong("\n  ".join((f"{file} is no profile:", *error.problems))) from None
    except UnicodeDecodeError:
        raise Wrong(f"{file} is no UTF-8 text") from None
    except OSError as error:
        raise Wrong(f"{file} cannot be read: {error.strerror}") from None


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        raise Wrong(f"{file} is there already; --force replaces it") from None
    except OSError as error:
        raise Wrong(f"{file} cannot be written: {error.strerror}") from None


def _tell_change(before: TenantRow | None, after: TenantRow) -> Iterator[str]:
    if before is None:
        yield f"{after.name}: new, version {after.version}"
    elif before.version == after.version:
        yield f"{after.name}: nothing new, still version {after.version}"
    else:
        yield f"{after.name}: version {before.version} -> {after.version}"
        yield from compare(profile_of(before), profile_of(after))


def _tell_bots(
    tenant: TenantRow, known: Sequence[TenantRow], bots: Mapping[int, Sequence[int]]
) -> str:
    if mine := bots.get(tenant.id):
        return f"It speaks through: {listed(mine)}"
    if bots:
        return "No bot speaks for it; --take-bots lets all of them do so from now on"
    first = min(known, key=lambda one: one.id)
    return f"No bot is known yet; the first `sportello run` gives its bot to {first.name}"
