"""`sportello admins`: who may do what."""

import time
from datetime import UTC, datetime
from typing import Final

from bot.cli.console import Wrong, align, tell
from bot.cli.database import HOST, change, look
from bot.core.invitations import digest
from bot.settings import load_settings
from bot.telegram.links import new_invitation, start_link
from db.bots import bot_to_open
from db.invites import Invite, staff
from db.people import HOST as HOST_ROLE
from db.people import Refusal, Revoke, SetRole
from db.seconds import DAY_SECONDS, HOUR_SECONDS
from db.tenants import named_tenant, tenant_to_change
from db.transaction import Transaction

HEADINGS: Final = ("USER", "ROLE", "NAME", "UNTIL")
LINK_HEADINGS: Final = ("ROLE", "VALID UNTIL (UTC)", "ROLE UNTIL")
ADMIN_ROLE: Final = "admin"  # what an invitation gives if nothing else was said
REFUSED: Final = {
    Refusal.UNKNOWN: "nobody of this number works there",
    Refusal.LAST_OWNER: "that is the last owner; name another one first",
    Refusal.NOT_GIVEN: "who gives it may give none",
}


async def list_all(name: str | None, *, as_json: bool) -> None:
    """Print a line for each person of a tenant, or for each host, and for each open link there.

    In JSON the people alone. Raises Wrong.
    """
    named = frozenset(load_settings().admin_ids)
    people, links = await look(staff, name, now=time.time(), named=named)
    rows = [(str(one.user_id), one.role, one.name, _moment(one.until)) for one in people]
    told = [align([HEADINGS, *rows]) if rows else "Nobody yet."]
    if links:
        ends = [(one.role, _minute(one.expires_at), _moment(one.member_until)) for one in links]
        told.append(f"Open links, each for whoever is first:\n{align([LINK_HEADINGS, *ends])}")
    data = [
        {"user": one.user_id, "role": one.role, "name": one.name, "until": one.until}
        for one in people
    ]
    tell("\n\n".join(told), data, as_json=as_json)


async def invite(
    name: str | None, role: str | None, *, hours: int, days: int, as_json: bool
) -> None:
    """Print a link for a role in a tenant; without a tenant, for a host. Raises Wrong."""
    if role and not name:
        raise Wrong("whose? Name a tenant before --role; without both, a host is invited")
    payload, now = new_invitation(), time.time()

    def work(transaction: Transaction) -> tuple[str, Invite]:
        tenant = transaction.read(tenant_to_change, name).id if name else None
        invited = Invite(
            digest=digest(payload),
            tenant=tenant,
            role=role or ADMIN_ROLE if name else HOST_ROLE,
            expires_at=now + hours * HOUR_SECONDS,
            actor=HOST,
            now=now,
            member_until=now + days * DAY_SECONDS if days else None,
        )
        username = transaction.read(bot_to_open, tenant)
        if not username:
            raise Wrong("no bot has been met yet: `sportello run` does that when it starts")
        transaction.do(invited)
        return username, invited

    username, invited = await change(work)
    link = start_link(username, payload)
    told = f"{link}\nSingle use, valid for {hours} h: {_office(invited.role, name)}"
    tell(told, _data(link, invited), as_json=as_json)


async def set_role(name: str, user: int, role: str, *, as_json: bool) -> None:
    """Change what a person is; how long it lasts stays as it was. Raises Wrong."""

    def work(transaction: Transaction) -> None:
        tenant = transaction.read(named_tenant, name)
        _check(transaction.do(SetRole(tenant.id, user, role, HOST, time.time())))

    await change(work)
    tell(f"{user}: {_office(role, name)}", {"user": user, "role": role}, as_json=as_json)


async def revoke(name: str | None, user: int, *, as_json: bool) -> None:
    """Take what a person is in a tenant; without a tenant, of a host. Raises Wrong."""

    def work(transaction: Transaction) -> None:
        tenant = transaction.read(named_tenant, name).id if name else None
        _check(transaction.do(Revoke(tenant, user, HOST, time.time())))

    await change(work)
    lost = f"works for {name}" if name else "host"
    tell(f"{user}: no longer {lost}", {"user": user}, as_json=as_json)


def _check(refused: Refusal | None) -> None:
    if refused:
        raise Wrong(REFUSED[refused])


def _office(role: str, name: str | None) -> str:
    return f"{role} of {name}" if name else role


def _data(link: str, invited: Invite) -> dict[str, object]:
    return {"link": link, "role": invited.role, "expires_at": invited.expires_at}


def _minute(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"


def _moment(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" if at else "-"
