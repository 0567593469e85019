"""With what a company signs who a visitor is: two of a site at most, and its own alone."""

import pytest

from db.audit import trail
from db.identity_secrets import (
    MOST,
    AddIdentitySecret,
    IdentitySecret,
    RetireIdentitySecret,
    all_identity_secrets,
    secrets_of_site,
)
from db.models import identity_secrets
from db.sealed import Reencrypt, Sealed
from db.sites import AddSite, RemoveSite
from db.tenants import SaveProfile
from tests.databases import SOMEBODY
from tests.db.desk import Desk

HOTEL, BANK = 1, 2
SITE = 1


@pytest.fixture(autouse=True)
async def site(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))
    origins = ("https://aurora.example",)
    await desk.journal.do(AddSite(HOTEL, "site_aurora", origins, SOMEBODY, desk.now))


async def add(desk: Desk, sealed: str = "sealed", tenant: int = HOTEL) -> int | None:
    return await desk.journal.do(
        AddIdentitySecret(site=SITE, tenant=tenant, sealed=sealed, actor=SOMEBODY, now=desk.now)
    )


async def retire(desk: Desk, secret: int, tenant: int = HOTEL, site: int = SITE) -> bool:
    return await desk.journal.do(
        RetireIdentitySecret(secret=secret, site=site, tenant=tenant, actor=SOMEBODY, now=desk.now)
    )


async def held(desk: Desk) -> list[str]:
    return [one.sealed for one in await desk.database.read(secrets_of_site, SITE)]


async def test_the_new_one_stands_beside_the_old_one(desk: Desk) -> None:
    """[23]"""
    assert MOST == 2
    assert [await add(desk, one) for one in ("old", "new", "third")] == [1, 2, None]
    assert await held(desk) == ["old", "new"]

    assert await retire(desk, 1)

    assert await held(desk) == ["new"]
    entries = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=20))
    assert [(one.action, one.subject) for one in reversed(entries)][1:] == [
        ("identity secret added", "aurora.example"),
        ("identity secret added", "aurora.example"),
        ("identity secret retired", "aurora.example"),
    ]


async def test_only_its_company_changes_them(desk: Desk) -> None:
    assert await add(desk, tenant=BANK) is None
    assert await add(desk) == 1
    origins = ("https://other.example",)
    other = AddSite(HOTEL, "site_other", origins, SOMEBODY, desk.now)
    assert await desk.journal.do(other) == 2
    assert not await retire(desk, 1, BANK)
    assert not await retire(desk, 1, site=2)
    assert not await retire(desk, 2)
    assert await held(desk) == ["sealed"]


async def test_they_are_encrypted_anew_and_go_with_the_site(desk: Desk) -> None:
    await add(desk)
    await desk.journal.do(Reencrypt(Sealed.IDENTITY, 1, "sealed", "sealed anew"))
    known = IdentitySecret(1, SITE, "sealed anew", desk.now)
    assert await desk.database.read(all_identity_secrets) == (("site_aurora", known),)

    await desk.journal.do(RemoveSite(SITE, HOTEL, SOMEBODY, desk.now))

    assert await desk.stored(identity_secrets) == []
