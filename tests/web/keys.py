"""Keys with which a company's programs ask, and a code with which their clients open something."""

from typing import Final

from pydantic import SecretStr

from bot.core.api_keys import PURPOSE, SECRET, written
from bot.core.spellings import canonical
from bot.ops.vault import KeyVault
from bot.turns.redact import CODE_PURPOSE
from db.api_keys import IssueKey, Scope
from db.codes import IssueCode
from db.engine import Database
from db.journal import apply
from db.records import Actor
from tests.databases import SEEDED_AT

PROGRAM: Final = "0" * SECRET  # the secret of each
CODE: Final = "zaffiro99"


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


async def issue_code(database: Database, secret_key: str, assistant: str, *, now: float) -> None:
    """`CODE` opens an assistant of the first company's."""
    digests = KeyVault.open(SecretStr(secret_key)).digests(canonical(CODE), purpose=CODE_PURPOSE)
    issue = IssueCode(
        tenant=1,
        assistant=assistant,
        digests=digests,
        generated=False,
        actor=Actor(None, "test"),
        now=now,
    )
    await database.write(lambda connection: apply(connection, [issue]))
