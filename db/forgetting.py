"""What goes when a chat is forgotten: its words, at once, and those at OpenAI by the queue."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update

from db.identities import closed_chats, forget_identity
from db.log import erase_log
from db.models import (
    calls,
    client_facts,
    constant,
    erasures,
    links,
    notices,
    outbox,
    questions,
    quotes,
    ratings,
    requests,
    talks,
    threads,
    turns,
    updates,
)
from db.quotes import count_out_of_reach
from db.records import TO_THE_MODEL, OutboxState, TurnState, UpdateState
from db.rows import UNSETTLED, insert, keep_talks
from db.transcript import ERASED
from db.uploads import forget_uploads
from db.words import SAID_BY_US, SAID_OF_ANSWERS, SAID_TO_TOOLS

FORGOTTEN = "forgotten"
_ITEMS: Final = ("fc_", "msg_", "mcp")  # how their ids begin


def queue_responses(connection: Connection, of_turns: ColumnElement[bool], now: float) -> None:
    """Answers are stored at OpenAI, each with what was asked: they are to be deleted there."""
    known = of_turns & turns.c.response_id.is_not(None)
    found = connection.execute(select(turns.c.response_id).where(known)).scalars()
    earlier = _earlier_answers(connection, of_turns)
    ids = {*found, *earlier}
    rows = [{"conversation_id": one, "not_before": now, "of_response": True} for one in sorted(ids)]
    if rows:
        connection.execute(insert(connection, erasures).on_conflict_do_nothing(), rows)
        connection.execute(update(turns).where(known).values(response_id=None))
    if earlier:
        mine = calls.c.turn_id.in_(select(turns.c.id).where(of_turns))
        connection.execute(update(calls).where(mine).values(response_id=None))


def _earlier_answers(connection: Connection, of_turns: ColumnElement[bool]) -> Sequence[str]:
    """Those that asked for a tool. One that was found by its items has the id of one instead."""
    of_calls = select(calls.c.response_id).join(turns, turns.c.id == calls.c.turn_id)
    of_item = or_(*(calls.c.response_id.startswith(one, autoescape=True) for one in _ITEMS))
    asked = of_calls.where(of_turns, calls.c.response_id.is_not(None), ~of_item).distinct()
    return connection.execute(asked).scalars().all()


def leave_unanswered(connection: Connection, chat: int, *, until: int | None) -> None:
    """Messages that wait for a turn are part of what is to be forgotten, up to an update's row."""
    mine = (updates.c.chat_id == chat) & updates.c.kind.in_(TO_THE_MODEL)
    before = mine if until is None else mine & (updates.c.id <= until)
    connection.execute(update(updates).where(before).values(state=UpdateState.DONE))


def forget_chat(connection: Connection, chat: int, *, at_work: int | None, now: float) -> int:
    """All of a chat but what still waits; `at_work`: the row of the event that asks for it.

    So are those in which the same person wrote before they were known. The result is how many
    messages to others keep words of it, since nobody can change them.
    """
    before = closed_chats(connection, chat)
    for one in before:
        leave_unanswered(connection, one, until=None)
    kept = sum(_forget(connection, one, at_work=at_work, now=now) for one in (chat, *before))
    for one in (chat, *before):
        forget_identity(connection, one)
    return kept


def _forget(connection: Connection, chat: int, *, at_work: int | None, now: float) -> int:
    kept = count_out_of_reach(connection, chat, now=now)
    _stop_turn(connection, chat, now)
    _queue_erasures(connection, chat, now)
    _erase_texts(connection, chat, at_work)
    _erase_quotes(connection, chat, now)
    forget_uploads(connection, chat)
    erase_log(connection, chat, now=now)
    _erase_links(connection, chat)
    connection.execute(delete(client_facts).where(client_facts.c.chat_id == chat))
    return kept


def _went_on(chat: int) -> Select[tuple[int]]:
    """The threads of other chats that know what was said in this one."""
    return select(links.c.thread_id).where(links.c.chat_id == chat, links.c.thread_id.is_not(None))


def _erase_links(connection: Connection, chat: int) -> None:
    """Nobody goes on from here any more; and nobody did in a thread that is gone as well."""
    its = select(threads.c.id).where(threads.c.chat_id == chat)
    mine = (links.c.chat_id == chat) | links.c.thread_id.in_(its)
    connection.execute(delete(links).where(mine))


def _stop_turn(connection: Connection, chat: int, now: float) -> None:
    # One that goes on elsewhere may be filling a conversation with what was said here, right now.
    mine = (turns.c.chat_id == chat) | turns.c.thread_id.in_(_went_on(chat))
    open_turn = mine & (turns.c.state == constant(TurnState.OPEN))
    stopped = {"state": TurnState.FAILED, "cause": FORGOTTEN, "done_at": now}
    connection.execute(update(turns).where(open_turn).values(**stopped))


def _queue_erasures(connection: Connection, chat: int, now: float) -> None:
    mine = (threads.c.chat_id == chat) | threads.c.id.in_(_went_on(chat))
    old = mine & threads.c.conversation_id.is_not(None)
    found = connection.execute(select(threads.c.conversation_id).where(old)).scalars()
    rows = [{"conversation_id": one, "not_before": now} for one in found]
    if rows:
        connection.execute(insert(connection, erasures).on_conflict_do_nothing(), rows)
    connection.execute(update(threads).where(old).values(conversation_id=None, last_item_id=None))
    queue_responses(connection, turns.c.chat_id == chat, now)


def _erase_texts(connection: Connection, chat: int, at_work: int | None) -> None:
    over = (updates.c.state != UpdateState.ACCEPTED) | (updates.c.id == at_work)
    mine = (updates.c.chat_id == chat) & over
    connection.execute(update(updates).where(mine).values(payload=ERASED))
    # One that is being sent is recorded as sent when it arrives; it is never sent again.
    said = outbox.c.chat_id == chat
    failed = {"state": OutboxState.FAILED, "cause": FORGOTTEN}
    connection.execute(update(outbox).where(said, UNSETTLED).values(**failed))
    connection.execute(update(outbox).where(said).values(**SAID_BY_US.blank))
    connection.execute(
        update(turns)
        .where(turns.c.chat_id == chat, SAID_OF_ANSWERS.held)
        .values(**SAID_OF_ANSWERS.blank)
    )
    its_turns = select(turns.c.id).where(turns.c.chat_id == chat)
    connection.execute(
        update(calls).where(calls.c.turn_id.in_(its_turns)).values(**SAID_TO_TOOLS.blank)
    )


def _erase_quotes(connection: Connection, chat: int, now: float) -> None:
    """What a company's people were shown of a chat; nobody has to see to it any more."""
    keep_talks(connection, talks.c.chat_id == chat)
    its = select(talks.c.id).where(talks.c.chat_id == chat).scalar_subquery()
    for table in (questions, requests, ratings):
        connection.execute(delete(table).where(table.c.talk_id.in_(its)))
    over = notices.c.talk_id.in_(its) & notices.c.done_at.is_(None)
    connection.execute(update(notices).where(over).values(done_at=now))
    connection.execute(
        update(talks).where(talks.c.chat_id == chat).values(name="", waiting_since=None)
    )
    quoting = outbox.c.id.in_(select(quotes.c.outbox_id).where(quotes.c.chat_id == chat))
    unsent = outbox.c.state == OutboxState.QUEUED
    connection.execute(
        update(outbox).where(quoting, unsent).values(state=OutboxState.FAILED, cause=FORGOTTEN)
    )
    connection.execute(update(outbox).where(quoting).values(**SAID_BY_US.blank))
    connection.execute(update(quotes).where(quotes.c.chat_id == chat).values(rewrite_at=now))
