"""`sportello admins`: who may do what."""

import secrets
import time
from datetime import UTC, datetime
from typing import Final

from bot.cli.columns import align
from bot.cli.database import opened
from bot.cli.outcome import Wrong
from bot.cli.start import begin
from bot.cli.tell import tell
from bot.cli.tenants import find
from bot.cli.trail import HOST
from bot.core.invitations import INVITATION, TOKEN_BYTES, digest
from bot.telegram.links import start_link
from db.bots import bot_to_open
from db.engine import Database
from db.invites import Invite
from db.journal import Operation, apply
from db.people import HOST as HOST_ROLE
from db.people import Refusal, Revoke, SetRole, people_of

HEADINGS: Final = ("USER", "ROLE", "NAME", "UNTIL")
HOUR_SECONDS: Final = 3600
DAY_SECONDS: Final = 86_400
REFUSED: Final = {
    Refusal.UNKNOWN: "nobody of this number works there",
    Refusal.LAST_OWNER: "that is the last owner; name another one first",
}


async def list_all(name: str | None, *, as_json: bool) -> None:
    """Print a line for each person of a tenant, or for each host. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await _row(database, name)
        now = time.time()
        people = await database.read(lambda connection: people_of(connection, tenant, now))
    rows = [(str(one.user_id), one.role, one.name, _moment(one.until)) for one in people]
    data = [
        {"user": one.user_id, "role": one.role, "name": one.name, "until": one.until}
        for one in people
    ]
    tell(align([HEADINGS, *rows]) if rows else "Nobody yet.", data, as_json=as_json)


async def invite(name: str | None, role: str, *, hours: int, days: int, as_json: bool) -> None:
    """Print a link for a role in a tenant; without a tenant, for a host. Raises Wrong."""
    payload, now = INVITATION + secrets.token_urlsafe(TOKEN_BYTES), time.time()
    expires_at = now + hours * HOUR_SECONDS
    async with opened(begin()) as database:
        tenant = await _row(database, name)
        username = await database.read(lambda connection: bot_to_open(connection, tenant))
        if not username:
            raise Wrong("no bot has been met yet: `sportello run` does that when it starts")
        operation = Invite(
            digest=digest(payload),
            tenant=tenant,
            role=role if name else HOST_ROLE,
            expires_at=expires_at,
            actor=HOST,
            now=now,
            member_until=now + days * DAY_SECONDS if days else None,
        )
        await database.write(lambda connection: apply(connection, [operation]))
    link = start_link(username, payload)
    tell(f"{link}\nSingle use, valid for {hours} h.", _data(link, operation), as_json=as_json)


async def set_role(name: str, user: int, role: str, *, as_json: bool) -> None:
    """Change what a person is. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await find(database, name)
        await _change(database, SetRole(tenant.id, user, role, HOST, time.time()))
    tell(f"{user}: {role} of {name}", {"user": user, "role": role}, as_json=as_json)


async def revoke(name: str | None, user: int, *, as_json: bool) -> None:
    """Take what a person is in a tenant; without a tenant, of a host. Raises Wrong."""
    async with opened(begin()) as database:
        tenant = await _row(database, name)
        await _change(database, Revoke(tenant, user, HOST, time.time()))
    tell(
        f"{user}: no longer {f'works for {name}' if name else 'host'}",
        {"user": user},
        as_json=as_json,
    )


async def _row(database: Database, name: str | None) -> int | None:
    return (await find(database, name)).id if name else None


async def _change(database: Database, operation: Operation[Refusal | None]) -> None:
    (refused,) = await database.write(lambda connection: apply(connection, [operation]))
    if refused:
        raise Wrong(REFUSED[refused])


def _data(link: str, invited: Invite) -> dict[str, object]:
    return {"link": link, "role": invited.role, "expires_at": invited.expires_at}


def _moment(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" if at else "-"
