"""`sportello tenants`: the companies there are, and what becomes of each as a whole."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import typer

from bot.cli.card import describe, listed, profile_of
from bot.cli.console import Wrong, align, tell, tell_progress
from bot.cli.database import HOST, change, look, opened, writing
from bot.cli.start import begin
from db.companies import CreateTenant, DeleteTenant, Rename, SetState
from db.drafts import RollBack, versions_by_name
from db.engine import Database, transact
from db.erasing import EraseTenant
from db.meanwhile import meanwhile
from db.records import TenantState
from db.tenants import (
    TenantRow,
    named_tenant,
    profile_body,
    tenant_to_change,
    tenant_with_bots,
    tenants_with_bots,
)
from db.transaction import Transaction
from tenants import presets
from tenants.difference import trail_between
from tenants.fields import FIELDS
from tenants.founding import found
from tenants.names import is_name
from tenants.profile import Profile
from tenants.size import ANSWERS, size_of
from tenants.values import is_blank

_GONE: Final = {True: "", False: "(what it said is kept no longer)"}
REST_SECONDS: Final = 0.05  # between two batches: others' commits come in between
HEADINGS = ("NAME", "STATE", "VERSION", "COMPANY", "LANGUAGE", "BOTS")


async def list_all(*, as_json: bool) -> None:
    """Print a line for each tenant."""
    known = await look(tenants_with_bots)
    rows = [_row(tenant, bots) for tenant, bots in known]
    data = [_data(tenant, bots) for tenant, bots in known]
    tell(align([HEADINGS, *rows]) if rows else "No tenants yet.", data, as_json=as_json)


async def show(name: str, *, as_json: bool) -> None:
    """Print a tenant's card. Raises Wrong."""
    settings = begin()
    async with opened(settings) as database:
        tenant, bots = await database.read(tenant_with_bots, name)
    spoken = f"bots: {listed(bots)}" if bots else "no bots"
    profile = profile_of(tenant)
    price = size_of(profile, host_model=settings.openai_model).price
    told = [f"{tenant.name}, version {tenant.version}, {spoken}", describe(profile)]
    if price:
        told.append(f"OpenAI asks about {price.euros:,.0f} € for {ANSWERS:,} answers")
    data = _data(tenant, bots) | {
        "profile": profile.model_dump(mode="json"),
        "euros_for_10000_answers": price and round(price.euros, 2),
    }
    tell("\n".join(told), data, as_json=as_json)


def check_name(name: str, hint: str = "") -> str:
    """The name, if it can be one. Raises Wrong."""
    if not is_name(name):
        raise Wrong(
            f"“{name}” is no tenant's name; use 2 to 40 small letters (a-z), digits and hyphens"
            f"{hint}"
        )
    return name


def _data(tenant: TenantRow, bots: Sequence[int]) -> dict[str, Any]:
    profile = profile_of(tenant)
    return {
        "name": tenant.name,
        "version": tenant.version,
        "state": tenant.state,
        "company": profile.company_name,
        "language": profile.language,
        "bots": list(bots),
    }


def _row(tenant: TenantRow, bots: Sequence[int]) -> tuple[str, ...]:
    profile = profile_of(tenant)
    version, company = str(tenant.version), profile.company_name or "-"
    return tenant.name, tenant.state, version, company, profile.language, listed(bots) or "-"


async def create(name: str, preset: str | None, *, as_json: bool) -> None:
    """Make a tenant, under this name, or of what people call it. Raises Wrong if that is taken."""
    limit = FIELDS["company_name"].limit
    if is_blank(name) or len(name) > limit:
        raise Wrong(f"give the company a name of 1 to {limit} characters")
    if preset and preset not in presets.names():
        raise Wrong(f"“{preset}” is none of the presets: {', '.join(presets.names())}")
    profile = presets.load(preset) if preset else Profile()
    made = CreateTenant(name, profile.model_dump_json(), HOST, time.time())

    def work(transaction: Transaction) -> str:
        if not is_name(name):
            return found(transaction, name, profile, actor=HOST, now=time.time())[1]
        if transaction.do(made) is None:
            raise Wrong(f"there is a tenant “{name}” already")
        return name

    short = await change(work, create=True)
    tell(f"{short}: new, version 1", {"name": short, "version": 1}, as_json=as_json)


async def rename(name: str, new: str, *, as_json: bool) -> None:
    """Give a tenant another name. Raises Wrong."""
    check_name(new)

    def work(transaction: Transaction) -> None:
        tenant = transaction.read(tenant_to_change, name)
        if not transaction.do(Rename(tenant.id, new, HOST, time.time())):
            raise Wrong(f"there is a tenant “{new}” already")

    await change(work)
    tell(f"{name}: now named {new}", {"name": new, "was": name}, as_json=as_json)


async def set_state(name: str, state: str, *, as_json: bool) -> None:
    """Pause, archive or resume. Raises Wrong."""

    def work(transaction: Transaction) -> None:
        tenant = transaction.read(tenant_to_change, name)
        transaction.do(SetState(tenant.id, TenantState(state), HOST, time.time()))

    await change(work)
    tell(f"{name}: {state}", {"name": name, "state": state}, as_json=as_json)


async def delete(name: str, *, yes: bool, as_json: bool) -> None:
    """Erase a tenant, once its name was typed again. Raises Wrong."""
    if not yes:
        await look(named_tenant, name)
        asked = (
            "Who changed something, and when, stays on record without the texts."
            f" This cannot be undone. Type {name} to erase it"
        )
        if typer.prompt(asked, err=True) != name:
            raise Wrong("that is not its name: nothing was erased")

    def work(transaction: Transaction) -> None:
        tenant = transaction.read(named_tenant, name)
        if held := transaction.do(DeleteTenant(tenant.id, HOST, time.time())):
            raise Wrong(
                f"it answers on {', '.join(held)}, the host's: let another tenant do so first"
                " (sportello tenants apply FILE --take-bots)"
            )

    async with opened(begin()) as database:
        await transact(database, work)
        async with meanwhile(lambda seconds: tell_progress(f"{name}: erasing, {seconds:.0f} s")):
            await _erase(database)
    tell(f"{name}: erased; at OpenAI the running process does it", {"name": name}, as_json=as_json)


async def _erase(database: Database) -> None:
    async with writing(database) as journal:
        more = True
        while more:
            await asyncio.sleep(REST_SECONDS)
            more = await journal.do(EraseTenant(time.time()))


async def history(name: str, *, as_json: bool) -> None:
    """Print the versions. Raises Wrong."""
    known = await look(versions_by_name, name)
    rows = [
        (str(one.number), _moment(one.created_at), one.author, one.note or _GONE[one.kept])
        for one in known
    ]
    data = [
        {
            "version": o.number,
            "at": o.created_at,
            "author": o.author,
            "note": o.note,
            "kept": o.kept,
        }
        for o in known
    ]
    tell(align([("VERSION", "PUBLISHED", "AUTHOR", "NOTE"), *rows]), data, as_json=as_json)


async def roll_back(name: str, version: int, *, as_json: bool) -> None:
    """Publish an earlier version again. Raises Wrong."""

    def work(transaction: Transaction) -> int:
        tenant = transaction.read(tenant_to_change, name)
        if not 1 <= version <= tenant.version:
            raise Wrong(f"{name} has no version {version}; the last one is {tenant.version}")
        body = transaction.read(profile_body, tenant=tenant.id, version=version)
        if body is None:
            raise Wrong(f"what version {version} of {name} said is kept no longer")
        back = RollBack(
            tenant=tenant.id,
            version=version,
            current=tenant.version,
            trail=trail_between(tenant.body, body),
            actor=HOST,
            now=time.time(),
        )
        if (made := transaction.do(back)) is None:
            raise Wrong(f"{name} was changed at this moment: look at its versions, and try again")
        return made

    now = await change(work)
    told = f"{name}: version {now} says what version {version} said"
    tell(told, {"name": name, "version": now, "as": version}, as_json=as_json)


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"
