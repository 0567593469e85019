"""What is asked of a log, and that a turn in Telegram knows nothing of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from db.entries import (
    answers_of,
    being_answered,
    entries_after,
    heard_as,
    is_known_seq,
    log_at,
    messages_before,
    newest_chat,
    newest_seqs,
    rows_at,
    said_so_far,
    tokens_for,
)
from db.limits import Quota, Spend
from db.log import MarkRead
from db.sessions import session_by_token, session_of_chat, site_of_bot
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import BRUNO, Desk
from tests.db.test_log import HERE, logged, opened, say
from tests.db.test_plans import Statement, a_turn, is_whole_table, plans
from tests.db.test_sessions import end_session, keep_session, open_session

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def carried_out() -> Iterator[list[Statement]]:
    """What is executed, with the first of its parameters."""
    heard: list[Statement] = []

    def hear(*event: Any) -> None:
        _, _, statement, parameters, _, many = event
        heard.append((statement, parameters[0] if many else parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


async def test_a_turn_in_telegram_pays_nothing_for_it(
    desk: Desk, carried_out: list[Statement]
) -> None:
    await a_turn(desk)
    of_a_log = re.compile(r"\blog\b|logged=")
    assert [one for one, _ in carried_out if of_a_log.search(one)] == []


async def test_a_log_is_read_by_its_indexes(
    desk: Desk, carried_out: list[Statement], database_url: str
) -> None:
    turn = await opened(desk, logged(1), logged(2))
    await say(desk, turn, "Uno.", "Due.")
    await desk.complete(turn)
    await desk.journal.do(MarkRead(HERE, 2, desk.now))
    for seq in (0, 3):
        await desk.database.read(entries_after, 1, seq, limit=200)
        await desk.database.read(is_known_seq, 1, seq)
    await desk.database.read(messages_before, 1, 4, limit=50)
    for of_a_message in (answers_of, said_so_far, tokens_for):
        await desk.database.read(of_a_message, 1, "m1")
    await desk.database.read(heard_as, HERE, "m1")
    await desk.database.read(log_at, HERE)
    await desk.database.read(newest_chat, BOT, "c:")
    await desk.database.read(newest_seqs, [1])
    await desk.database.read(being_answered, [1])
    await desk.database.read(rows_at, [HERE, chat_at(BOT, BRUNO)])
    for make in (open_session, keep_session, end_session):
        await desk.journal.do(await make(desk))
    await desk.journal.do(replace(await open_session(desk), chat="c_2", digest="d2"))
    await desk.database.read(session_by_token, ["d1"], now=desk.now)
    await desk.database.read(session_of_chat, "c_1", now=desk.now)
    await desk.database.read(site_of_bot, -2)
    await desk.journal.do(Spend([Quota("a", 1, 60.0)], desk.now))
    found = plans(database_url, carried_out)
    assert {one for one, plan in found.items() if any(map(is_whole_table, plan))} == set()
