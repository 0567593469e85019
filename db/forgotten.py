"""What /forget takes out of the rows that stay: of a chat, and of what others were told of it."""

from sqlalchemy import Connection, delete, select, update

from db.models import notices, outbox, questions, quotes, talks, turns, updates
from db.records import OutboxState, TurnState, UpdateState

FORGOTTEN = "forgotten"
_UNSENT = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DOUBT)
_GONE = {"text": "", "entities": None, "markup": None}


def erase_texts(connection: Connection, chat: int, event: int | None) -> None:
    """All that was said in a chat, but what came after the event at work."""
    connection.execute(
        update(updates)
        .where(updates.c.chat_id == chat)
        .where((updates.c.state != UpdateState.ACCEPTED) | (updates.c.id == event))
        .values(payload="{}")
    )
    # One that is being sent is recorded as sent when it arrives; it is never sent again.
    mine = outbox.c.chat_id == chat
    connection.execute(
        update(outbox)
        .where(mine, outbox.c.state.in_(_UNSENT))
        .values(state=OutboxState.FAILED, cause=FORGOTTEN)
    )
    connection.execute(update(outbox).where(mine).values(**_GONE))
    connection.execute(
        update(turns)
        .where(turns.c.chat_id == chat, turns.c.state != TurnState.OPEN)
        .values(told=None, about=None, sources=None, buttons=None)
    )


def erase_quotes(connection: Connection, chat: int, *, now: float) -> None:
    """What a company's people were shown of a chat; nobody has to see to it any more."""
    its = select(talks.c.id).where(talks.c.chat_id == chat).scalar_subquery()
    connection.execute(delete(questions).where(questions.c.talk_id.in_(its)))
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
    connection.execute(update(outbox).where(quoting).values(**_GONE))
    connection.execute(update(quotes).where(quotes.c.chat_id == chat).values(rewrite_at=now))
