"""Messages to a company's people that show what clients said: what becomes of them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.telegram.ids import sequence_of
from db.chats import ChatWork
from db.models import chats
from db.operations import Post
from db.outdated import Rewritten, outdated
from db.quotes import COPY_SECONDS, DELETABLE_SECONDS, KeepCopy, count_out_of_reach
from db.records import Actor, Draft, OutboxKind, OutboxRow
from db.retention import Retention
from db.sequence import known_ids
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.aging import Aging
from tests.db.desk import ANNA, BRUNO, Desk, Work, bubble, doing, sent
from tests.db.test_talks import talked, the_talk

HOTEL = 1
ADA = Actor(7, "Ada")


async def card_of(desk: Desk, chat: int, *, read_at: float) -> OutboxRow:
    """Bruno is shown words of a chat, as they were read at that time."""

    def shows(work: ChatWork) -> Sequence[Draft]:
        work.quote([chat], read_at=read_at)
        return [bubble("Anna · 12:00", kind=OutboxKind.COMMAND)]

    (card,) = (await desk.handle(await desk.event(client=BRUNO), shows)).rows
    await desk.journal.do(Post(card.chat, desk.owner, desk.now, settled=(sent(card, 900),)))
    return card


def showing(chat: int, read_at: float) -> Work:
    """The card's message shows a chat once more."""

    def shows(work: ChatWork) -> Sequence[Draft]:
        work.quote([chat], read_at=read_at, on="900")
        return ()

    return shows


async def to_rewrite(desk: Desk) -> list[str | None]:
    return [one.message_id for one in await desk.database.read(outdated, [BOT], now=desk.now)]


@pytest.mark.parametrize("wrote_again", [False, True])
@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_was_read_before_it_was_forgotten_is_not_shown_for_long(
    desk: Desk, forgotten: bool, wrote_again: bool
) -> None:
    await talked(desk)
    chat, read_at = (await the_talk(desk)).chat, desk.now
    desk.now += 1
    if forgotten:
        await desk.handle(await desk.event(), doing("forget"))
    if wrote_again:
        await talked(desk, text="Di nuovo")
    await card_of(desk, chat, read_at=read_at)
    assert await to_rewrite(desk) == (["900"] if forgotten else [])


async def test_what_was_said_since_all_was_forgotten_is_shown(desk: Desk) -> None:
    await talked(desk)
    chat = (await the_talk(desk)).chat
    await desk.handle(await desk.event(), doing("forget"))
    desk.now += 1
    await card_of(desk, chat, read_at=desk.now)  # before the first answer ends there is no name
    assert await to_rewrite(desk) == []


async def test_a_card_that_was_emptied_and_shows_words_again_is_emptied_again(desk: Desk) -> None:
    await talked(desk)
    chat = (await the_talk(desk)).chat
    await card_of(desk, chat, read_at=desk.now)
    for message in ("Di nuovo", "E ancora"):
        await desk.handle(await desk.event(), doing("forget"))
        (shown,) = await desk.database.read(outdated, [BOT], now=desk.now)
        await desk.journal.do(Rewritten(shown.quote, shown.asked_at))
        desk.now += 1
        await talked(desk, text=message)
        await desk.handle(await desk.event(client=BRUNO), showing(chat, desk.now))
        assert await to_rewrite(desk) == []
    await desk.handle(await desk.event(client=BRUNO), doing("close"))
    assert await out_of_reach(desk) == 1


async def keep_copy(desk: Desk) -> KeepCopy:
    """Bruno is shown what Anna sent."""
    return KeepCopy(await intended_copy(desk), "900")


async def intended_copy(desk: Desk) -> int:
    """The row of a copy that is about to be made."""
    anna, rows = await desk.hear(client=ANNA), list[int]()

    def shows(work: ChatWork) -> Sequence[Draft]:
        rows.append(work.copy_from(anna))
        return ()

    await desk.handle(await desk.event(client=BRUNO), shows)
    return rows[-1]


async def out_of_reach(desk: Desk) -> int:
    """How many messages cannot be changed that show what Anna said, as /forget counts them."""
    (anna,) = await desk.database.read(
        lambda c: c.execute(select(chats.c.id).where(chats.c.chat_id == ANNA)).scalars().all()
    )
    return await desk.database.read(count_out_of_reach, anna, now=desk.now)


@pytest.mark.parametrize("refused", [False, True])
async def test_a_copy_of_which_nothing_was_heard_is_told_as_out_of_reach(
    desk: Desk, refused: bool
) -> None:
    row = await intended_copy(desk)
    assert await out_of_reach(desk) == 1
    await desk.journal.do(KeepCopy(row, None if refused else "900"))
    assert await out_of_reach(desk) == 0


async def test_a_copy_that_arrives_after_all_was_forgotten_is_taken_away(desk: Desk) -> None:
    row = await intended_copy(desk)
    await desk.handle(await desk.event(), doing("forget"))
    (due,) = await desk.database.read(outdated, [BOT], now=desk.now)
    await desk.journal.do(Rewritten(due.quote, due.asked_at))  # it has no id yet
    await desk.journal.do(KeepCopy(row, "900"))
    assert await to_rewrite(desk) == ["900"]


async def test_a_copy_that_is_too_old_to_be_taken_away_is_out_of_reach(desk: Desk) -> None:
    await desk.journal.do(await keep_copy(desk))
    assert await out_of_reach(desk) == 0
    desk.now += DELETABLE_SECONDS + 1
    assert await out_of_reach(desk) == 1


async def test_what_telegram_refused_to_change_is_out_of_reach(desk: Desk) -> None:
    await desk.journal.do(await keep_copy(desk))
    await desk.handle(await desk.event(), doing("forget"))
    (due,) = await desk.database.read(outdated, [BOT], now=desk.now)
    await desk.journal.do(Rewritten(due.quote, due.asked_at, refused=True))
    assert await out_of_reach(desk) == 1


@pytest.mark.parametrize(("forgotten", "after"), [(False, COPY_SECONDS), (True, 0.0)])
async def test_a_copy_goes_in_time_and_at_once_with_what_it_shows(
    desk: Desk, forgotten: bool, after: float
) -> None:
    await desk.journal.do(await keep_copy(desk))
    if forgotten:
        await desk.handle(await desk.event(), doing("forget"))
    (early, due) = [
        await desk.database.read(outdated, [BOT], now=desk.now + moment)
        for moment in (after - 1, after + 1)
    ]
    assert early == ()
    assert [(one.message_id, one.is_copy, one.case) for one in due] == [("900", True, None)]
    sequence = sequence_of(chat_at(BOT, BRUNO))
    assert 900 in await desk.database.read(lambda c: known_ids(c, sequence, above=1))


@pytest.mark.parametrize("is_gone", [True, False])
async def test_a_copy_that_was_taken_away_keeps_no_words(desk: Desk, *, is_gone: bool) -> None:
    copy = await keep_copy(desk)
    await desk.journal.do(copy)
    (due,) = await desk.database.read(outdated, [BOT], now=desk.now + COPY_SECONDS)
    await desk.journal.do(Rewritten(due.quote, due.asked_at, is_gone=is_gone))
    await desk.handle(await desk.event(client=BRUNO), doing("close"))
    assert await out_of_reach(desk) == (0 if is_gone else 1)


async def test_a_card_is_as_old_as_the_words_on_it(desk: Desk) -> None:
    aging = Aging(desk, Retention(words=10, records=20))
    await talked(desk)
    chat = (await the_talk(desk)).chat
    aging.days_later(8)

    await card_of(desk, chat, read_at=desk.now)
    assert await desk.database.read(outdated, [BOT], now=desk.now) == ()
    aging.days_later(3)
    await aging.prune()
    (shown,) = await desk.database.read(outdated, [BOT], now=desk.now)
    assert (shown.message_id, shown.case) == ("900", None)
