"""What a company's people see of its conversations."""

from collections.abc import Sequence

import pytest
from sqlalchemy import insert, update

from bot.telegram.ids import sequence_of
from db.audit import trail
from db.chats import ChatWork
from db.erasing import EraseTenant
from db.journal import apply
from db.models import talks, threads, turns
from db.operations import Post
from db.outdated import Rewritten, outdated
from db.quotes import COPY_SECONDS, KeepCopy, count_out_of_reach
from db.readings import NoteReading, NoteTranscript
from db.records import Actor, Draft, OutboxKind, Purpose
from db.retention import Retention
from db.sequence import known_ids
from db.talks import (
    Talk,
    list_talks,
    named_talks,
    read_talk,
    talk_by_row,
)
from db.tenants import SaveProfile
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.aging import Aging
from tests.db.desk import ANNA, BRUNO, Desk, bubble, doing, sent

HOTEL = 1
ADA = Actor(7, "Ada")


async def talked(desk: Desk, client: int = ANNA, name: str = "Anna", text: str = "Ciao") -> int:
    """A turn from the first word to its end; its number."""
    turn = await desk.open_turn(text, client=client)
    (row,) = (await desk.post(turn, bubble(f"{text}!"), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 5_000 + row.row),))
    await desk.complete(turn, client=name)
    desk.now += 60
    return turn.fence.turn


async def listed(
    desk: Desk, *, first: int = 0, limit: int = 10, private: bool = True
) -> list[Talk]:
    found = await desk.database.read(list_talks, HOTEL, private=private, first=first, limit=limit)
    return [*found]


async def names(desk: Desk, **which: int | bool) -> list[str | None]:
    return [talk.name for talk in await listed(desk, **which)]  # type: ignore[arg-type]  # as above


async def the_talk(desk: Desk) -> Talk:
    (talk,) = await listed(desk)
    return talk


async def test_whoever_spoke_last_goes_first(desk: Desk) -> None:
    await talked(desk, ANNA, "Anna")
    await talked(desk, BRUNO, "Bruno")
    assert await names(desk) == ["Bruno", "Anna"]
    await talked(desk, ANNA, "Anna Rossi")
    assert await names(desk) == ["Anna Rossi", "Bruno"]


async def test_who_waits_goes_before_all_others_and_the_longest_first(desk: Desk) -> None:
    for number in range(5):
        await talked(desk, 2000 + number, f"N{number}")
    for name, since in (("N3", 9.0), ("N0", 5.0)):
        waits = update(talks).where(talks.c.name == name).values(waiting_since=since)
        await desk.database.write(lambda c, waits=waits: c.execute(waits))  # type: ignore[misc]  # mypy infers no default of a lambda
    order = ["N0", "N3", "N4", "N2", "N1"]
    assert await names(desk) == order
    pages = [await names(desk, first=first, limit=2) for first in (0, 2, 4)]
    assert [one for page in pages for one in page] == order
    assert await names(desk, first=1, limit=3) == order[1:4]


async def test_a_name_that_is_not_known_leaves_the_one_before(desk: Desk) -> None:
    await talked(desk, ANNA, "Anna")
    await talked(desk, ANNA, "")
    assert await names(desk) == ["Anna"]
    await talked(desk, BRUNO, "")
    assert await names(desk) == [None, "Anna"]


async def test_a_preview_is_nobodys_to_read(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.database.write(lambda c: c.execute(update(threads).values(purpose=Purpose.PREVIEW)))
    await desk.complete(turn, client="Ada")
    assert await listed(desk) == []


async def test_private_assistants_have_conversations_of_their_own(desk: Desk) -> None:
    await talked(desk)

    def unlock(chat: ChatWork) -> Sequence[Draft]:
        chat.switch(HOTEL, assistant="vip")
        return ()

    await desk.handle(await desk.event(), unlock)
    await talked(desk, text="Suite")
    public, vip = sorted(await listed(desk), key=lambda talk: talk.is_private)
    assert (public.is_private, vip.assistant) == (False, "vip")
    assert [talk.row for talk in await listed(desk, private=False)] == [public.row]
    assert await desk.database.read(talk_by_row, HOTEL, vip.row, private=False) is None
    for talk, said in ((public, "Ciao!"), (vip, "Suite!")):
        page = await desk.database.read(read_talk, talk, limit=5)
        assert [one.text for turn in page.turns for one in turn.said] == [said]


async def test_another_companys_is_not_found(desk: Desk) -> None:
    await talked(desk)
    talk = await the_talk(desk)
    await desk.journal.do(SaveProfile("gino", "{}", "test", desk.now))
    assert await desk.database.read(talk_by_row, 2, talk.row, private=True) is None


async def test_a_client_is_found_by_a_part_of_the_name(desk: Desk) -> None:
    await talked(desk, ANNA, "Анна Каренина")
    await talked(desk, BRUNO, "Bruno")
    for words in ("анна", "КАРЕН"):
        found = await desk.database.read(named_talks, HOTEL, words, private=True, limit=8)
        assert [talk.name for talk in found] == ["Анна Каренина"]


async def test_a_conversation_is_read_page_by_page_from_its_end(desk: Desk) -> None:
    numbers = [await talked(desk, text=f"t{number}") for number in range(5)]
    talk, before = await the_talk(desk), None
    read: list[str] = []
    for _ in range(3):
        page = await desk.database.read(read_talk, talk, limit=2, before=before)
        said = [one.text for turn in page.turns for one in turn.said]
        assert said == [f"t{numbers.index(turn.row)}!" for turn in page.turns]
        assert [one.turn for one in page.heard] == [turn.row for turn in page.turns]
        read, before = [*said, *read], page.older
    assert (read, before) == ([f"t{number}!" for number in range(5)], None)


async def test_what_waits_for_an_answer_stands_on_the_last_page(desk: Desk) -> None:
    await talked(desk)
    await desk.hear("E la colazione?")
    page = await desk.database.read(read_talk, await the_talk(desk), limit=1)
    assert ["colazione" in one.message.payload for one in page.heard] == [False, True]


async def test_reading_is_in_the_trail_once_a_day_for_each_person(desk: Desk) -> None:
    await talked(desk)
    talk = await the_talk(desk)
    read = [("20", ADA), ("20", ADA), ("20", Actor(8, "Bea")), ("21", ADA), ("21", ADA)]
    work = [NoteReading(talk.row, HOTEL, who, day, desk.now) for day, who in read]
    await desk.database.write(lambda c: apply(c, work))
    entries = await desk.database.read(trail, tenant=HOTEL, limit=9)
    assert [(one.actor.name, one.action, one.subject) for one in entries] == [
        (name, "chat read", f"#{talk.row}") for name in ("Ada", "Bea", "Ada")
    ]


async def test_each_reading_at_the_command_line_is_in_the_trail(desk: Desk) -> None:
    await talked(desk)
    talk = await the_talk(desk)
    reading = NoteTranscript(talk.chat, Actor(None, "command line"), desk.now)
    await desk.database.write(lambda c: apply(c, [reading, reading]))
    assert len(await desk.database.read(trail, tenant=HOTEL, limit=9)) == 2


async def test_what_a_client_had_forgotten_is_read_by_nobody(desk: Desk) -> None:
    await talked(desk)
    about = update(turns).values(about="a room", sources='["rooms"]', told="{}", buttons="[]")
    await desk.database.write(lambda c: c.execute(about))
    talk = await the_talk(desk)
    await desk.handle(await desk.event(), doing("forget"))
    assert await listed(desk) == []
    page = await desk.database.read(read_talk, talk, limit=9)
    assert [(turn.said, turn.about, turn.sources) for turn in page.turns] == [((), None, None)]
    await talked(desk, text="Di nuovo")
    assert await names(desk) == ["Anna"]


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_was_read_before_it_was_forgotten_is_not_shown_for_long(
    desk: Desk, forgotten: bool
) -> None:
    await talked(desk)
    chat = (await the_talk(desk)).chat
    if forgotten:
        await desk.handle(await desk.event(), doing("forget"))

    def shows(work: ChatWork) -> Sequence[Draft]:
        work.quote([chat])
        return [bubble("Anna · 12:00", kind=OutboxKind.COMMAND)]

    (card,) = (await desk.handle(await desk.event(client=BRUNO), shows)).rows
    await desk.journal.do(Post(card.chat, desk.owner, desk.now, settled=(sent(card, 900),)))
    found = await desk.database.read(outdated, [BOT], now=desk.now)
    assert [one.message_id for one in found] == (["900"] if forgotten else [])


async def keep_copy(desk: Desk) -> KeepCopy:
    """Bruno is shown what Anna sent."""
    await desk.hear(client=BRUNO)
    return KeepCopy(chat_at(BOT, BRUNO), "900", await desk.hear(client=ANNA), desk.now)


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
    assert await desk.database.read(count_out_of_reach, copy.quoted) == (0 if is_gone else 1)


async def test_a_card_is_as_old_as_the_words_on_it(desk: Desk) -> None:
    aging = Aging(desk, Retention(words=10, records=20))
    await talked(desk)
    chat = (await the_talk(desk)).chat
    aging.days_later(8)

    def shows(work: ChatWork) -> Sequence[Draft]:
        work.quote([chat])
        return [bubble("👤 Ciao", kind=OutboxKind.COMMAND)]

    (card,) = (await desk.handle(await desk.event(client=BRUNO), shows)).rows
    await desk.journal.do(Post(card.chat, desk.owner, desk.now, settled=(sent(card, 900),)))
    assert await desk.database.read(outdated, [BOT], now=desk.now) == ()
    aging.days_later(3)
    await aging.prune()
    (shown,) = await desk.database.read(outdated, [BOT], now=desk.now)
    assert (shown.message_id, shown.case) == ("900", None)


async def test_of_a_company_that_is_deleted_none_are_left(desk: Desk) -> None:
    await talked(desk)
    row = insert(talks).values(tenant_id=1, chat_id=1, assistant="vip", name="A", last_at=1.0)
    await desk.database.write(lambda c: c.execute(row))
    await desk.database.write(lambda c: c.exec_driver_sql("UPDATE tenants SET state = 'deleted'"))
    while await desk.journal.do(EraseTenant(desk.now)):
        pass
    assert await desk.stored(talks) == []
