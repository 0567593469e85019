"""Whose a chat of a site is: it becomes somebody's once, and what others wrote stays theirs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from db.identify import Identify
from db.models import chats, identities, links, sessions, talks, threads, turns, updates
from db.onward import OfferLink
from db.records import Address, Turn, UpdateKind
from db.sessions import KeepSession, OpenSession, Session, session_by_token, session_of_chat
from db.sites import WEB, AddSite, site_bot
from db.transaction import Operation
from tests.databases import SOMEBODY
from tests.db.desk import Desk, bubble, doing, incoming, sent

HOTEL = 1
SITE = site_bot(1)
DAY = 86_400.0
ANNA, BRUNO = ("under the new key: anna", "under the old key: anna"), ("bruno",)


@pytest.fixture(autouse=True)
async def site(desk: Desk) -> None:
    await desk.journal.do(adding(desk))


def adding(desk: Desk) -> AddSite:
    return AddSite(HOTEL, "site_aurora", ("https://aurora.example",), SOMEBODY, desk.now)


def opening(desk: Desk, number: int) -> OpenSession:
    return OpenSession(SITE, f"c_{number}", f"d{number}", "it", desk.now + DAY, desk.now)


def identifying(desk: Desk, number: int, *, whom: Sequence[str] = ANNA, **more: Any) -> Identify:
    """`number`: of the new session, and of its chat where they have none."""
    more.setdefault("name", "Anna Neri")
    return Identify(subjects=tuple(whom), opening=opening(desk, number), **more)


async def identify(desk: Desk, number: int, **more: Any) -> str | None:
    return await desk.journal.do(identifying(desk, number, **more))


async def opens(desk: Desk, number: int) -> int:
    """An anonymous session, which writes and is answered; its row."""
    await desk.journal.do(opening(desk, number))
    turn = await writes(desk, f"c_{number}")
    (row,) = (await desk.post(turn, bubble("Buongiorno!"), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 5_000 + row.row),))
    await desk.complete(turn, client="Visitor")
    return (await session(desk, number)).row


async def writes(desk: Desk, chat: str) -> Turn:
    said = replace(incoming(next(desk.numbers)), address=Address(WEB, SITE, chat))
    (row,) = (await desk.journal.do(replace(desk.accepting(said), bot_id=SITE))).addresses
    desk.now += desk.window.cap
    turn = await desk.claim(row)
    assert isinstance(turn, Turn)
    return turn


async def session(desk: Desk, number: int) -> Session:
    found = await desk.database.read(session_by_token, [f"d{number}"], now=desk.now)
    assert found is not None
    return found


async def is_over(desk: Desk, number: int) -> bool:
    return await desk.database.read(session_by_token, [f"d{number}"], now=desk.now) is None


async def identify_once(desk: Desk) -> Operation[Any]:
    """For tests/db/repeated."""
    await desk.journal.do(adding(desk))
    await desk.journal.do(opening(desk, 1))
    return identifying(desk, 2, session=1)


async def test_a_chat_becomes_theirs_and_the_old_session_is_over(desk: Desk) -> None:
    """[32]"""
    before = await opens(desk, 1)

    assert await identify(desk, 2, session=before) == "c_1"

    assert await is_over(desk, 1)
    now = await session(desk, 2)
    assert (now.chat, now.known, now.name) == ("c_1", True, "Anna Neri")
    assert (await desk.row(talks)).name == "Anna Neri"
    assert (await desk.row(threads)).closed_at is None


async def test_a_link_from_before_leads_nowhere(desk: Desk) -> None:
    """[32]"""
    before = await opens(desk, 1)
    for chat in ("c_1", "c_other"):
        await writes(desk, chat)
        at = Address(WEB, SITE, chat)
        await desk.journal.do(OfferLink(at, f"link in {chat}", desk.now + 900, desk.now))

    await identify(desk, 2, session=before)

    assert [row.digest for row in await desk.stored(links)] == ["link in c_other"]


async def test_two_devices_share_the_chat_under_either_key(desk: Desk) -> None:
    assert await identify(desk, 1, whom=ANNA[1:]) == "c_1"
    assert await identify(desk, 2, name="") == "c_1"

    assert [(await session(desk, n)).chat for n in (1, 2)] == ["c_1", "c_1"]
    assert (await desk.row(identities)).subject == ANNA[0]
    found = await desk.database.read(session_of_chat, "c_1", now=desk.now)
    assert found is not None
    assert found.known


async def test_what_another_device_said_is_closed_and_theirs(desk: Desk) -> None:
    """[35]"""
    await identify(desk, 1, session=await opens(desk, 0))
    other = await opens(desk, 2)

    assert await identify(desk, 3, session=other) == "c_0"

    assert [row.name for row in await desk.stored(talks)] == ["Anna Neri"] * 2
    first, second, anew = await desk.stored(threads)
    assert (first.closed_at, second.closed_at, anew.closed_at) == (None, desk.now, None)
    assert anew.chat_id == second.chat_id
    assert {row.chat_id for row in await desk.stored(updates, thread_id=first.id)} == {1}


async def test_what_waits_there_is_answered_there(desk: Desk) -> None:
    await identify(desk, 1)
    await desk.journal.do(opening(desk, 2))
    turn = await writes(desk, "c_2")

    assert await identify(desk, 3, session=(await session(desk, 2)).row) == "c_1"

    await desk.post(turn, bubble("Certo."))
    await desk.complete(turn)
    assert (await desk.row(turns)).state == "done"


async def test_a_chat_is_never_anybody_elses(desk: Desk) -> None:
    """[33]"""
    await identify(desk, 1, session=await opens(desk, 0))
    hers = (await session(desk, 1)).row

    assert await identify(desk, 2, whom=BRUNO, name="Bruno", session=hers) == "c_2"

    assert await is_over(desk, 1)
    assert (await desk.row(talks)).name == "Anna Neri"
    assert [row.closed_at for row in await desk.stored(identities)] == [None, None]
    assert await identify(desk, 3) == "c_0"


async def test_a_session_that_is_over_proves_nothing(desk: Desk) -> None:
    assert await identify(desk, 1, session=99) is None
    assert await desk.stored(identities) == []


async def test_somebody_on_another_site_is_somebody_else(desk: Desk) -> None:
    await desk.journal.do(
        replace(adding(desk), public_key="site_other", origins=("https://other.example",))
    )
    other = replace(opening(desk, 2), bot_id=site_bot(2))
    await identify(desk, 1)

    there = Identify(subjects=ANNA, name="", opening=other)

    assert await desk.journal.do(there) == "c_2"


async def test_forgetting_takes_all_that_they_said_and_whose_it_was(desk: Desk) -> None:
    await identify(desk, 1, session=await opens(desk, 0))
    await identify(desk, 3, session=await opens(desk, 2))
    (hers,) = await desk.stored(chats, chat_text="c_0")

    await forget(desk, "c_0")

    assert {(row.subject, row.name) for row in await desk.stored(identities)} == {(None, "")}
    assert {row.name for row in await desk.stored(talks)} == {""}
    words = [row.payload for row in await desk.stored(updates) if row.chat_id != hers.id]
    assert words == ["{}"]
    assert (await session(desk, 3)).known, "nobody else's, all the same"
    assert await identify(desk, 4, session=(await session(desk, 3)).row) == "c_4"


async def test_forgetting_takes_who_it_was_where_nothing_was_written_as_well(desk: Desk) -> None:
    await identify(desk, 1, session=await opens(desk, 0))
    await desk.journal.do(opening(desk, 2))
    await identify(desk, 3, session=(await session(desk, 2)).row)

    await forget(desk, "c_0")

    found = await desk.stored(identities)
    assert [(row.chat, row.subject, row.name) for row in found] == [
        ("c_0", None, ""),
        ("c_2", None, ""),
    ]


async def forget(desk: Desk, chat: str) -> None:
    said = incoming(next(desk.numbers), "/forget", kind=UpdateKind.EVENT)
    said = replace(said, address=Address(WEB, SITE, chat))
    heard = await desk.journal.do(replace(desk.accepting(said), bot_id=SITE))
    await desk.handle(heard.events[0], doing("forget"))


async def test_in_use_is_proven_anew(desk: Desk) -> None:
    await identify(desk, 1)
    row = (await session(desk, 1)).row
    desk.now += 60

    await desk.journal.do(KeepSession(row, desk.now + 2 * DAY, desk.now))

    assert (await desk.row(identities)).proven_at == desk.now
    assert (await desk.row(sessions)).expires_at == desk.now + 2 * DAY
