from typing import Any

import pytest

from db.audit import trail
from db.invites import (
    Invite,
    InviteFirstHost,
    OpenInvite,
    Redeem,
    Redeemed,
    RevokeInvite,
    Spoilt,
    open_invites,
)
from db.people import HOST, Appoint, Person, Revoke, SetRole, hosts, roles_of
from db.records import Actor
from db.tenants import SaveProfile
from tests.db.desk import Desk
from tests.fakes.clock import NOON

ANNA, BRUNO = 1001, 1002
OWNER = Actor(7, "Olga")
HOTEL = 1
HOUR, WEEK = 3600, 604_800
CONSOLE = Actor(None, "console")
DIGEST = "what-stands-for-the-link"


async def invite(desk: Desk, digest: str = DIGEST, **fields: Any) -> int:
    values: dict[str, Any] = {"tenant": HOTEL, "role": "admin", "expires_at": NOON + HOUR}
    values |= {"actor": CONSOLE, "now": NOON}
    return await desk.journal.do(Invite(digest=digest, **(values | fields)))


async def invite_first_host(desk: Desk) -> InviteFirstHost:
    await desk.journal.do(InviteFirstHost("of an earlier start", desk.now + 9, desk.now))
    return InviteFirstHost("digest", desk.now + 9, desk.now)


async def give(
    desk: Desk,
    role: str,
    *,
    tenant: int | None = HOTEL,
    until: float | None = None,
    at: float = NOON,
) -> None:
    """Give Olga, who makes links, a role."""
    await desk.journal.do(Appoint(tenant, Person(7, "Olga", role, until), CONSOLE, at))


def redeeming(user: int = ANNA, digest: str = DIGEST, now: float = NOON) -> Redeem:
    return Redeem(digest, user, f"Person {user}", now)


async def redeem(desk: Desk, *args: Any, **fields: Any) -> Redeemed | Spoilt:
    return await desk.journal.do(redeeming(*args, **fields))


async def offer(desk: Desk, digest: str | None = DIGEST, now: float = NOON) -> bool:
    return await desk.journal.do(InviteFirstHost(digest, now + HOUR, now))


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
    row = await invite(desk, actor=OWNER)
    await desk.journal.do(RevokeInvite(row, HOTEL, OWNER, NOON))
    await give(desk, "owner")
    await invite(desk, "second", actor=OWNER)
    await redeem(desk, digest="second")
    entries = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=9))
    assert [(e.action, e.actor.name, e.old, e.new) for e in entries] == [
        ("admin added", f"Person {ANNA}", None, "admin"),
        ("invited", "Olga", None, "admin"),
        ("admin added", "console", None, "owner"),
        ("invite revoked", "Olga", "admin", None),
        ("invited", "Olga", None, "admin"),
    ]


async def test_a_link_is_worth_what_its_maker_may_give_when_it_is_opened(desk: Desk) -> None:
    await give(desk, "owner")
    await invite(desk, actor=OWNER)
    assert await redeem(desk) == Redeemed(HOTEL, "admin", None)


@pytest.mark.parametrize("role", ["admin", "operator", "viewer"])
async def test_a_link_is_void_for_good_when_its_maker_may_give_no_more(
    desk: Desk, role: str
) -> None:
    await give(desk, "owner")
    await desk.journal.do(Appoint(HOTEL, Person(BRUNO, "Bruno", "owner"), CONSOLE, NOON))
    await invite(desk, actor=OWNER)
    assert await desk.journal.do(SetRole(HOTEL, 7, role, CONSOLE, NOON)) is None
    assert await shown(desk) == ()
    assert await redeem(desk) is Spoilt.REVOKED
    await give(desk, "owner")
    assert await redeem(desk) is Spoilt.REVOKED


async def test_a_link_ends_with_its_makers_role_and_no_new_one_revives_it(desk: Desk) -> None:
    await give(desk, "owner", until=NOON + 60)
    await invite(desk, actor=OWNER)
    assert await redeem(desk, now=NOON + 60) is Spoilt.REVOKED
    await give(desk, "owner", at=NOON + 61)
    assert await redeem(desk, now=NOON + 62) is Spoilt.REVOKED


@pytest.mark.parametrize("wished", [None, NOON + 2 * WEEK])
async def test_a_role_for_a_week_gives_none_for_longer(desk: Desk, wished: float | None) -> None:
    await give(desk, "owner", until=NOON + WEEK)
    await invite(desk, role="owner", actor=OWNER, member_until=wished)
    assert await redeem(desk) == Redeemed(HOTEL, "owner", NOON + WEEK)


async def test_a_link_keeps_an_end_that_comes_before_its_makers(desk: Desk) -> None:
    await give(desk, "owner", until=NOON + WEEK)
    await invite(desk, actor=OWNER, member_until=NOON + HOUR)
    assert await redeem(desk) == Redeemed(HOTEL, "admin", NOON + HOUR)


async def test_an_owner_of_another_tenant_and_one_without_a_role_give_nothing(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("banca-aessefin", "{}", "test", NOON))
    await give(desk, "owner", tenant=2)
    await invite(desk, actor=OWNER)
    assert await redeem(desk) is Spoilt.REVOKED
    await invite(desk, "to the process", actor=OWNER, tenant=None, role=HOST)
    assert await redeem(desk, digest="to the process") is Spoilt.REVOKED


async def test_a_hosts_links_lead_everywhere_until_the_host_is_removed(desk: Desk) -> None:
    await give(desk, HOST, tenant=None)
    await invite(desk, actor=OWNER)
    await invite(desk, "second", actor=OWNER)
    assert await redeem(desk) == Redeemed(HOTEL, "admin", None)
    await desk.journal.do(Revoke(None, 7, CONSOLE, NOON))
    assert await redeem(desk, BRUNO, digest="second") is Spoilt.REVOKED


async def test_links_of_a_host_by_the_settings_hold_while_they_name_the_host(desk: Desk) -> None:
    await invite(desk, actor=OWNER)
    assert await redeem(desk) is Spoilt.REVOKED
    named = Redeem(DIGEST, ANNA, "Anna", NOON, frozenset({7}))
    assert await desk.journal.do(named) == Redeemed(HOTEL, "admin", None)


async def test_a_claim_is_void_where_the_settings_name_a_host(desk: Desk) -> None:
    await offer(desk)
    assert (
        await desk.journal.do(Redeem(DIGEST, ANNA, "Anna", NOON, frozenset({7}))) is Spoilt.REVOKED
    )


# ------------------------------------------------------------------------ what is shown


async def test_a_link_whose_makers_role_ended_is_shown_no_more(desk: Desk) -> None:
    await give(desk, "owner", until=NOON + 60)
    await invite(desk, actor=OWNER)
    assert [link.expires_at for link in await shown(desk)] == [NOON + 60]
    assert await shown(desk, now=NOON + 60) == ()
    assert await redeem(desk, now=NOON + 60) is Spoilt.REVOKED


async def test_links_of_a_host_by_the_settings_are_shown_while_they_name_the_host(
    desk: Desk,
) -> None:
    await invite(desk, actor=OWNER)
    assert await shown(desk) == ()
    named = await desk.database.read(
        lambda c: open_invites(c, tenant=HOTEL, now=NOON, named=frozenset({7}))
    )
    assert len(named) == 1
