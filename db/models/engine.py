"""The tables of the engine: companies and bots, chats, turns, what comes in and goes out."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from db.models.base import RowId, index_when, metadata

tenants = Table(
    "tenants",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False, default="active", server_default="active"),
    Column("created_at", Double, nullable=False),
    # What is asked for without the profile, as its current version says it.
    Column("company", Text),
    Column("retention_days", Double),
    sqlite_autoincrement=True,
)

profiles = Table(
    "profiles",
    metadata,
    Column("tenant_id", ForeignKey("tenants.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),  # empty: it went with age
    Column("author", Text, nullable=False),
    Column("note", Text),
    Column("created_at", Double, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("expires_at", Double, nullable=False),
)

bots = Table(
    "bots",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False, default="telegram", server_default="telegram"),
    Column("tenant_id", ForeignKey("tenants.id"), nullable=False),
    Column("poller", Text),
    Column("username", Text),
    Column("token", Text),  # encrypted; in Telegram, a bot without one is the host's
    Column("managed", Boolean, nullable=False, default=False, server_default=false()),
    Column("added_by", BigInteger),
    Column("added_at", Double),
    Column("removed_at", Double),
    Column("refused_at", Double),  # Telegram no longer accepts the token
    Column("shown", Text),  # JSON: the name, description and menus that were set last
)

chats = Table(
    "chats",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel", Text, nullable=False, default="telegram", server_default="telegram"),
    Column("bot_id", ForeignKey("bots.id"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),  # made of the text beside it, if there is one
    Column("chat_text", Text),  # the channel's id, where it is no number: see db/ids.py
    Column("topic_id", BigInteger, nullable=False, default=0),
    Column(
        "thread_id", RowId
    ),  # the current one; no foreign key: the two tables would need each other
    Column("language", Text),  # as the channel tells it
    Column("chosen_language", Text),  # by /language
    Column("form", Text),  # JSON: what an admin is asked for; the next message is the answer
    Column("trying", Text),  # the press that asks anew for the answers that are awaited
    Column("first_at", Double),  # of the messages that wait for a turn
    Column("due_at", Double),
    Column("noticed_until", Double),  # "too fast" is not said again before
    Column("introduced_at", Double),  # when the client was told that an AI answers
    Column("closed_at", Double),  # blocked, left or deleted; a new message reopens
    # Of a chat with a log: its last number, and the one up to which the client has read.
    Column("logged", BigInteger, nullable=False, default=0, server_default="0"),
    Column("read_to", BigInteger, nullable=False, default=0, server_default="0"),
    UniqueConstraint("bot_id", "chat_id", "topic_id"),
    Index(None, "chat_id"),
    Index(None, "thread_id"),
    index_when("ix_chats_due_at", "due_at", condition="due_at IS NOT NULL"),
    index_when("ix_chats_trying", "bot_id", condition="trying IS NOT NULL"),
    sqlite_autoincrement=True,
)

threads = Table(
    "threads",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chats.id"), nullable=False),
    Column("tenant_id", ForeignKey("tenants.id"), nullable=False),
    Column("assistant", Text, nullable=False, default="public"),
    Column("purpose", Text, nullable=False, default="client"),
    Column("conversation_id", Text),
    Column("last_item_id", Text),
    Column("conversation_at", Double),  # of the oldest words that may be in it
    Column("created_at", Double, nullable=False),
    Column("closed_at", Double),
    Index(None, "chat_id"),
    Index(None, "tenant_id"),
    index_when(
        "ix_threads_remembered", "conversation_at", "id", condition="conversation_id IS NOT NULL"
    ),
    # /new closes a thread and opens its successor: one that is open, any number that are closed.
    index_when(
        "uq_threads_open",
        "chat_id",
        "tenant_id",
        "assistant",
        "purpose",
        condition="closed_at IS NULL",
        unique=True,
    ),
    sqlite_autoincrement=True,
)

turns = Table(
    "turns",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chats.id"), nullable=False),
    Column("thread_id", ForeignKey("threads.id"), nullable=False),
    Column("profile_version", Integer, nullable=False),  # as `Pinned.read` has it
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("response_id", Text),
    # The position, among the replies, with which the answer under that id begins.
    Column("response_start", Integer, nullable=False, default=0, server_default="0"),
    Column("model", Text),
    Column("input_tokens", Integer, nullable=False, default=0),
    Column("cached_tokens", Integer, nullable=False, default=0),
    Column("output_tokens", Integer, nullable=False, default=0),
    Column("cause", Text),
    Column("told", Text),  # what the model is told of the moment, made once: see bot/turns
    Column("outcome", Text),  # how it served the client, as its answer says; NULL: not stated
    Column("about", Text),  # what was wanted, in a line for the company
    Column("sources", Text),  # JSON: the names of those that answered
    Column("buttons", Text),  # JSON: the short answers that the client may tap
    Column("promised", Boolean),  # it spoke of a person who will write, and handed nobody over
    Column("claimed", Boolean),  # it said that something is done, and nothing had been
    Column("received_at", Double, nullable=False),
    Column("opened_at", Double, nullable=False),
    Column("first_delta_at", Double),
    Column("stopped_at", Double),  # when the client wanted no more of it
    Column("done_at", Double),
    Index(None, "chat_id", "opened_at"),
    Index(None, "thread_id"),
    index_when(
        "ix_turns_worded",
        "opened_at",
        "id",
        condition="told IS NOT NULL OR about IS NOT NULL OR sources IS NOT NULL"
        " OR buttons IS NOT NULL",
    ),
    index_when("ix_turns_claimed", "thread_id", condition="claimed IS NOT NULL"),
    index_when("uq_turns_open", "state", "chat_id", condition="state = 'open'", unique=True),
    sqlite_autoincrement=True,
)

# What an assistant does in a turn: a tool's call, as the model wrote it, and what came of it.
calls = Table(
    "calls",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("response_id", Text),  # of the answer that asks for it
    Column("call_id", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("server", Text),  # the label of the MCP server where it was made; else we make it
    Column("arguments", Text, nullable=False),  # JSON, unless the model erred
    Column("digest", Text, nullable=False),  # of tool and arguments, however they are spaced
    Column("state", Text, nullable=False),
    Column("output", Text),  # JSON: what the model is told of it
    # How many replies of the turn were written by then: the next answer begins behind them.
    Column("replies", Integer, nullable=False, default=0, server_default="0"),
    # Of that answer; all of its calls but the first have none.
    Column("input_tokens", Integer, nullable=False, default=0, server_default="0"),
    Column("cached_tokens", Integer, nullable=False, default=0, server_default="0"),
    Column("output_tokens", Integer, nullable=False, default=0, server_default="0"),
    Column("proposed_at", Double, nullable=False),
    Column("started_at", Double),
    Column("done_at", Double),
    UniqueConstraint("turn_id", "call_id"),
    Index(None, "call_id"),
    index_when(
        "ix_calls_worded",
        "proposed_at",
        "id",
        condition="arguments <> '' OR output IS NOT NULL",
    ),
    index_when("ix_calls_failed", "state", "proposed_at", condition="state IN ('failed', 'doubt')"),
    sqlite_autoincrement=True,
)

# What a company knows of a client beside their words: from a link, the command line, a tool.
client_facts = Table(
    "client_facts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", Double, nullable=False),
    UniqueConstraint("chat_id", "tenant_id", "name"),
    Index(None, "tenant_id"),
    index_when("ix_client_facts_worded", "added_at", "id", condition="value <> ''"),
    sqlite_autoincrement=True,
)

updates = Table(
    "updates",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", ForeignKey("bots.id"), nullable=False),
    Column("update_id", BigInteger),  # emptied after 48 h: a channel may use it again
    Column("chat_id", ForeignKey("chats.id")),
    Column("thread_id", ForeignKey("threads.id")),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("message_text", Text),  # its id, where that is no number
    Column("pressed", BigInteger),  # the message of ours that somebody pressed, or reacted to
    Column("album", Text),
    Column("size", Integer, nullable=False, default=0, server_default="0"),  # of its words
    Column("written_at", Double),  # as the channel dates it
    Column("received_at", Double, nullable=False),
    Column("turn_id", ForeignKey("turns.id")),
    Column("owner", Text, nullable=False),  # the process that accepted it
    Column("cause", Text),
    UniqueConstraint("bot_id", "update_id"),
    Index(None, "bot_id", "message_id"),
    Index(None, "thread_id"),  # also for the foreign key: each thread that goes looks for its own
    Index(None, "turn_id"),
    Index(None, "chat_id", "received_at"),
    Index(None, "chat_id", "message_id"),
    index_when("ix_updates_pressed", "chat_id", "pressed", condition="pressed IS NOT NULL"),
    index_when("ix_updates_worded", "received_at", "id", condition="payload <> '{}'"),
    index_when("ix_updates_accepted", "state", "chat_id", condition="state = 'accepted'"),
    index_when("ix_updates_numbered", "received_at", condition="update_id IS NOT NULL"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chats.id"), nullable=False),
    Column("turn_id", ForeignKey("turns.id")),
    Column("update_id", ForeignKey("updates.id")),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("entities", Text),
    Column("markup", Text),
    Column("reply_to", BigInteger),  # a message of this chat
    Column("reply_text", Text),  # its id, where that is no number
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),  # the process whose lane it stands in
    Column("attempts", Integer, nullable=False, default=0),
    Column("cause", Text),
    Column("message_id", BigInteger),
    Column("message_text", Text),  # its id, where that is no number
    Column("lower_id", BigInteger),  # the last message id known before the call: see "in doubt"
    Column("not_before", Double),
    Column("queued_at", Double, nullable=False),
    Column("intent_at", Double),
    Column("sent_at", Double),
    UniqueConstraint("turn_id", "kind", "position"),
    UniqueConstraint("update_id", "position"),
    Index(None, "message_id"),
    Index(None, "chat_id", "queued_at"),
    Index(None, "chat_id", "message_id"),
    index_when("ix_outbox_worded", "queued_at", "id", condition="text <> ''"),
    index_when(
        "ix_outbox_unsettled",
        "state",
        "chat_id",
        condition="state IN ('queued', 'sending', 'doubt')",
    ),
    index_when("uq_outbox_sending", "chat_id", condition="state = 'sending'", unique=True),
    sqlite_autoincrement=True,
)

tokens = Table(
    "tokens",
    metadata,
    Column("day", Text, primary_key=True),
    Column("used", BigInteger, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("told_at", Double, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("conversation_id", Text, primary_key=True),  # or a response's: see `of_response`
    Column("not_before", Double, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("of_response", Boolean, nullable=False, default=False, server_default=false()),
)
