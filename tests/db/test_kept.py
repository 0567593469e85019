"""Nothing that somebody said is kept without a reason."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Table, Text

from db import forgetting
from db.models import metadata
from db.words import WORDED

PRIVACY = Path(__file__).parents[2] / "docs" / "discussion" / "privacy.md"
OF_A_COMPANY = {"drafts", "profiles"}  # what it says about itself: /forget is a client's
# What is erased from a row that stays, as the tests below see it.
ERASED = {
    "audit.new",
    "audit.old",
    "audit.subject",
    "calls.arguments",
    "calls.digest",
    "calls.output",
    "calls.response_id",
    "chats.form",
    "client_facts.value",
    "drafts.changes",
    "identities.name",
    "identities.subject",
    "outbox.entities",
    "outbox.markup",
    "outbox.text",
    "profiles.body",
    "profiles.note",
    "requests.fields",
    "secrets.body",
    "talks.name",
    "threads.conversation_id",
    "threads.last_item_id",
    "turns.about",
    "turns.buttons",
    "turns.sources",
    "turns.told",
    "updates.payload",
}
# Why what stands in the other columns is kept.
KEPT = {
    "who did it, what, in which company": {"audit.actor", "audit.action", "audit.tenant"},
    "who wrote it, and which fields": {"drafts.author", "drafts.fields", "profiles.author"},
    "who works for a company, until the role is taken away": {"admins.name", "admins.role"},
    "what a company is called, and how it stands": {
        *("tenants.name", "tenants.company", "tenants.state"),
    },
    "how a bot stands; what it shows to everybody": {
        *("bots.channel", "bots.poller", "bots.username", "bots.token", "bots.shown"),
    },
    "how to speak to a client": {
        *("chats.language", "chats.chosen_language", "sessions.language"),
    },
    "how a company's server stands; the secret in it is encrypted": {
        *("mcp_servers.label", "mcp_servers.host", "mcp_servers.sealed", "mcp_servers.failure"),
    },
    "who sees to clients, and when": {
        *("duties.hours", "notices.done_by", "requests.done_by", "readings.day"),
    },
    "what a company lets its assistants call, until it is removed": {
        *("company_tools.name", "company_tools.declaration", "company_tools.secret"),
    },
    "where a company's assistant answers, and how it looks there; it goes with the company": {
        *("sites.public_key", "sites.origins", "sites.accent", "sites.corner"),
        *("api_keys.name", "api_keys.scopes", "identity_secrets.sealed"),
    },
    "a hash": {
        *("api_keys.digest", "codes.digest", "invites.digest"),
        *("sessions.digest", "limits.key", "links.digest"),
    },
    "what a file that was sent is known by, until it has been answered": {
        *("uploads.token", "uploads.kind"),
    },
    "a name of ours, or of a company's assistant": {
        *("codes.assistant", "invites.role", "secrets.kind", "threads.assistant"),
        *("threads.purpose", "alerts.key", "workers.id", "tokens.day", "talks.assistant"),
    },
    "a press of ours, until it is answered": {"chats.trying"},
    "what is being erased": {"erasures.conversation_id"},
    "where a client is, as for numbers of chats; it goes with the row": {
        *("chats.channel", "chats.chat_text", "sessions.chat", "sessions.speaks_in"),
        "identities.chat",
    },
    "ids of messages, as for those that are numbers; they go with the row, later": {
        *("updates.message_text", "outbox.message_text", "outbox.reply_text"),
    },
    "ids and causes, ours; they go with the row, later": {
        *("updates.kind", "updates.state", "updates.album", "updates.owner", "updates.cause"),
        *("outbox.kind", "outbox.state", "outbox.owner", "outbox.cause"),
        *("turns.state", "turns.owner", "turns.response_id", "turns.model", "turns.cause"),
        *("turns.outcome", "questions.outcome", "calls.state", "calls.call_id", "calls.tool"),
        *("requests.key", "log.kind", "calls.server"),
        *("client_facts.name", "client_facts.added_by"),
    },
}


def test_each_column_of_text_is_erased_or_kept_for_a_reason() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text)
    }
    assert columns == ERASED.union(*KEPT.values())


def told(heading: str) -> set[str]:
    """The tables that have a line in this section of the page."""
    section = PRIVACY.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    lines = re.findall(r"^\| (`[^|]+) \|", section.partition("\n## ")[0], re.MULTILINE)
    return {name for line in lines for name in re.findall(r"`(\w+)`", line)}


@pytest.mark.parametrize(
    ("heading", "tables"),
    [
        ("What is stored, and where", {one.partition(".")[0] for one in ERASED}),
        ("For how long", set(WORDED)),
        ("/forget", {one.partition(".")[0] for one in ERASED} - OF_A_COMPANY),
        ("/forget", {one.name for one in vars(forgetting).values() if isinstance(one, Table)}),
    ],
)
def test_each_table_with_words_has_its_line_for_those_who_ask(
    heading: str, tables: set[str]
) -> None:
    assert tables - told(heading) == set()
    assert told(heading) - metadata.tables.keys() == set()
