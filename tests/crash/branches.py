"""Bots of a company's own, beside the host's: each is polled by one process at a time."""

from typing import Final

from pydantic import SecretStr

from bot.ops.vault import KeyVault
from db.bots import AddBot
from db.engine import open_database
from db.journal import apply
from db.records import Actor
from db.tenants import SaveProfile
from tenants.profile import Profile
from tests.crash.world import World
from tests.databases import SEEDED_AT

FIRST_BOT: Final = 5001
KEY: Final = "una-chiave-lunga-e-casuale-0123456789"
HOTEL: Final = SaveProfile("hotel", Profile().model_dump_json(), "test", SEEDED_AT)
CONSOLE: Final = Actor(None, "console")


async def open_branches(world: World, count: int) -> None:
    """Let clients talk to so many bots more; no program may run yet."""
    for number in range(FIRST_BOT, FIRST_BOT + count):
        world.bots[number] = f"{number}:{'A' * 35}"
        await world.add_bot(world.bots[number], username=f"branch{number}_bot")
    world.settings["SECRET_KEY"] = KEY
    vault = KeyVault.open(SecretStr(KEY))
    added = [
        AddBot(bot, f"branch{bot}_bot", 1, vault.encrypt(world.bots[bot]), CONSOLE, SEEDED_AT)
        for bot in list(world.bots)[1:]
    ]
    database = open_database(world.database_url)
    try:
        await database.write(lambda connection: apply(connection, [HOTEL]))
        await database.write(lambda connection: apply(connection, added))
    finally:
        await database.close()
