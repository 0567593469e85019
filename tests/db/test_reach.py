"""Telling others what somebody did: in their own chats, with the same commit."""

from collections.abc import Sequence

from sqlalchemy import insert, update

from db.chats import ChatWork
from db.models import bots, chats, outbox
from db.reach import reachable
from db.records import Draft, OutboxKind
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, Work, bubble, doing

OTHER = BOT + 1


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
