"""The tables of a company's people: what they may read, and what they are told."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from db.models.base import RowId, index_when, metadata

# What a company's people see of a chat: whose it is, and when something was said there last.
talks = Table(
    "talks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("assistant", Text, nullable=False),
    Column("name", Text, nullable=False),  # of the client; "?": not known, empty: it went with age
    Column("last_at", Double, nullable=False),
    Column("waiting_since", Double),  # for one of the company's people
    UniqueConstraint("chat_id", "tenant_id", "assistant"),
    Index(None, "tenant_id", "last_at"),
    index_when(
        "ix_talks_waiting", "tenant_id", "waiting_since", condition="waiting_since IS NOT NULL"
    ),
    index_when("ix_talks_worded", "last_at", "id", condition="name <> ''"),
    sqlite_autoincrement=True,
)

# Who read what, on which day last: the trail has one line for each.
readings = Table(
    "readings",
    metadata,
    Column("talk_id", ForeignKey("talks.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Text, nullable=False),
)

# What a client thought of it last, from 1 to 5; what they wrote beside it stands in the update.
ratings = Table(
    "ratings",
    metadata,
    Column("talk_id", ForeignKey("talks.id", ondelete="CASCADE"), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("update_id", ForeignKey("updates.id", ondelete="CASCADE"), nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "update_id"),
)

# What people are told at a time of a chat: its first question, and those of the next minutes.
notices = Table(
    "notices",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("talk_id", ForeignKey("talks.id", ondelete="CASCADE"), nullable=False),
    Column("began_at", Double, nullable=False),
    Column("done_at", Double),
    Column("done_by", Text),  # the name of the one who saw to it
    Index(None, "talk_id", "began_at"),
    sqlite_autoincrement=True,
)

# A turn that could not serve its client. What was asked stands in the turn and its messages alone.
questions = Table(
    "questions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("talk_id", ForeignKey("talks.id", ondelete="CASCADE"), nullable=False),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE")),
    Column("outcome", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("told_at", Double),  # when it was decided who is told of it
    Column("settled_at", Double),  # it is asked no more: answered, or none of the company's
    Index(None, "talk_id"),
    Index(None, "notice_id"),
    Index(None, "tenant_id"),
    index_when("ix_questions_untold", "told_at", "id", condition="told_at IS NULL"),
    index_when("ix_questions_open", "tenant_id", "id", condition="settled_at IS NULL"),
    sqlite_autoincrement=True,
)

# What a client asked the company to do, as a tool took it down.
requests = Table(
    "requests",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("talk_id", ForeignKey("talks.id", ondelete="CASCADE"), nullable=False),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE")),
    Column("key", Text, nullable=False, unique=True),  # of the call: made again, it is the same
    Column("fields", Text, nullable=False),  # JSON: pairs of what was asked for and the answer
    Column("taken_at", Double, nullable=False),
    Column("told_at", Double),  # when it was decided who is told of it
    Column("done_at", Double),
    Column("done_by", Text),  # the name of the one who did it
    Index(None, "turn_id"),
    Index(None, "talk_id"),
    Index(None, "notice_id"),
    Index(None, "tenant_id", "id"),
    index_when("ix_requests_untold", "told_at", "id", condition="told_at IS NULL"),
    index_when("ix_requests_open", "tenant_id", "id", condition="done_at IS NULL"),
    index_when("ix_requests_worded", "taken_at", "id", condition="fields <> ''"),
    sqlite_autoincrement=True,
)

# Which of our messages quote a client, to other people: /forget finds them by that client's chat.
quotes = Table(
    "quotes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE")),
    Column("rewrite_at", Double),  # what it shows is no longer so
    UniqueConstraint("outbox_id", "chat_id"),
    Index(None, "chat_id"),
    Index(None, "notice_id"),
    index_when("ix_quotes_rewrite_at", "rewrite_at", condition="rewrite_at IS NOT NULL"),
    sqlite_autoincrement=True,
)

# When somebody wants to be told of a company's clients; without a row always, empty: never.
duties = Table(
    "duties",
    metadata,
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hours", Text, nullable=False),
)
