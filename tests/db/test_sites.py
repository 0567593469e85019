"""Sites of companies: to the engine bots of ours on another channel, to nobody bots of Telegram."""

from dataclasses import replace
from typing import Any

import pytest

from db.audit import trail
from db.bots import bot_to_open, bots_of, bots_to_run, find_bot
from db.companies import DeleteTenant
from db.erasing import EraseTenant
from db.errors import AddressTaken, Gone, NoTenant
from db.models import bots, chats, outbox, sites, turns
from db.records import Actor, Address, Turn
from db.sites import (
    MOST,
    WEB,
    AddSite,
    ChangeSite,
    Corner,
    RemoveSite,
    Site,
    programs_bot,
    site_bot,
    site_by_key,
    sites_by_name,
    sites_of,
)
from db.tenants import SaveProfile, TakeBots, bots_by_tenant, tenant_here
from tests.databases import BOT, SOMEBODY, TENANT
from tests.db.desk import Desk, bubble, incoming

HOTEL, BANK = 1, 2
MARCO = Actor(77, "Marco")
AURORA = ("https://www.aurora.example", "https://aurora.example")
KEY = "site_aurora"


@pytest.fixture(autouse=True)
async def bank(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))


async def add(
    desk: Desk, tenant: int = HOTEL, key: str = KEY, origins: tuple[str, ...] = AURORA
) -> int:
    site = await desk.journal.do(AddSite(tenant, key, origins, MARCO, desk.now))
    assert site is not None
    return site


async def change(desk: Desk, site: int, tenant: int = HOTEL, **changes: Any) -> bool:
    return await desk.journal.do(ChangeSite(site, tenant, changes, MARCO, desk.now))


async def remove(desk: Desk, site: int, tenant: int = HOTEL) -> bool:
    return await desk.journal.do(RemoveSite(site, tenant, MARCO, desk.now))


async def found(desk: Desk, key: str = KEY) -> Site | None:
    return await desk.database.read(lambda c: site_by_key(c, key))


async def told(desk: Desk) -> list[tuple[str, str | None, str | None, str | None]]:
    entries = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=20))
    return [(one.action, one.subject, one.old, one.new) for one in reversed(entries)]


async def visit(desk: Desk, site: int) -> int:
    """Somebody writes on the site; the result is the chat."""
    bot = site_bot(site)
    words = replace(incoming(1), address=Address(WEB, bot, "v1"))
    (chat,) = (await desk.journal.do(replace(desk.accepting(words), bot_id=bot))).addresses
    desk.now += 3
    return chat


async def test_a_new_site_is_found_by_its_key_and_in_its_company(desk: Desk) -> None:
    site = await add(desk)

    its = Site(site, HOTEL, KEY, AURORA)
    assert await found(desk) == its
    assert await desk.database.read(sites_of, HOTEL) == (its,)
    assert await desk.database.read(sites_of, BANK) == ()
    assert await desk.database.read(sites_by_name, None) == ((TENANT, its),)
    assert await found(desk, "site_other") is None
    assert await told(desk) == [("site added", "www.aurora.example", None, None)]
    with pytest.raises(NoTenant):
        await desk.database.read(sites_by_name, "nobody")


async def test_who_writes_there_writes_to_its_company(desk: Desk) -> None:
    site = await add(desk, BANK)
    chat = await visit(desk, site)

    turn = await desk.claim(chat)

    assert isinstance(turn, Turn)
    assert turn.tenant == BANK
    here = await desk.database.read(tenant_here, Address(WEB, site_bot(site), "v1"))
    assert here is not None
    assert here.name == "bank"


async def test_it_is_no_bot_of_telegrams(desk: Desk) -> None:
    site = site_bot(await add(desk))

    assert site < 0
    assert [one.id for one in await desk.database.read(bots_of, HOTEL)] == [BOT]
    assert await desk.database.read(bots_by_tenant) == {HOTEL: (BOT,)}
    assert await desk.database.read(bots_to_run) == ()
    assert await desk.database.read(find_bot, site) is None
    assert await desk.database.read(bot_to_open, HOTEL) is None


async def test_nobody_takes_it_with_the_hosts_bots(desk: Desk) -> None:
    site = await add(desk)

    assert await desk.journal.do(TakeBots("bank", SOMEBODY, desk.now)) == (BOT,)
    assert (await desk.row(bots, id=site_bot(site))).tenant_id == HOTEL


async def test_no_two_of_ours_have_one_number(desk: Desk) -> None:
    rows = range(1, 100)
    numbers = {site_bot(row) for row in rows} | {programs_bot(row) for row in rows}

    assert len(numbers) == 2 * len(rows)
    assert max(numbers) < -1


async def test_what_is_changed_is_kept_and_noted(desk: Desk) -> None:
    site = await add(desk)
    other = ("https://*.aurora.example", "https://xn--80ajpngj0i.xn--p1ai:8443")

    assert await change(desk, site, origins=other, accent="#c62828", corner=Corner.LEFT)
    assert await change(desk, site, daily_tokens=5_000, messages_per_minute=3)
    assert await change(desk, site, daily_tokens=None)
    assert await change(desk, site, is_on=False)
    assert await change(desk, site, is_on=True)
    assert await change(desk, site, known_only=True)

    its = Site(site, HOTEL, KEY, other, accent="#c62828", corner=Corner.LEFT)
    assert await found(desk) == replace(its, messages_per_minute=3, known_only=True)
    name, again = "www.aurora.example", "*.aurora.example"
    assert await told(desk) == [
        ("site added", name, None, None),
        (
            "site addresses changed",
            name,
            "www.aurora.example, aurora.example",
            "*.aurora.example, пекарня.рф:8443",
        ),
        ("site look changed", name, None, None),
        ("site look changed", name, None, None),
        ("site limits changed", again, "–", "5000"),
        ("site limits changed", again, "–", "3"),
        ("site limits changed", again, "5000", "–"),
        ("site switched off", again, None, None),
        ("site switched on", again, None, None),
        ("site for known visitors", again, None, None),
    ]


async def test_what_is_as_it_was_is_no_deed(desk: Desk) -> None:
    site = await add(desk)

    assert await change(desk, site, origins=AURORA, is_on=True, daily_tokens=None)

    assert len(await told(desk)) == 1


async def test_only_its_company_changes_or_removes_it(desk: Desk) -> None:
    site = await add(desk)

    assert not await change(desk, site, BANK, is_on=False)
    assert not await remove(desk, site, BANK)
    assert not await change(desk, site + 1, is_on=False)
    assert (await desk.row(sites)).is_on


async def test_what_waits_at_a_removed_site_is_answered_no_more(desk: Desk) -> None:
    site = await add(desk)
    chat = await visit(desk, site)
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    await desk.post(turn, bubble("Salve."))

    assert [await remove(desk, site), await remove(desk, site)] == [True, False]

    assert await found(desk) is None
    assert (await desk.row(outbox)).state == "failed"
    assert (await desk.row(turns)).state == "unreachable"
    assert (await desk.row(chats)).due_at is None
    assert (await desk.row(bots, id=site_bot(site))).removed_at == desk.now
    assert (await told(desk))[-1] == ("site removed", "www.aurora.example", None, None)


async def test_a_number_is_not_given_twice(desk: Desk) -> None:
    first = await add(desk)
    await remove(desk, first)

    assert await add(desk) > first


async def test_a_company_has_so_many_and_no_more(desk: Desk) -> None:
    for number in range(MOST):
        await add(desk, key=f"site_{number}", origins=(f"https://a{number}.example",))

    assert await desk.journal.do(AddSite(HOTEL, "more", AURORA, MARCO, desk.now)) is None
    assert await add(desk, BANK, "other")


async def test_an_address_is_that_of_one_site(desk: Desk) -> None:
    """Of another company's it may be as well: each has its own line in the page."""
    await add(desk)
    other = await add(desk, key="site_shop", origins=("https://shop.example",))

    with pytest.raises(AddressTaken) as adding:
        await add(desk, key="site_more", origins=("https://more.example", AURORA[1]))
    with pytest.raises(AddressTaken):
        await change(desk, other, origins=("https://shop.example", *AURORA))

    assert (adding.value.origin, adding.value.site) == (AURORA[1], "www.aurora.example")
    assert await change(desk, other, origins=("https://shop.example", "https://more.example"))
    assert [one.id for one in await desk.database.read(sites_of, HOTEL)] == [1, other]
    await add(desk, BANK, "site_bank")


async def test_it_goes_with_its_company(desk: Desk) -> None:
    site = await add(desk, BANK)
    await visit(desk, site)

    await desk.journal.do(DeleteTenant(BANK, SOMEBODY, desk.now))

    assert await found(desk) is None
    with pytest.raises(Gone):
        await add(desk, BANK)
    while await desk.journal.do(EraseTenant(desk.now)):
        pass
    assert [row.id for row in await desk.stored(bots)] == [BOT]
    assert await desk.stored(chats) == []
