"""Telling others what somebody did: in their own chats, with the same commit."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Executable, insert, update

from db.chats import ChatWork
from db.duty import NEVER, roles_reached, whom_to_tell
from db.models import admins, bots, chats, duties, outbox
from db.people import OWNER
from db.reach import reachable
from db.records import Draft, OutboxKind
from db.tenants import SaveProfile
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, Work, bubble, doing
from tests.fakes.clock import NOON

OTHER = BOT + 1
DAY = 86_400


def telling(*users: int) -> Work:
    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.tell(users, lambda language: (bubble(f"{language}", 0, OutboxKind.NOTICE),))
        return (bubble("Fatto.", 0, OutboxKind.COMMAND),)

    return work


async def meets_another_bot(desk: Desk, client: int, language: str) -> None:
    def write(connection: object) -> None:
        connection.execute(insert(bots).values(id=OTHER, tenant_id=1))  # type: ignore[attr-defined]  # a test's shorthand
        row = insert(chats).values(bot_id=OTHER, chat_id=client, topic_id=0, language=language)
        connection.execute(row)  # type: ignore[attr-defined]  # a test's shorthand

    await desk.database.write(write)


async def test_another_person_is_told_in_their_own_chat_and_language(desk: Desk) -> None:
    brunos = await desk.hear(client=BRUNO, language="en")
    handled = await desk.handle(await desk.event(client=ANNA), telling(BRUNO))
    assert [(row.text, row.chat == brunos) for row in handled.rows] == [
        ("Fatto.", False),
        ("en", True),
    ]
    assert handled.rows[1].address is not None
    assert handled.rows[1].address.chat_id == str(BRUNO)


async def test_the_language_that_somebody_chose_counts(desk: Desk) -> None:
    await desk.hear(client=BRUNO, language="en")
    await desk.database.write(lambda c: c.execute(update(chats).values(chosen_language="ru")))
    handled = await desk.handle(await desk.event(client=ANNA), telling(BRUNO))
    assert handled.rows[1].text == "ru"


async def test_who_never_wrote_or_blocked_the_bot_cannot_be_told(desk: Desk) -> None:
    brunos = await desk.hear(client=BRUNO)
    await desk.handle(await desk.event(client=BRUNO), doing("close"))
    handled = await desk.handle(await desk.event(client=ANNA), telling(BRUNO, 777))
    assert [row.text for row in handled.rows] == ["Fatto."]
    assert await desk.stored(outbox, chat_id=brunos) == []


async def test_through_another_bot_a_message_waits_for_the_process_that_serves_it(
    desk: Desk,
) -> None:
    await meets_another_bot(desk, BRUNO, "it")
    handled = await desk.handle(await desk.event(client=ANNA), telling(BRUNO))
    assert [row.text for row in handled.rows] == ["Fatto."]
    (waiting,) = await desk.stored(outbox, text="it")
    assert (waiting.owner, waiting.state) == ("", "queued")


async def test_the_same_bot_is_preferred(desk: Desk) -> None:
    await desk.hear(client=BRUNO, language="en")
    await meets_another_bot(desk, BRUNO, "it")
    handled = await desk.handle(await desk.event(client=ANNA), telling(BRUNO))
    assert [row.text for row in handled.rows] == ["Fatto.", "en"]


async def test_what_was_handled_before_tells_nobody_again(desk: Desk) -> None:
    await desk.hear(client=BRUNO)
    event = await desk.event(client=ANNA)
    await desk.handle(event, telling(BRUNO))
    assert (await desk.handle(event, telling(BRUNO))).rows == ()
    assert len(await desk.stored(outbox)) == 2


async def test_what_is_a_companys_own_goes_through_its_bots_and_the_hosts_alone(
    desk: Desk,
) -> None:
    await meets_another_bot(desk, BRUNO, "it")
    found = await desk.database.read(lambda c: reachable(c, [BRUNO], bot_id=BOT, tenant=2))
    assert [one.address.bot_id for one in found] == [OTHER]  # the host's: it has no token
    given = update(bots).where(bots.c.id == OTHER).values(token="encrypted")
    await desk.database.write(lambda c: c.execute(given))
    assert await desk.database.read(lambda c: reachable(c, [BRUNO], bot_id=BOT, tenant=2)) == ()


BRUNOS = chats.c.chat_id == BRUNO


@pytest.mark.parametrize(
    ("change", "there"),
    [
        (None, True),
        (update(admins).values(role="editor"), False),
        (update(admins).values(tenant_id=None), False),
        (update(admins).values(expires_at=NOON - 1), False),
        (update(admins).values(expires_at=NOON + DAY), True),
        (insert(duties).values(tenant_id=1, user_id=BRUNO, hours="Mon-Fri 9-18"), True),
        (insert(duties).values(tenant_id=1, user_id=BRUNO, hours=NEVER), False),
        (insert(duties).values(tenant_id=1, user_id=ANNA, hours=NEVER), True),
        (update(chats).where(BRUNOS).values(closed_at=NOON), False),
        (update(chats).where(BRUNOS).values(topic_id=7), False),
        (update(chats).where(BRUNOS).values(channel="other"), False),
        (update(chats).where(BRUNOS).values(chat_id=7), False),
        (update(bots).values(removed_at=NOON), False),
        (update(bots).values(refused_at=NOON), False),
        (update(bots).values(tenant_id=2), True),  # the host's
        (update(bots).values(tenant_id=2, token="encrypted"), False),
        (update(bots).values(token="encrypted"), True),
    ],
)
async def test_somebody_is_reached_where_there_is_one_whom_to_tell(
    desk: Desk, change: Executable | None, *, there: bool
) -> None:
    await desk.hear(client=BRUNO)
    await desk.journal.do(SaveProfile(name="other", body="{}", author="test", now=NOON))
    row = {"tenant_id": 1, "user_id": BRUNO, "role": OWNER, "name": "Bruno", "added_at": 0}
    await desk.database.write(lambda c: c.execute(insert(admins).values(row)))
    if change is not None:
        await desk.database.write(lambda c: c.execute(change))
    whom = await desk.database.read(whom_to_tell, 1, {OWNER, "x"}, bot_id=BOT, now=desk.now)
    reached = await desk.database.read(roles_reached, {1, 2}, now=desk.now)
    assert (bool(whom), OWNER in reached[1]) == (there, there)
    assert OWNER not in reached[2]
