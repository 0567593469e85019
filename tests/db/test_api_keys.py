"""Keys of companies' programs: two of a name at a time, each known by a hash alone."""

import pytest

from db.api_keys import (
    MOST,
    ApiKey,
    IssueKey,
    LimitKey,
    NoteKeyUsed,
    RevokeKey,
    Scope,
    api_key,
    keys_by_name,
    keys_of,
)
from db.audit import trail
from db.companies import DeleteTenant
from db.errors import Gone
from db.models import api_keys, bots
from db.records import Actor
from db.seconds import MINUTE_SECONDS
from db.sites import WEB, programs_bot
from db.tenants import SaveProfile
from tests.databases import BOT, SOMEBODY, TENANT
from tests.db.desk import Desk

HOTEL, BANK = 1, 2
ADA = Actor(7, "Ada")


def issuing(desk: Desk, name: str = "crm", *, tenant: int = HOTEL) -> IssueKey:
    return IssueKey(
        tenant=tenant,
        name=name,
        digest="a hash",
        scopes=frozenset({Scope.READ, Scope.CHAT}),
        actor=ADA,
        now=desk.now,
    )


async def issue(desk: Desk, name: str = "crm") -> int:
    key = await desk.journal.do(issuing(desk, name))
    assert key is not None
    return key


async def note_key_used(desk: Desk) -> NoteKeyUsed:
    return NoteKeyUsed(await issue(desk), desk.now)


async def revoke(desk: Desk, key: int, tenant: int = HOTEL) -> bool:
    return await desk.journal.do(RevokeKey(key, tenant, ADA, desk.now))


async def limit(desk: Desk, key: int, tenant: int = HOTEL, **limits: int | None) -> bool:
    return await desk.journal.do(LimitKey(key, tenant, limits, ADA, desk.now))


async def told(desk: Desk) -> list[tuple[str, str | None, str | None]]:
    entries = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=10))
    return [(one.action, one.subject, one.new) for one in reversed(entries)]


async def test_a_key_is_known_by_its_row(desk: Desk) -> None:
    key = await issue(desk)

    known = await desk.database.read(api_key, key)
    scopes = frozenset({Scope.CHAT, Scope.READ})
    assert known == ApiKey(key, HOTEL, "crm", "a hash", scopes, desk.now)
    assert "hash" not in f"{known} {issuing(desk)}"
    assert await desk.database.read(keys_of, HOTEL) == (known,)
    assert await desk.database.read(keys_by_name, None) == ((TENANT, known),)
    assert await desk.database.read(api_key, key + 1) is None
    assert await told(desk) == [("key added", "crm", "chat read")]


async def test_a_companys_programs_are_one_bot_of_ours(desk: Desk) -> None:
    await issue(desk)
    await issue(desk, "shop")

    both = {row.id: row for row in await desk.stored(bots)}
    assert both.keys() == {BOT, programs_bot(HOTEL)}
    its = both[programs_bot(HOTEL)]
    assert (its.channel, its.tenant_id, its.token) == (WEB, HOTEL, None)
    assert (await desk.database.read(keys_of, HOTEL))[0].bot_id == its.id


async def test_two_of_a_name_are_good_until_one_goes(desk: Desk) -> None:
    first = await issue(desk)
    await issue(desk)

    assert await desk.journal.do(issuing(desk)) is None
    await issue(desk, "shop")
    assert await revoke(desk, first)
    await issue(desk)


async def test_a_company_has_so_many_and_no_more(desk: Desk) -> None:
    for number in range(MOST):
        await issue(desk, f"program {number}")

    assert await desk.journal.do(issuing(desk, "one more")) is None


async def test_a_revoked_key_is_known_as_that(desk: Desk) -> None:
    key = await issue(desk)

    assert [await revoke(desk, key, BANK), await revoke(desk, key)] == [False, True]
    assert not await revoke(desk, key)
    known = await desk.database.read(api_key, key)
    assert known is not None
    assert known.revoked_at == desk.now
    assert await desk.database.read(keys_of, HOTEL) == ()
    assert (await told(desk))[-1] == ("key revoked", "crm", None)


async def test_the_minute_of_its_use_is_kept(desk: Desk) -> None:
    key, began = await issue(desk), desk.now // MINUTE_SECONDS * MINUTE_SECONDS
    seen = []
    for after in (1.0, 50.0, MINUTE_SECONDS + 1, 10.0):
        await desk.journal.do(NoteKeyUsed(key, began + after))
        seen.append((await desk.row(api_keys)).last_used)

    assert seen == [began, began, began + MINUTE_SECONDS, began + MINUTE_SECONDS]


async def test_it_has_limits_of_its_own(desk: Desk) -> None:
    key = await issue(desk)

    assert await limit(desk, key, daily_tokens=5_000, messages_per_minute=30)
    assert await limit(desk, key, daily_tokens=5_000, messages_per_minute=None)
    assert not await limit(desk, key, BANK, daily_tokens=1)
    assert not await limit(desk, key + 1, daily_tokens=1)

    (known,) = await desk.database.read(keys_of, HOTEL)
    assert (known.daily_tokens, known.messages_per_minute) == (5_000, None)
    limited = "key limits changed", "crm"
    assert (await told(desk))[1:] == [(*limited, "5000"), (*limited, "30"), (*limited, "–")]
    await revoke(desk, key)
    assert not await limit(desk, key, daily_tokens=1)


async def test_it_goes_with_its_company(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))
    await desk.journal.do(issuing(desk, tenant=BANK))

    await desk.journal.do(DeleteTenant(BANK, SOMEBODY, desk.now))

    assert await desk.stored(api_keys) == []
    with pytest.raises(Gone):
        await desk.journal.do(issuing(desk, tenant=BANK))
