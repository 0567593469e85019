from typing import Any

import pytest

from db.audit import trail
from db.invites import (
    Invite,
    OfferClaim,
    OpenInvite,
    Redeem,
    Redeemed,
    RevokeInvite,
    Spoilt,
    open_invites,
)
from db.people import HOST, Appoint, Person, hosts, roles_of
from db.records import Actor
from tests.db.desk import Desk
from tests.fakes.clock import NOON

ANNA, BRUNO = 1001, 1002
OWNER = Actor(7, "Olga")
HOTEL = 1
HOUR, WEEK = 3600, 604_800
DIGEST = "what-stands-for-the-link"


async def invite(desk: Desk, digest: str = DIGEST, **fields: Any) -> int:
    values: dict[str, Any] = {"tenant": HOTEL, "role": "admin", "expires_at": NOON + HOUR}
    return await desk.journal.do(Invite(digest=digest, actor=OWNER, now=NOON, **(values | fields)))


def redeeming(user: int = ANNA, digest: str = DIGEST, now: float = NOON) -> Redeem:
    return Redeem(digest, user, f"Person {user}", now)


async def redeem(desk: Desk, *args: Any, **fields: Any) -> Redeemed | Spoilt:
    return await desk.journal.do(redeeming(*args, **fields))


async def offer(desk: Desk, digest: str | None = DIGEST, now: float = NOON) -> bool:
    return await desk.journal.do(OfferClaim(digest, now + HOUR, now))


async def roles(desk: Desk, user: int = ANNA) -> dict[int | None, str]:
    return await desk.database.read(lambda connection: roles_of(connection, user_id=user, now=NOON))


async def shown(desk: Desk, now: float = NOON) -> tuple[OpenInvite, ...]:
    return await desk.database.read(lambda c: open_invites(c, tenant=HOTEL, now=now))


async def test_a_link_gives_its_role_once(desk: Desk) -> None:
    await invite(desk, member_until=NOON + WEEK)
    assert await redeem(desk) == Redeemed(HOTEL, "admin", NOON + WEEK)
    assert await roles(desk) == {HOTEL: "admin"}
    assert await redeem(desk, BRUNO) is Spoilt.USED
    assert await roles(desk, BRUNO) == {}


async def test_who_opens_it_again_hears_that_the_role_is_theirs(desk: Desk) -> None:
    await invite(desk)
    await redeem(desk)
    assert await redeem(desk) is Spoilt.ALREADY


async def test_a_link_is_good_for_another_when_one_with_a_role_opens_it(desk: Desk) -> None:
    owner = Person(ANNA, "Anna", "owner")
    await desk.journal.do(Appoint(HOTEL, owner, OWNER, NOON))
    await invite(desk)
    assert await redeem(desk) is Spoilt.ALREADY
    assert await roles(desk) == {HOTEL: "owner"}
    assert isinstance(await redeem(desk, BRUNO), Redeemed)


async def test_a_link_that_was_never_made_opens_nothing(desk: Desk) -> None:
    assert await redeem(desk, digest="guessed") is Spoilt.UNKNOWN


async def test_a_link_ends(desk: Desk) -> None:
    await invite(desk)
    assert await redeem(desk, now=NOON + HOUR) is Spoilt.EXPIRED
    assert await shown(desk, NOON + HOUR) == ()


async def test_a_link_ends_with_the_role_that_it_gives(desk: Desk) -> None:
    await invite(desk, member_until=NOON + 60)
    assert await redeem(desk, now=NOON + 60) is Spoilt.EXPIRED


async def test_a_link_is_revoked_while_it_is_open(desk: Desk) -> None:
    row = await invite(desk)
    revoke = RevokeInvite(row, HOTEL, OWNER, NOON)
    assert await shown(desk) == (OpenInvite(row, "admin", NOON + HOUR, None),)
    assert await desk.journal.do(revoke) is True
    assert await desk.journal.do(revoke) is False
    assert await redeem(desk) is Spoilt.REVOKED
    assert await shown(desk) == ()


@pytest.mark.parametrize("tenant", [None, 2])
async def test_nobody_revokes_another_tenants_link(desk: Desk, tenant: int | None) -> None:
    row = await invite(desk)
    assert await desk.journal.do(RevokeInvite(row, tenant, OWNER, NOON)) is False
    assert isinstance(await redeem(desk), Redeemed)


async def test_the_first_to_open_the_claim_is_the_host(desk: Desk) -> None:
    assert await offer(desk)
    assert await redeem(desk) == Redeemed(None, HOST, None)
    assert await redeem(desk, BRUNO) is Spoilt.USED
    assert await desk.database.read(lambda connection: hosts(connection, NOON)) == (ANNA,)


async def test_each_start_offers_another_claim_and_voids_the_last(desk: Desk) -> None:
    await offer(desk, "first")
    await offer(desk, "second")
    assert await redeem(desk, digest="first") is Spoilt.REVOKED
    assert isinstance(await redeem(desk, digest="second"), Redeemed)


async def test_there_is_nothing_to_claim_when_there_is_a_host(desk: Desk) -> None:
    await offer(desk, "first")
    assert not await offer(desk, None)
    assert await redeem(desk, digest="first") is Spoilt.REVOKED
    await desk.journal.do(Appoint(None, Person(BRUNO, "Bruno", HOST), OWNER, NOON))
    assert not await offer(desk, "second")
    assert await redeem(desk, digest="second") is Spoilt.UNKNOWN


async def test_a_claim_is_void_once_there_is_a_host(desk: Desk) -> None:
    await offer(desk)
    await desk.journal.do(Appoint(None, Person(BRUNO, "Bruno", HOST), OWNER, NOON))
    assert await redeem(desk) is Spoilt.REVOKED


async def test_a_start_leaves_a_hosts_own_links_open(desk: Desk) -> None:
    await invite(desk, tenant=None, role=HOST)
    await offer(desk, "claim")
    assert await redeem(desk) == Redeemed(None, HOST, None)


async def test_what_happens_to_a_link_is_in_the_trail(desk: Desk) -> None:
    row = await invite(desk)
    await desk.journal.do(RevokeInvite(row, HOTEL, OWNER, NOON))
    await invite(desk, "second")
    await redeem(desk, digest="second")
    entries = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=9))
    assert [(e.action, e.actor.name, e.old, e.new) for e in entries] == [
        ("admin added", f"Person {ANNA}", None, "admin"),
        ("invited", "Olga", None, "admin"),
        ("invite revoked", "Olga", "admin", None),
        ("invited", "Olga", None, "admin"),
    ]
