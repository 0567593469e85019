"""`sportello tenants create | rename | pause | ...`: companies as a whole."""

import time
from datetime import UTC, datetime
from typing import Any, Final

import typer

from bot.cli.columns import align
from bot.cli.database import opened
from bot.cli.outcome import Wrong
from bot.cli.start import begin
from bot.cli.tell import tell
from bot.cli.tenants import check_name, find
from db.audit import note
from db.companies import DeleteTenant, Rename, SetState
from db.drafts import RollBack, versions_of
from db.engine import Database
from db.journal import Operation, apply
from db.records import Actor, TenantState
from db.tenants import SaveProfile, find_tenant
from tenants import presets
from tenants.profile import Profile

HOST: Final = Actor(None, "command line")


async def create(name: str, preset: str | None, *, as_json: bool) -> None:
    """Make a tenant. Raises Wrong when the name cannot be used or is taken."""
    check_name(name)
    if preset and preset not in presets.names():
        raise Wrong(f"“{preset}” is none of the presets: {', '.join(presets.names())}")
    profile = presets.load(preset) if preset else Profile()
    save = SaveProfile(name, profile.model_dump_json(), HOST.name, time.time())
    async with opened(begin(), create=True) as database:
        if await database.read(lambda connection: find_tenant(connection, name)):
            raise Wrong(f"there is a tenant “{name}” already")
        await _do(database, save)
        made = await find(database, name)
        await _note(database, made.id, "create", new=name)
    tell(f"{name}: new, version {made.version}", {"name": name, "version": 1}, as_json=as_json)


async def rename(name: str, new: str, *, as_json: bool) -> None:
    """Give a tenant another name. Raises Wrong."""
    check_name(new)
    async with opened(begin()) as database:
        tenant = await find(database, name)
        if not await _do(database, Rename(tenant.id, new)):
            raise Wrong(f"there is a tenant “{new}” already")
        await _note(database, tenant.id, "rename", old=name, new=new)
    tell(f"{name}: now named {new}", {"name": new, "was": name}, as_json=as_json)


async def set_state(name: str, state: str, *, as_json: bool) -> None:
    """Pause, archive or resume. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await find(database, name)
        await _do(database, SetState(tenant.id, TenantState(state)))
        await _note(database, tenant.id, "state", old=tenant.state, new=state)
    tell(f"{name}: {state}", {"name": name, "state": state}, as_json=as_json)


async def delete(name: str, *, yes: bool, as_json: bool) -> None:
    """Erase a tenant, once its name was typed again. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await find(database, name)
        if not yes and typer.prompt(f"This cannot be undone. Type {name} to erase it") != name:
            raise Wrong("that is not its name: nothing was erased")
        held = await _do(database, DeleteTenant(tenant.id, time.time()))
        if held:
            raise Wrong(
                f"it answers on {', '.join(held)}, the host's: let another tenant do so first"
                " (sportello tenants apply FILE --take-bots)"
            )
        await _note(database, None, "delete", old=name)
    tell(f"{name}: erased; at OpenAI the running process does it", {"name": name}, as_json=as_json)


async def history(name: str, *, as_json: bool) -> None:
    """Print the versions. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await find(database, name)
        known = await database.read(lambda connection: versions_of(connection, tenant.id))
    rows = [(str(one.number), _moment(one.created_at), one.author, one.note or "") for one in known]
    data = [
        {"version": o.number, "at": o.created_at, "author": o.author, "note": o.note} for o in known
    ]
    tell(align([("VERSION", "PUBLISHED", "AUTHOR", "NOTE"), *rows]), data, as_json=as_json)


async def roll_back(name: str, version: int, *, as_json: bool) -> None:
    """Publish an earlier version again. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await find(database, name)
        known = await database.read(lambda connection: versions_of(connection, tenant.id))
        if version not in {one.number for one in known}:
            raise Wrong(f"{name} has no version {version}; the last one is {tenant.version}")
        back = RollBack(tenant.id, version, HOST, time.time())
        now = await _do(database, back)
        await _note(database, tenant.id, "roll back", old=str(tenant.version), new=str(version))
    told = f"{name}: version {now} says what version {version} said"
    tell(told, {"name": name, "version": now, "as": version}, as_json=as_json)


async def _do(database: Database, operation: Operation[Any]) -> Any:
    (result,) = await database.write(lambda connection: apply(connection, [operation]))
    return result


async def _note(
    database: Database,
    tenant: int | None,
    action: str,
    *,
    old: str | None = None,
    new: str | None = None,
) -> None:
    now = time.time()
    await database.write(
        lambda connection: note(
            connection,
            tenant=tenant,
            actor=HOST,
            action=f"tenants.{action}",
            old=old,
            new=new,
            now=now,
        )
    )


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"
