"""Keys with which a company's programs ask."""

from typing import Final

from pydantic import SecretStr

from bot.core.api_keys import PURPOSE, SECRET, written
from bot.ops.vault import KeyVault
from db.api_keys import IssueKey, Scope
from db.engine import Database
from db.journal import apply
from db.records import Actor
from tests.databases import SEEDED_AT

PROGRAM: Final = "0" * SECRET  # the secret of each


async def issue_key(database: Database, secret_key: str, *scopes: Scope) -> str:
    """A key of the first company's, with these scopes."""
    digest = KeyVault.open(SecretStr(secret_key)).digests(PROGRAM, purpose=PURPOSE)[0]
    issue = IssueKey(
        tenant=1,
        name="crm",
        digest=digest,
        scopes=frozenset(scopes),
        actor=Actor(None, "test"),
        now=SEEDED_AT,
    )
    (row,) = await database.write(lambda connection: apply(connection, [issue]))
    return written(row, PROGRAM)
