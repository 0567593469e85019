"""The sites of companies: pages on which their assistants answer, and how the chat stands there.

To the engine a site is a bot of ours on the channel "web", and so are all of a company's programs
together (db/api_keys.py). Those numbers are below zero, and no two are ever the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, select, update

from db.audit import Deed, note
from db.bots import silence
from db.errors import AddressTaken
from db.models import bots, sites
from db.records import Actor
from db.rows import insert
from db.tenants import hold, list_companies, named_tenant
from db.transaction import OneByOne

WEB: Final = "web"  # the channel
MOST: Final = 20  # sites of a company


class Corner(StrEnum):
    """Where the chat is on the page."""

    LEFT = "left"
    RIGHT = "right"


ACCENT: Final = "#1f6feb"  # of a new site


@dataclass(frozen=True, slots=True)
class Site:
    """A company's assistant on its pages. `origins` are never none, as `tenants.origins` has them.

    `accent` is a colour such as #1f6feb. `daily_tokens`: so many a day, all its visitors together
    """

    id: int
    tenant: int
    public_key: str
    origins: tuple[str, ...]
    is_on: bool = True
    accent: str = ACCENT
    corner: Corner = Corner.RIGHT
    daily_tokens: int | None = None
    messages_per_minute: int | None = None
    known_only: bool = False

    @property
    def bot_id(self) -> int:
        """The number under which the engine knows it."""
        return site_bot(self.id)

    @property
    def name(self) -> str:
        """What people call it."""
        return called(self.origins)


def site_bot(site: int) -> int:
    """The number of a site among our bots."""
    return -2 * site


SITE_BOT: Final = -2 * sites.c.id  # the same of a row


def programs_bot(tenant: int) -> int:
    """The number, among our bots, of all of a company's programs together."""
    return -2 * tenant - 1


def called(origins: Sequence[str]) -> str:
    """What people call a site: by the first of its addresses, in their own alphabet."""
    name, colon, port = origins[0].partition("://")[2].partition(":")
    return f"{name.encode().decode('idna')}{colon}{port}"


def name_of_site(origins: str | None) -> str:
    """The same of a site whose addresses are stored so; empty where there is no site."""
    return called(json.loads(origins)) if origins else ""


@dataclass(frozen=True, slots=True)
class AddSite(OneByOne[int | None]):
    """Let a company's assistant answer on these pages; the site's row, None where it has too many.

    Raises Gone and AddressTaken.
    """

    tenant: int
    public_key: str
    origins: tuple[str, ...]
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> int | None:
        hold(connection, self.tenant)
        mine = select(func.count()).where(sites.c.tenant_id == self.tenant)
        if connection.execute(mine).scalar_one() >= MOST:
            return None
        _refuse_taken(connection, self.tenant, self.origins)
        added = insert(connection, sites).values(
            tenant_id=self.tenant,
            public_key=self.public_key,
            origins=json.dumps(self.origins),
            accent=ACCENT,
            corner=Corner.RIGHT,
            created_at=self.now,
        )
        site = int(connection.execute(added.returning(sites.c.id)).scalar_one())
        add_bot(connection, site_bot(site), self.tenant)
        note(connection, self, Deed.SITE_ADDED, subject=called(self.origins))
        return site


# What a site may change, by its columns; of addresses all that it is to have.
Changes = Mapping[str, str | int | bool | tuple[str, ...] | None]
_DEEDS: Final[Mapping[object, Deed]] = {
    ("is_on", True): Deed.SITE_SWITCHED_ON,
    ("is_on", False): Deed.SITE_SWITCHED_OFF,
    "origins": Deed.SITE_ADDRESSES_CHANGED,
    "accent": Deed.SITE_LOOK_CHANGED,
    "corner": Deed.SITE_LOOK_CHANGED,
    "daily_tokens": Deed.SITE_LIMITS_CHANGED,
    "messages_per_minute": Deed.SITE_LIMITS_CHANGED,
    ("known_only", True): Deed.SITE_CLOSED,
    ("known_only", False): Deed.SITE_OPENED,
}


@dataclass(frozen=True, slots=True)
class ChangeSite(OneByOne[bool]):
    """Change what a site has; False when the company has no such site. As it was, it is no deed.

    Raises AddressTaken.
    """

    site: int
    tenant: int
    changes: Changes
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        found = _SITES.where(*_is(self.site, self.tenant)).with_for_update()
        before = next(iter(_rows(connection, found)), None)
        if before is None:
            return False
        if isinstance(origins := self.changes.get("origins"), tuple):
            _refuse_taken(connection, self.tenant, origins, besides=self.site)
        for column, value in self.changes.items():
            if getattr(before, column) != value:
                self._change(connection, before, column, value)
        return True

    def _change(self, connection: Connection, before: Site, column: str, value: object) -> None:
        kept = json.dumps(value) if column == "origins" else value
        its = update(sites).where(sites.c.id == self.site)
        connection.execute(its.values({column: kept}))
        old, new = _side(column, getattr(before, column)), _side(column, value)
        deed = _DEEDS.get((column, value)) or _DEEDS[column]
        note(connection, self, deed, subject=before.name, old=old, new=new)


@dataclass(frozen=True, slots=True)
class RemoveSite(OneByOne[bool]):
    """Take a site away; what waits there is answered no more. False where there is no such site."""

    site: int
    tenant: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        gone = delete(sites).where(*_is(self.site, self.tenant)).returning(sites.c.origins)
        origins: str | None = connection.execute(gone).scalar()
        if origins is None:
            return False
        bot = site_bot(self.site)
        ended = update(bots).where(bots.c.id == bot).values(removed_at=self.now, poller=None)
        connection.execute(ended)
        silence(connection, bot, now=self.now)
        note(connection, self, Deed.SITE_REMOVED, subject=called(json.loads(origins)))
        return True


def add_bot(connection: Connection, bot: int, tenant: int) -> None:
    """What the engine knows as a bot of ours on the web; nothing is done where it is there."""
    new = insert(connection, bots).values(id=bot, tenant_id=tenant, channel=WEB)
    connection.execute(new.on_conflict_do_nothing())


def _refuse_taken(
    connection: Connection, tenant: int, origins: Sequence[str], *, besides: int | None = None
) -> None:
    """A page with two sites' lines shows two chats."""
    for other in sites_of(connection, tenant):
        shared = [origin for origin in origins if origin in other.origins]
        if shared and other.id != besides:
            raise AddressTaken(shared[0], other.name)


def _is(site: int, tenant: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return sites.c.id == site, sites.c.tenant_id == tenant


def _side(column: str, value: object) -> str | None:
    """What a deed says of it: nothing of colours and corners."""
    match column, value:
        case "origins", tuple():
            return ", ".join(called([one]) for one in value)
        case (("daily_tokens" | "messages_per_minute"), _):
            return shown(value)
    return None


def shown(limit: object) -> str:
    """A limit, as a deed says it."""
    return "–" if limit is None else str(limit)


# ------------------------------------------------------------------ reads

_SITES = select(sites).order_by(sites.c.id)
_IN_ROW = _SITES.where(sites.c.id == bindparam("row"))


def site_by_key(connection: Connection, public_key: str) -> Site | None:
    """The site whose key stands in a page."""
    found = _SITES.where(sites.c.public_key == public_key)
    return next(iter(_rows(connection, found)), None)


def called_site(connection: Connection, site: int, tenant: int) -> str | None:
    """What people call a company's site; nobody else changes it before the commit."""
    found = _SITES.where(*_is(site, tenant)).with_for_update()
    return next((one.name for one in _rows(connection, found)), None)


def site_in_row(connection: Connection, row: int) -> Site | None:
    """The site that is kept there."""
    return next(iter(_rows(connection, _IN_ROW, {"row": row})), None)


def sites_of(connection: Connection, tenant: int) -> tuple[Site, ...]:
    """A company's sites, the oldest first."""
    return _rows(connection, _SITES.where(sites.c.tenant_id == tenant))


def sites_by_name(connection: Connection, name: str | None) -> tuple[tuple[str, Site], ...]:
    """The sites of the tenant of a name, or (None) of all, with the tenant's. Raises NoTenant."""
    wanted = [named_tenant(connection, name)] if name else list_companies(connection)
    return tuple((one.name, site) for one in wanted for site in sites_of(connection, one.id))


def _rows(
    connection: Connection, query: Select[Any], told: Mapping[str, object] = MappingProxyType({})
) -> tuple[Site, ...]:
    return tuple(
        Site(
            id=row.id,
            tenant=row.tenant_id,
            public_key=row.public_key,
            origins=tuple(json.loads(row.origins)),
            is_on=row.is_on,
            accent=row.accent,
            corner=Corner(row.corner),
            daily_tokens=row.daily_tokens,
            messages_per_minute=row.messages_per_minute,
            known_only=row.known_only,
        )
        for row in connection.execute(query, told)
    )
