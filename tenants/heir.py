"""Which company a bot speaks for that nobody gave to one."""

from typing import Final

from db.engine import Database
from db.heirs import Candidate, Heirs, heirs
from db.journal import Journal
from db.tenants import GiveBot, SaveProfile, tenant_of
from tenants import presets

PRESET: Final = "preset"  # the author of the example that a first start brings
FIRST_TENANT: Final = "hotel-aurora"  # the preset that an empty database begins with


async def provide_tenant(journal: Journal, database: Database, *, bot_id: int, now: float) -> None:
    """A bot speaks for a tenant: the one that it has, else the heir, else a preset."""
    if await database.read(tenant_of, bot_id):
        return
    name = heir(await database.read(heirs))
    if name is None:
        body = presets.load(FIRST_TENANT).model_dump_json()
        await journal.do(SaveProfile(FIRST_TENANT, body, PRESET, now))
    await journal.do(GiveBot(bot_id, name or FIRST_TENANT))


def heir(found: Heirs) -> str | None:
    """The tenant's name: the one that was wished for, else the oldest that is no example.

    An example is a preset as it came: it is the answer where there is nothing else.
    """
    if found.wished:
        return found.wished
    first = min(found.candidates, key=_reserve, default=None)
    return first.name if first else None


def _reserve(one: Candidate) -> int:
    """0: a company; 1: an example that somebody applied; 2: the one that a first start brought."""
    if one.name not in presets.names():
        return 0
    if one.author == PRESET:  # by whatever release: its words may be others by now
        return 2
    return int(one.body == presets.load(one.name).model_dump_json())
