"""The tables."""

from db.models.admin import admins, audit, codes, drafts, hands, invites, secrets, tries
from db.models.base import RowId, constant, metadata
from db.models.engine import (
    alerts,
    bots,
    calls,
    chats,
    client_facts,
    erasures,
    outbox,
    profiles,
    tenants,
    threads,
    tokens,
    turns,
    updates,
    workers,
)
from db.models.http import limits, log, sessions
from db.models.people import duties, notices, questions, quotes, readings, requests, talks
from db.models.web import api_keys, sites

__all__ = [
    "RowId",
    "admins",
    "alerts",
    "api_keys",
    "audit",
    "bots",
    "calls",
    "chats",
    "client_facts",
    "codes",
    "constant",
    "drafts",
    "duties",
    "erasures",
    "hands",
    "invites",
    "limits",
    "log",
    "metadata",
    "notices",
    "outbox",
    "profiles",
    "questions",
    "quotes",
    "readings",
    "requests",
    "secrets",
    "sessions",
    "sites",
    "talks",
    "tenants",
    "threads",
    "tokens",
    "tries",
    "turns",
    "updates",
    "workers",
]
