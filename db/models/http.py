"""The tables of chats over HTTP: their logs, who may read them, and what is sent there."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from db.models.base import RowId, index_when, metadata

# What happened in a chat, in the order in which it became visible; the words stand elsewhere.
log = Table(
    "log",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("update_id", ForeignKey("updates.id", ondelete="CASCADE")),
    Column("outbox_id", ForeignKey("outbox.id", ondelete="CASCADE")),
    Column("number", BigInteger),  # the one up to which it was read
    Column("at", Double, nullable=False),
    # Once each, also where a commit's answer was lost and it is done again.
    Index(None, "update_id", unique=True),
    Index(None, "outbox_id", unique=True),
)

# Who may speak and read in a chat, by a token that is kept nowhere.
sessions = Table(
    "sessions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", ForeignKey("bots.id", ondelete="CASCADE"), nullable=False),
    Column("chat", Text, nullable=False, unique=True),  # the channel's id of it, but for
    Column("speaks_in", Text),  # that of somebody's chat in which other sessions may speak too
    Column("digest", Text, nullable=False, unique=True),  # of the token
    Column("language", Text),  # as the page tells it
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index(None, "bot_id"),
    Index(None, "expires_at"),
    index_when("ix_sessions_speaks_in", "speaks_in", condition="speaks_in IS NOT NULL"),
    sqlite_autoincrement=True,
)

# Whose a chat is, where the company proved it: once, and for good.
identities = Table(
    "identities",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", ForeignKey("bots.id", ondelete="CASCADE"), nullable=False),
    Column("chat", Text, nullable=False),  # the channel's id of it
    Column("subject", Text),  # a keyed hash of who they are to the company; none: forgotten
    Column("name", Text, nullable=False),  # as the company says it; empty: not known
    Column("proven_at", Double, nullable=False),
    Column("closed_at", Double),  # when they went on in an older chat of theirs
    UniqueConstraint("bot_id", "chat"),
    Index(None, "bot_id", "subject"),
    index_when(
        "uq_identities_open", "bot_id", "subject", condition="closed_at IS NULL", unique=True
    ),
    index_when("ix_identities_worded", "proven_at", "id", condition="name <> ''"),
    sqlite_autoincrement=True,
)

# By which a client goes on elsewhere: of a token that is kept nowhere.
links = Table(
    "links",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),  # where it began
    Column("digest", Text, nullable=False, unique=True),
    Column("expires_at", Double, nullable=False),
    # Once somebody has pressed it: the thread that goes on, what it goes on from, and up to where.
    Column("thread_id", ForeignKey("threads.id", ondelete="CASCADE")),
    Column("source_id", ForeignKey("threads.id", ondelete="CASCADE")),
    Column("until_id", BigInteger),  # of the press, among all updates: what came before it counts
    Index(None, "chat_id"),
    Index(None, "thread_id"),
    Index(None, "source_id"),
    Index(None, "expires_at"),
    sqlite_autoincrement=True,
)

# How much was asked for lately: by whom, as a hash, and when that is made up for.
limits = Table(
    "limits",
    metadata,
    Column("key", Text, primary_key=True),
    Column("until", Double, nullable=False),
    Index(None, "until"),
)

# What somebody sent beside words, until the turn that reads it is over.
uploads = Table(
    "uploads",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", ForeignKey("bots.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),  # as in `chats`, which may have no row yet
    Column("token", Text, nullable=False, unique=True),  # by which its chat knows it
    Column("kind", Text, nullable=False),  # by its first bytes
    Column("size", BigInteger, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("whole_at", Double),  # all pieces are here
    Column("update_id", ForeignKey("updates.id", ondelete="CASCADE")),  # it came with
    Index(None, "bot_id", "chat_id"),
    Index(None, "update_id"),
    sqlite_autoincrement=True,
)
upload_pieces = Table(
    "upload_pieces",
    metadata,
    Column("upload_id", ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
