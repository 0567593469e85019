"""What a company knows of a client beside their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.models import client_facts

LINK: Final = "link"  # who added what came with a link: whoever pressed it, or typed the like


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value; `added_by`: LINK, or somebody whom the company trusts."""

    name: str
    value: str
    added_by: str


def facts_of(connection: Connection, *, chat: int, tenant: int) -> Sequence[Fact]:
    """What a tenant knows of a chat's client, by name; what was erased is left out."""
    table = client_facts.c
    found = connection.execute(
        select(table.name, table.value, table.added_by)
        .where(table.chat_id == chat, table.tenant_id == tenant, table.value != "")
        .order_by(table.name)
    )
    return [Fact(*row) for row in found]
