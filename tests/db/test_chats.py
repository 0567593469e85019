"""What a command may do to its chat."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, Text, select

from db.chats import ChatWork
from db.errors import Stale
from db.models import chats, erasures, metadata, outbox, threads, turns, updates
from db.operations import CloseChat, MoveChat, NoteResponse, SetConversation
from db.records import (
    Draft,
    Incoming,
    OutboxKind,
    OutboxState,
    Settled,
    Turn,
    TurnState,
    UpdateKind,
    UpdateState,
)
from tests.db.desk import BRUNO, Desk, Work, bubble, doing, incoming, sent

GROUP, SUPERGROUP = -500, -1_000_000_000_500


async def remember(desk: Desk, turn: Turn, conversation: str = "conv_1") -> None:
    """The model has a conversation for the turn's thread."""
    await desk.journal.do(SetConversation(turn.fence, turn.thread, conversation))


# ------------------------------------------------------------------------- /new


async def test_to_start_over_is_to_have_another_thread(desk: Desk) -> None:
    first = await desk.open_turn()
    await remember(desk, first)
    await desk.complete(first)
    await desk.do_to_chat("start_over")
    second = await desk.open_turn()
    assert second.thread != first.thread
    assert second.conversation_id is None


async def test_what_waits_is_answered_on_the_old_thread_at_once(desk: Desk) -> None:
    chat = await desk.hear("prima")
    handled = await desk.do_to_chat("start_over")
    assert handled.due == desk.now
    await desk.hear("dopo")
    desk.now += 3
    before = await desk.claim(chat)
    assert isinstance(before, Turn)
    assert [one.payload for one in before.messages] == ['{"text": "prima"}']
    assert await desk.complete(before) == desk.now
    after = await desk.claim(chat)
    assert isinstance(after, Turn)
    assert [one.payload for one in after.messages] == ['{"text": "dopo"}']
    assert before.thread < after.thread
    assert await desk.complete(after) is None


async def test_to_start_over_with_nothing_waiting_is_not_due(desk: Desk) -> None:
    await desk.complete(await desk.open_turn())
    handled = await desk.do_to_chat("start_over")
    assert handled.due is None


async def test_of_the_threads_of_a_chat_one_is_open(desk: Desk) -> None:
    for _ in range(3):
        await desk.do_to_chat("start_over")
    assert [row.closed_at is None for row in await desk.stored(threads)] == [
        False,
        False,
        False,
        True,
    ]


# ------------------------------------------------------------- the notice, albums


async def test_to_introduce_is_remembered(desk: Desk) -> None:
    await desk.do_to_chat("introduce")
    assert (await desk.open_turn()).introduced


def photo(number: int, album: str) -> Incoming:
    return incoming(number, kind=UpdateKind.EVENT, album=album)


def answering_first_of(album: str) -> Work:
    def work(chat: ChatWork) -> Sequence[Draft]:
        first = chat.is_first_of_album(album)
        return [bubble("Solo testo", kind=OutboxKind.COMMAND)] if first else []

    return work


async def test_an_album_is_answered_once(desk: Desk) -> None:
    accepted = await desk.accept(photo(1, "a"), photo(2, "a"), photo(3, "b"))

    handled = [
        await desk.handle(event, answering_first_of(album))
        for event, album in zip(accepted.events, "aab", strict=True)
    ]
    assert [len(one.rows) for one in handled] == [1, 0, 1]


async def test_another_chat_may_have_an_album_of_the_same_name(desk: Desk) -> None:
    mine, its = await desk.accept(photo(1, "a")), await desk.event(client=BRUNO)
    await desk.handle(mine.events[0])
    assert len((await desk.handle(its, answering_first_of("a"))).rows) == 1


# ---------------------------------------------------------------------- closing


async def test_a_chat_that_is_closed_is_not_due(desk: Desk) -> None:
    chat = await desk.hear()
    await desk.do_to_chat("close")
    assert (await desk.row(chats, id=chat)).due_at is None
    desk.now += 3
    assert await desk.claim(chat) is None


async def test_a_new_message_reopens_a_chat_and_nothing_is_lost(desk: Desk) -> None:
    await desk.hear("prima")
    await desk.do_to_chat("close")
    turn = await desk.open_turn("dopo")
    assert [one.payload for one in turn.messages] == ['{"text": "prima"}', '{"text": "dopo"}']
    assert (await desk.row(chats)).closed_at is None


async def test_where_nothing_arrives_the_outbox_fails(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, bubble("Uno."), bubble("Due.", 1), intend_first=True)
    await desk.journal.do(CloseChat(turn.chat, desk.now))
    stored = await desk.stored(outbox)
    assert [(row.state, row.cause) for row in stored] == [
        (OutboxState.FAILED, "unreachable"),
        (OutboxState.FAILED, "unreachable"),
    ]
    assert len(posted.rows) == 2
    assert (await desk.row(chats)).closed_at == desk.now


async def test_what_was_sent_stays_sent_when_a_chat_is_closed(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, bubble("Uno."), intend_first=True)
    await desk.post(turn, settled=(sent(posted.rows[0], 7),))
    await desk.journal.do(CloseChat(turn.chat, desk.now))
    assert (await desk.row(outbox)).state == OutboxState.SENT


# ----------------------------------------------------------------- a new address


async def test_a_group_that_moves_keeps_its_thread(desk: Desk) -> None:
    before = await desk.open_turn(client=GROUP)
    await desk.complete(before)
    await desk.journal.do(MoveChat(before.chat, str(SUPERGROUP), desk.now))
    after = await desk.open_turn(client=SUPERGROUP)
    assert (after.chat, after.thread) == (before.chat, before.thread)


async def test_the_news_may_come_with_the_supergroups_first_messages(desk: Desk) -> None:
    before = await desk.open_turn(client=GROUP)
    await desk.complete(before)
    accepted = await desk.accept(
        incoming(1, kind=UpdateKind.EVENT, client=GROUP),
        incoming(2, kind=UpdateKind.IGNORED, client=SUPERGROUP),
        incoming(3, "Ci siete?", client=SUPERGROUP),
    )
    handled = await desk.handle(accepted.events[0], doing("move", str(SUPERGROUP)))
    assert handled.due is not None
    desk.now = handled.due
    after = await desk.claim(before.chat)
    assert isinstance(after, Turn)
    assert after.thread == before.thread
    assert after.address.chat_id == str(SUPERGROUP)
    assert [one.payload for one in after.messages] == ['{"text": "Ci siete?"}']


async def test_the_row_that_gives_way_is_due_no_more(desk: Desk) -> None:
    group = await desk.hear(client=GROUP)
    supergroup = await desk.hear(client=SUPERGROUP)
    await desk.journal.do(MoveChat(group, str(SUPERGROUP), desk.now))
    desk.now += 3
    assert await desk.claim(supergroup) is None
    turn = await desk.claim(group)
    assert isinstance(turn, Turn)
    assert len(turn.messages) == 2


async def test_a_supergroup_that_was_answered_keeps_its_own_row(desk: Desk) -> None:
    group = await desk.hear(client=GROUP)
    turn = await desk.open_turn(client=SUPERGROUP)
    await desk.journal.do(MoveChat(group, str(SUPERGROUP), desk.now))
    assert (await desk.row(chats, chat_id=SUPERGROUP)).id == turn.chat
    assert (await desk.row(chats, chat_id=GROUP)).id == group


async def test_to_move_twice_is_to_move(desk: Desk) -> None:
    group = await desk.hear(client=GROUP)
    for _ in range(2):
        await desk.journal.do(MoveChat(group, str(SUPERGROUP), desk.now))
    assert (await desk.row(chats)).chat_id == SUPERGROUP


# ---------------------------------------------------------------------- /forget

SECRET = "segreto"


async def say_everything(desk: Desk) -> Turn:
    """A chat with text in every table that may hold any."""
    first = await desk.open_turn(f"{SECRET} uno")
    await remember(desk, first)
    posted = await desk.post(
        first,
        Draft(OutboxKind.REPLY, 0, SECRET, entities=SECRET, markup=SECRET),
        bubble(SECRET, 1),
        bubble(SECRET, 2),
        intend_first=True,
    )
    await desk.post(first, settled=(sent(posted.rows[0], 7),), intend=posted.rows[1].row)
    await desk.handle(await desk.event(SECRET), lambda _: [bubble(SECRET)])
    await desk.handle(await desk.event(SECRET), cause="unreadable")
    await desk.accept(incoming(9, SECRET, kind=UpdateKind.IGNORED))
    await desk.hear(f"{SECRET} che aspetta")
    return first


async def forget(desk: Desk) -> None:
    """The client asks for it in words that are to be forgotten too."""
    await desk.handle(await desk.event(f"/forget {SECRET}"), doing("forget"))


async def everything_written(desk: Desk) -> list[str]:
    """Each text of the database."""
    columns = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text)
    ]

    def read(connection: Connection) -> list[str]:
        found = [(column, connection.execute(select(column)).scalars()) for column in columns]
        return [f"{column}: {text}" for column, texts in found for text in texts if text]

    return await desk.database.read(read)


async def test_forget_leaves_no_word_anywhere(desk: Desk) -> None:
    await say_everything(desk)
    assert any(SECRET in text for text in await everything_written(desk))
    await forget(desk)
    assert [text for text in await everything_written(desk) if SECRET in text] == []


async def test_forget_leaves_other_chats_alone(desk: Desk) -> None:
    chat = await desk.hear("resta", client=BRUNO)
    await say_everything(desk)
    await forget(desk)
    assert (await desk.row(updates, chat_id=chat)).payload == '{"text": "resta"}'
    assert (await desk.row(chats, id=chat)).due_at is not None


async def test_forget_has_the_conversation_and_the_answers_erased(desk: Desk) -> None:
    turn = await say_everything(desk)
    await desk.journal.do(NoteResponse(turn.fence, "resp_1", told="[]"))
    await forget(desk)
    queued = {row.conversation_id: row.of_response for row in await desk.stored(erasures)}
    assert queued == {"conv_1": False, "resp_1": True}
    assert {row.conversation_id for row in await desk.stored(threads)} == {None}


async def test_an_answer_that_begins_while_it_is_forgotten_is_erased_too(desk: Desk) -> None:
    turn = await say_everything(desk)
    await forget(desk)
    with pytest.raises(Stale):
        await desk.journal.do(NoteResponse(turn.fence, "resp_1", told="[]"))
    queued = {row.conversation_id: row.of_response for row in await desk.stored(erasures)}
    assert queued == {"conv_1": False, "resp_1": True}


async def test_forget_ends_the_turn_that_is_open(desk: Desk) -> None:
    turn = await say_everything(desk)
    await forget(desk)
    stored = await desk.row(turns, id=turn.fence.turn)
    assert (stored.state, stored.cause) == (TurnState.FAILED, "forgotten")


async def test_what_is_to_be_forgotten_is_neither_answered_nor_sent(desk: Desk) -> None:
    turn = await say_everything(desk)
    await forget(desk)
    desk.now += 3
    assert await desk.claim(turn.chat) is None
    unsettled = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DOUBT)
    assert [row for row in await desk.stored(outbox) if row.state in unsettled] == []


async def test_after_forget_one_is_told_again_that_an_ai_answers(desk: Desk) -> None:
    await desk.do_to_chat("introduce")
    await forget(desk)
    assert not (await desk.open_turn()).introduced


async def test_an_event_that_waits_outlives_forget(desk: Desk) -> None:
    asked = await desk.event(f"/forget {SECRET}")
    later = await desk.event("/help")
    await desk.handle(asked, doing("forget"))
    stored = await desk.row(updates, id=later.row)
    assert (stored.state, stored.payload) == (UpdateState.ACCEPTED, '{"text": "/help"}')


async def test_forget_may_be_asked_for_twice(desk: Desk) -> None:
    await say_everything(desk)
    await forget(desk)
    await forget(desk)
    assert len(await desk.stored(erasures)) == 1


async def test_the_bubble_on_its_way_is_recorded_when_it_arrives(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, bubble(SECRET), intend_first=True)
    await forget(desk)
    await desk.post(turn, settled=(sent(posted.rows[0], 7),), fence=None)
    stored = await desk.row(outbox)
    assert (stored.state, stored.message_id, stored.text) == (OutboxState.SENT, 7, "")


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.DOUBT])
async def test_the_bubble_on_its_way_never_comes_back(desk: Desk, state: OutboxState) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, bubble(SECRET), intend_first=True)
    await forget(desk)
    await desk.post(turn, settled=(Settled(posted.rows[0].row, state),), fence=None)
    assert (await desk.row(outbox)).state == OutboxState.FAILED
