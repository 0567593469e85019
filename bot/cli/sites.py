"""`sportello sites`: on which pages companies' assistants answer."""

import time
from collections.abc import Sequence
from typing import Any, Final

from bot.cli.console import Wrong, align, tell, the_one
from bot.cli.database import HOST, change, look
from bot.cli.start import begin
from bot.core.texts import say
from bot.core.texts.web import Sites as Say
from bot.front.here import profile_of
from bot.telegram.admin.sites import new_site_key
from bot.telegram.links import clients_link
from db.bots import bots_to_open
from db.errors import AddressTaken
from db.sites import MOST, AddSite, ChangeSite, RemoveSite, Site, called, sites_by_name, sites_of
from db.tenants import named_tenant, tenant_by_id, tenant_to_change
from db.transaction import Transaction
from tenants.origins import MOST as MOST_ADDRESSES
from tenants.origins import Typed, line_for, typed

HEADINGS: Final = ("SITE", "ID", "TENANT", "STATE", "ADDRESSES")
NOWHERE: Final = "HTTP_PUBLIC_URL"  # where pages reach us is not set: it stands for itself


async def list_all(name: str | None, *, as_json: bool) -> None:
    """Print a line for each site. Raises Wrong for a tenant that is not there."""
    found = await look(sites_by_name, name)
    rows = [
        (site.name, str(site.id), tenant, _state(site), _addresses(site.origins))
        for tenant, site in found
    ]
    data = [_told(tenant, site) for tenant, site in found]
    tell(align([HEADINGS, *rows]) if rows else "No sites yet.", data, as_json=as_json)


async def add(name: str, addresses: Sequence[str], *, as_json: bool) -> None:
    """Let a tenant's assistant answer on these pages. Raises Wrong."""
    found = _read(addresses)
    origins = found.origins

    def work(transaction: Transaction) -> Site:
        tenant = transaction.read(tenant_to_change, name)
        key = new_site_key()
        try:
            row = transaction.do(AddSite(tenant.id, key, origins, HOST, time.time()))
        except AddressTaken as taken:
            told = f"{called([taken.origin])} is an address of {name}'s site {taken.site} already"
            raise Wrong(told) from None
        if row is None:
            raise Wrong(f"{name} has {MOST} sites already; remove one first")
        return Site(row, tenant.id, key, origins)

    added = await change(work)
    line = await _line(added)
    said = f"{added.name}: added for {name}; this line goes into its pages:\n{line}"
    if found.insecure:
        said += f"\npages opened with http show no chat: {_addresses(found.insecure)}"
    tell(said, _told(name, added), as_json=as_json)


async def show(name: str, site: str, *, as_json: bool) -> None:
    """Print all about a site. Raises Wrong."""
    tenant = await look(named_tenant, name)
    its = named(await look(sites_of, tenant.id), site, name)
    tokens, pace = its.daily_tokens, its.messages_per_minute
    lines = [
        ("site", its.name),
        ("id", str(its.id)),
        ("tenant", name),
        ("state", _state(its)),
        ("addresses", _addresses(its.origins)),
        ("colour", its.accent),
        ("corner", its.corner),
        ("tokens a day", "no limit of its own" if tokens is None else str(tokens)),
        ("messages a minute", "as usual" if pace is None else str(pace)),
        ("answers", "known visitors alone" if its.known_only else "everybody"),
        ("line", await _line(its)),
    ]
    tell(align(lines), _told(name, its), as_json=as_json)


async def switch(name: str, site: str, *, is_on: bool, as_json: bool) -> None:
    """Switch a site on or off. Raises Wrong."""

    def work(transaction: Transaction) -> Site:
        tenant = transaction.read(tenant_to_change, name)
        its = named(transaction.read(sites_of, tenant.id), site, name)
        transaction.do(ChangeSite(its.id, tenant.id, {"is_on": is_on}, HOST, time.time()))
        return named(transaction.read(sites_of, tenant.id), str(its.id), name)

    its = await change(work)
    tell(f"{its.name}: {_state(its)}", _told(name, its), as_json=as_json)


async def remove(name: str, site: str, *, as_json: bool) -> None:
    """Take a site from a tenant. Raises Wrong."""

    def work(transaction: Transaction) -> Site:
        tenant = transaction.read(tenant_to_change, name)
        its = named(transaction.read(sites_of, tenant.id), site, name)
        transaction.do(RemoveSite(its.id, tenant.id, HOST, time.time()))
        return its

    its = await change(work)
    data = {"site": its.name, "id": its.id, "tenant": name}
    tell(f"{name} no longer answers on {its.name}", data, as_json=as_json)


def _read(addresses: Sequence[str]) -> Typed:
    found = typed(" ".join(addresses))
    if found.unread:
        raise Wrong(f"no address of a web site: {', '.join(found.unread)}")
    if not 0 < len(found.origins) <= MOST_ADDRESSES:
        raise Wrong(f"a site has 1 to {MOST_ADDRESSES} addresses")
    return found


def named(sites: Sequence[Site], wanted: str, tenant: str) -> Site:
    """The site of a tenant that has this address, or this id. Raises Wrong."""
    origins = typed(wanted).origins
    meant = [site for site in sites if wanted == str(site.id)]
    meant = meant or [site for site in sites if not set(origins).isdisjoint(site.origins)]
    none = f"{tenant} has no site “{wanted}”; its sites are"
    return the_one(meant, sites, several=f"several sites have the address “{wanted}”", none=none)


def _told(tenant: str, site: Site) -> dict[str, Any]:
    return {
        "site": site.name,
        "id": site.id,
        "tenant": tenant,
        "state": _state(site),
        "origins": site.origins,
        "key": site.public_key,
        "accent": site.accent,
        "corner": site.corner,
        "daily_tokens": site.daily_tokens,
        "messages_per_minute": site.messages_per_minute,
        "known_only": site.known_only,
    }


async def _line(site: Site) -> str:
    settings = begin()
    here = settings.http_url if settings.http_port is not None else NOWHERE
    tenant = await look(tenant_by_id, site.tenant)
    elsewhere = words = ""
    if tenant and settings.telegram_bot_token:  # without it the playground stands in
        elsewhere = clients_link(*await look(bots_to_open, site.tenant), tenant.name)
        words = say(Say.WITHOUT_SCRIPTS, profile_of(tenant).language)
    url = settings.http_public_url or here
    return line_for(url, site.public_key, elsewhere=elsewhere, words=words)


def _addresses(origins: Sequence[str]) -> str:
    return ", ".join(called([origin]) for origin in origins)


def _state(site: Site) -> str:
    return "on" if site.is_on else "off"
