"""A second company on the stage, with a bot of its own: added as the command line does it."""

from dataclasses import dataclass

from pydantic import SecretStr

from bot.ops.vault import KeyVault
from db.bots import AddBot, Added, RemoveBot
from db.engine import insist
from db.journal import apply
from db.records import Actor
from db.tenants import SaveProfile, find_tenant
from tenants.profile import Profile
from tests.databases import SEEDED_AT
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

SECRET_KEY = "a-secret-key-that-is-long-enough"
CONSOLE = Actor(None, "console")
BANK = Profile(
    company_name="Banca Aessefin",
    knowledge="Il conto Aurora costa 3 euro.",
    ai_notice="Qui risponde un'AI.",
    welcome="Benvenuti in banca!",
)
BANK_BOT = 8200
BANK_TOKEN = f"{BANK_BOT}:AAbanktokenbanktokenbanktokenbankt"


@dataclass(slots=True)
class Company:
    """A tenant, and the bot that it adds."""

    stage: Stage
    name: str
    tenant: int
    bot: int
    token: str

    async def adds_bot(self) -> Added:
        """Give the program the token that the bot has now."""
        vault = KeyVault.open(SecretStr(SECRET_KEY))
        add = AddBot(
            self.bot,
            f"{self.name}_bot",
            self.tenant,
            vault.encrypt(self.token),
            actor=CONSOLE,
            now=SEEDED_AT,
        )
        added = await insist(self.stage.database, lambda connection: apply(connection, [add]))
        self.stage.bots.add(self.bot)
        self.stage.telegram.events.notify()
        return Added(added[0])

    async def removes_bot(self) -> None:
        remove = RemoveBot(self.bot, self.tenant, CONSOLE, SEEDED_AT)
        await insist(self.stage.database, lambda connection: apply(connection, [remove]))
        self.stage.bots.discard(self.bot)

    async def hears_that(self, event: str, *, times: int = 1) -> None:
        """Wait until the program has told so of this bot: "bot started", "bot refused"."""
        await self.stage.until(lambda: self.count(event) >= times)

    def count(self, event: str) -> int:
        """How often the program has told so."""
        told = self.stage.telemetry.records + self.stage.telemetry.warnings
        return sum(name == event and said.get("bot") == self.bot for name, said in told)

    def client(self, person: Person) -> Person:
        """A person in the chat with this company's bot."""
        return person.at(self.bot)


async def company(
    stage: Stage, name: str = "bank", profile: Profile = BANK, token: str = BANK_TOKEN
) -> Company:
    """A tenant with a bot in Telegram that the program does not know yet."""
    save = SaveProfile(name, profile.model_dump_json(), "test", SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [save]))
    found = await stage.database.read(lambda connection: find_tenant(connection, name))
    assert found is not None
    bot = stage.telegram.accounts.add_bot(token, username=f"{name}_bot", first_name=name)
    return Company(stage, name, found.id, bot.id, token)
