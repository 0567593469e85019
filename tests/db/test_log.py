"""A chat's log: numbers in the order of becoming visible, and nothing in it that was forgotten."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from db.entries import (
    TokensUsed,
    answers_of,
    entries_after,
    glance,
    heard_as,
    is_known_seq,
    log_at,
    messages_before,
    newest_seqs,
    rows_at,
    said_so_far,
    tokens_for,
)
from db.errors import Stale
from db.log import EntryKind, LogEntry, MarkRead
from db.models import chats, log, outbox
from db.operations import Post
from db.records import Address, Incoming, OutboxKind, OutboxState, Settled, Turn, keys_under
from db.transcript import ERASED
from db.words import EraseWords
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, bubble, incoming, sent

HERE = chat_at(BOT, ANNA)


def logged(number: int, text: str = "Buongiorno", **fields: Any) -> Incoming:
    return incoming(number, text, logged=True, message_id=f"m{number}", **fields)


async def entries(desk: Desk, chat: int = 1, after: int = 0) -> Sequence[LogEntry]:
    return await desk.database.read(entries_after, chat, after, limit=200)


async def told(desk: Desk, chat: int = 1) -> list[tuple[int, str, str]]:
    """The number, the kind and the words of each entry."""
    return [
        (one.seq, one.kind, json.loads(one.payload)["text"] if one.payload else one.text)
        for one in await entries(desk, chat)
    ]


async def say(desk: Desk, turn: Turn, *texts: str, first: int = 0) -> None:
    """Bubbles, each sent before the next."""
    drafts = [bubble(text, first + place) for place, text in enumerate(texts)]
    rows = (await desk.post(turn, *drafts)).rows
    for row in rows:
        await desk.post(turn, intend=row.row, logged=True)


async def opened(desk: Desk, *messages: Incoming) -> Turn:
    await desk.accept(*messages)
    desk.now += desk.window.cap
    turn = await desk.claim(1)
    assert isinstance(turn, Turn)
    return turn


async def mark_read(desk: Desk) -> MarkRead:
    await say(desk, await opened(desk, logged(1)), "Uno.")
    return MarkRead(HERE, 2, desk.now)


async def test_what_came_in_and_what_was_said_stand_in_one_order(desk: Desk) -> None:
    turn = await opened(desk, logged(1), logged(2, "Avete posto?"))
    await say(desk, turn, "Salve!", "Sì.")
    assert await told(desk) == [
        (1, "heard", "Buongiorno"),
        (2, "heard", "Avete posto?"),
        (3, "said", "Salve!"),
        (4, "said", "Sì."),
    ]
    assert await desk.database.read(newest_seqs, [1]) == {1: 4}
    state = await desk.database.read(log_at, HERE)
    assert state
    assert (state.chat, state.seq, state.read_to) == (1, 4, 0)


async def test_what_is_written_down_is_sent_and_handed_over_by_the_same_commit(desk: Desk) -> None:
    heard = await desk.accept(logged(1))
    assert heard.logged == tuple((HERE, one) for one in await entries(desk))
    desk.now += desk.window.cap
    turn = await desk.claim(1)
    assert isinstance(turn, Turn)
    first = await desk.post(
        turn, bubble("Salve!"), bubble("Sì.", 1), intend_first=True, logged=True
    )
    assert (first.sending, first.logged) == (True, tuple(await entries(desk, after=1)))
    row, rest = await desk.stored(outbox)
    assert (row.state, row.message_id, row.sent_at) == ("sent", row.id, desk.now)
    assert rest.state == "queued"
    second = await desk.post(turn, intend=rest.id, keys="[keys]", logged=True)
    assert second.logged == tuple(await entries(desk, after=2))
    assert [one.markup for one in second.logged] == ["[keys]"]


async def test_of_a_turn_that_is_another_s_nothing_is_sent(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    await desk.complete(turn)
    with pytest.raises(Stale):
        await desk.post(turn, bubble("Salve!"), intend_first=True, logged=True)
    assert [seq for seq, *_ in await told(desk)] == [1]


async def test_who_died_while_it_sent_here_keeps_nobody_from_speaking(desk: Desk) -> None:
    """An older program version, which marked a message first: one such mark stands in a chat."""
    turn = await opened(desk, logged(1))
    (left, _) = (await desk.post(turn, bubble("Uno."), bubble("Due.", 1), intend_first=True)).rows
    later = replace(desk, owner="second")
    event = await later.event(logged=True, message_id="m2")
    answers = [bubble(text, n, OutboxKind.COMMAND) for n, text in enumerate(("Tre.", "Quattro."))]
    (row, _) = (await later.handle(event, lambda _: answers)).rows
    stored = await later.post(turn, intend=row.row, logged=True)
    fresh = await later.post(turn, bubble("Cinque.", 2), intend_first=True, logged=True)
    assert [[one.text for one in posted.logged] for posted in (stored, fresh)] == [
        ["Tre."],
        ["Cinque."],
    ]
    assert [one.state for one in await desk.stored(outbox)] == [
        *("sending", "queued", "sent", "queued", "sent")
    ]
    await desk.post(turn, settled=(sent(left, left.row),), logged=True)
    assert [text for _, kind, text in await told(desk) if kind == "said"] == [
        *("Tre.", "Cinque.", "Uno.")
    ]


async def test_a_secret_is_sent_and_stands_in_no_log(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    secret = bubble("sealed", kind=OutboxKind.SECRET)
    posted = await desk.post(turn, secret, intend_first=True, logged=True)
    assert (posted.sending, posted.logged) == (True, ())
    assert [(row.state, row.text) for row in await desk.stored(outbox)] == [("sent", "")]
    assert [seq for seq, *_ in await told(desk)] == [1]


async def test_one_number_for_one_message_however_often_it_comes(desk: Desk) -> None:
    """The client repeats it, and so does a process that lost the answer to its commit."""
    turn = await opened(desk, logged(1))
    await desk.accept(logged(1))
    (row,) = (await desk.post(turn, bubble("Salve!"), intend_first=True)).rows
    settled = desk.posting(turn, settled=(sent(row, 7),), logged=True)
    for _ in range(2):
        await desk.journal.do(settled)
    assert [seq for seq, *_ in await told(desk)] == [1, 2]
    assert await desk.database.read(newest_seqs, [1]) == {1: 2}


async def test_messages_that_share_a_commit_are_numbered_in_their_chats(desk: Desk) -> None:
    await desk.accept(logged(1), logged(2, client=BRUNO), logged(3), logged(4, client=BRUNO))
    for chat in (1, 2):
        assert [seq for seq, *_ in await told(desk, chat)] == [1, 2]


async def test_what_did_not_arrive_has_no_number(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    (row,) = (await desk.post(turn, bubble("Salve!"), intend_first=True)).rows
    later = Settled(row.row, OutboxState.QUEUED, not_before=desk.now + 1)
    await desk.post(turn, settled=(later,), logged=True)
    assert [seq for seq, *_ in await told(desk)] == [1]


async def test_other_chats_have_none(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, bubble("Salve!"), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 7),))
    assert await desk.database.read(newest_seqs, [1]) == {1: 0}
    assert await desk.stored(log) == []


async def test_keys_that_change_are_an_entry_and_stand_under_the_message(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    (row,) = (await desk.post(turn, bubble("Ha bagagli?"), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 7),), logged=True)
    (keys,) = (await desk.post(turn, keys_under("7", "[keys]"))).rows
    await desk.post(turn, settled=(Settled(keys.row, OutboxState.SENT),), logged=True)
    last = (await entries(desk))[-1]
    assert (last.kind, last.on, last.markup) == (EntryKind.KEYS, "7", "[keys]")
    page = await desk.database.read(messages_before, 1, None, limit=50)
    assert [(one.seq, one.markup) for one in page] == [(1, None), (2, "[keys]")]


async def test_pages_go_back_from_a_number(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    await say(desk, turn, "Uno.", "Due.", "Tre.")
    page = await desk.database.read(messages_before, 1, 4, limit=2)
    assert [one.text for one in page] == ["Uno.", "Due."]
    assert [one.seq for one in await entries(desk, after=2)] == [3, 4]


async def test_the_highest_number_that_was_read_counts_and_is_told_once(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    await say(desk, turn, "Uno.", "Due.")
    for seq in (2, 2, 1, 99):
        await desk.journal.do(MarkRead(HERE, seq, desk.now))
    assert [(one.kind, one.number) for one in await entries(desk, after=3)] == [("read", 2)]
    assert (await desk.row(chats)).read_to == 2


async def test_rows_are_found_by_where_chats_are(desk: Desk) -> None:
    await desk.accept(logged(1), logged(2, client=BRUNO))
    here, other, nobody = HERE, chat_at(BOT, BRUNO), Address("web", BOT, "c_nobody")
    found = await desk.database.read(rows_at, [here, other, nobody])
    assert {*found} == {here, other}
    for address, row in found.items():
        state = await desk.database.read(log_at, address)
        assert state is not None
        assert state.chat == row


async def test_that_something_was_read_is_nothing_to_read(desk: Desk) -> None:
    """Or a log would grow by each request that reads up to the last mark."""
    turn = await opened(desk, logged(1))
    await say(desk, turn, "Uno.")
    for seq in (2, 3, 4):
        await desk.journal.do(MarkRead(HERE, seq, desk.now))
    assert [(one.kind, one.number) for one in await entries(desk, after=2)] == [("read", 2)]


async def test_what_is_forgotten_goes_and_readers_are_told(desk: Desk) -> None:
    turn = await opened(desk, logged(1, "Mi chiamo Anna"))
    await say(desk, turn, "Piacere, Anna.")
    await desk.do_to_chat("forget")
    assert await told(desk) == [(3, "erased", "")]
    known = [await desk.database.read(is_known_seq, 1, seq) for seq in range(5)]
    assert known == [True, False, False, True, False]


async def test_what_waits_when_all_is_forgotten_stays(desk: Desk) -> None:
    turn = await opened(desk, logged(1, "Mi chiamo Anna"))
    await say(desk, turn, "Piacere, Anna.")
    event = await desk.event()
    await desk.accept(logged(2, "E domani?"))
    await desk.handle(event, lambda chat: (chat.forget(), ())[1])
    assert await told(desk) == [(3, "heard", "E domani?"), (4, "erased", "")]


async def test_what_is_on_its_way_while_all_is_forgotten_is_not_shown(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    (row,) = (await desk.post(turn, bubble("Piacere, Anna."), intend_first=True)).rows
    await desk.do_to_chat("forget")
    done = desk.posting(turn, settled=(sent(row, 7),), logged=True)
    await desk.journal.do(replace(done, fence=None))
    assert await told(desk) == [(2, "erased", "")]
    assert [row.kind for row in await desk.stored(log)] == ["erased"]


async def test_words_that_went_with_age_are_not_read(desk: Desk) -> None:
    await opened(desk, logged(1))
    await desk.journal.do(EraseWords("updates", (1,), patience=desk.now + 1))
    assert await entries(desk) == ()
    assert await desk.database.read(messages_before, 1, None, limit=50) == ()
    kept = await desk.database.read(heard_as, HERE, "m1")
    assert kept
    assert (kept.seq, kept.payload) == (1, ERASED)


async def test_a_message_is_known_by_its_own_id(desk: Desk) -> None:
    await desk.accept(logged(1))
    found = await desk.database.read(heard_as, HERE, "m1")
    assert found
    assert (found.seq, found.message_id) == (1, "m1")
    assert await desk.database.read(heard_as, HERE, "m2") is None
    assert await desk.database.read(heard_as, chat_at(BOT, BRUNO), "m1") is None


async def test_an_answer_is_there_when_its_turn_is_over(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    assert await desk.database.read(answers_of, 1, "m1") is None
    await say(desk, turn, "Uno.", "Due.")
    assert await desk.database.read(answers_of, 1, "m1") is None
    await desk.complete(turn)
    found = await desk.database.read(answers_of, 1, "m1")
    assert found is not None
    assert [one.text for one in found] == ["Uno.", "Due."]


async def test_an_answer_has_the_keys_that_follow_its_bubble(desk: Desk) -> None:
    """Whoever wants all of it waits until they are there."""
    turn = await opened(desk, logged(1))
    await say(desk, turn, "Ha bagagli?")
    completed = await desk.journal.do(replace(desk.completing(turn), keys="[keys]"))
    (keys,) = completed.keys
    assert await desk.database.read(answers_of, 1, "m1") is None
    await desk.journal.do(
        Post(1, desk.owner, desk.now, settled=(Settled(keys.row, OutboxState.SENT),), logged=True)
    )
    found = await desk.database.read(answers_of, 1, "m1")
    assert found is not None
    assert [(one.text, one.markup) for one in found] == [("Ha bagagli?", "[keys]")]


async def test_what_was_said_by_now_and_what_it_took(desk: Desk) -> None:
    assert await desk.database.read(said_so_far, 1, "m1") == ()
    turn = await opened(desk, logged(1))
    await say(desk, turn, "Uno.")
    found = await desk.database.read(said_so_far, 1, "m1")
    assert [one.text for one in found] == ["Uno."]
    assert await desk.database.read(tokens_for, 1, "m1") == TokensUsed()
    await desk.complete(turn, input_tokens=70, cached_tokens=50, output_tokens=3)
    assert await desk.database.read(tokens_for, 1, "m1") == TokensUsed(70, 50, 3)
    assert await desk.database.read(tokens_for, 1, "m2") == TokensUsed()


async def test_one_look_tells_how_far_an_answer_is(desk: Desk) -> None:
    assert await desk.database.read(glance, HERE, "m1") is None
    turn = await opened(desk, logged(1))
    looks = [await desk.database.read(glance, HERE, "m1")]
    await say(desk, turn, "Uno.")
    looks.append(await desk.database.read(glance, HERE, "m1"))
    await desk.complete(turn)
    looks.append(await desk.database.read(glance, HERE, "m1"))
    told = [(one.seq, [entry.text for entry in one.said], one.whole) for one in looks if one]
    assert told == [(1, [], False), (2, ["Uno."], False), (2, ["Uno."], True)]


async def test_so_is_that_of_a_command_when_it_is_sent(desk: Desk) -> None:
    await desk.accept(logged(1))
    event = await desk.event(logged=True, message_id="m2")
    answer = bubble("Aiuto.", kind=OutboxKind.COMMAND)
    (row,) = (await desk.handle(event, lambda _: (answer,))).rows
    assert await desk.database.read(answers_of, 1, "m2") is None
    done = Post(chat=1, owner=desk.owner, now=desk.now, intend=row.row)
    await desk.journal.do(done)
    await desk.journal.do(replace(done, intend=None, settled=(sent(row, 7),), logged=True))
    found = await desk.database.read(answers_of, 1, "m2")
    assert found is not None
    assert [one.text for one in found] == ["Aiuto."]
