"""Companies come and go in any order: nothing of one is ever seen by another.

Each company knows a word that no other has. Companies are made and deleted, also in the middle of
an answer, their names and bots are used again, the program is stopped and killed; clients ask,
owners read the trail. What the model is told and what people are shown holds that word alone.
"""

import json
import re
from dataclasses import dataclass, field
from random import Random

import pytest
from sqlalchemy import Connection, insert

from db.audit import Deed, Signature, note
from db.companies import DeleteTenant
from db.engine import insist
from db.models import admins
from db.tenants import SaveProfile, find_tenant
from tenants.profile import Profile
from tests.databases import SEEDED_AT, SOMEBODY
from tests.scenarios.company import CONSOLE, SECRET_KEY, Company
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 8))]
STEPS = 14
NAMES = ("locanda", "trattoria")
WORD = re.compile(r"parola\d+")


@dataclass(slots=True)
class Known:
    """A company, the word that it alone has, and the one who owns it."""

    company: Company
    word: str
    owner: Person


@dataclass(slots=True)
class Town:
    """The companies that there are."""

    stage: Stage
    random: Random
    clients: list[Person]
    open: dict[str, Known] = field(default_factory=dict)
    free_bots: list[tuple[int, str]] = field(
        default_factory=list
    )  # a deleted company's, and tokens
    chats: dict[tuple[int, int], Person] = field(default_factory=dict)
    founded: int = 0

    async def steps(self) -> None:
        """Something happens."""
        deeds = [self.asks, self.asks, self.reads_trail, self.deletes, self.deletes_amid, self.ends]
        deed = self.random.choice(deeds)
        if len(self.open) < len(NAMES) and (not self.open or self.random.random() < 0.4):
            deed = self.founds
        await deed()

    # ------------------------------------------------------------------ what happens

    async def founds(self) -> None:
        name = self.random.choice([name for name in NAMES if name not in self.open])
        self.founded += 1
        word = f"parola{self.founded}"
        profile = Profile(
            company_name=f"Casa {word}", knowledge=f"Segreto: {word}.", ai_notice=AI_NOTICE
        )
        save = SaveProfile(name, profile.model_dump_json(), "test", SEEDED_AT)
        owner = self.stage.person(f"Titolare {self.founded}")
        tenant = await insist(self.stage.database, lambda c: found(c, save, word, owner.chat_id))
        bot, token = self._bot()
        known = Known(Company(self.stage, name, tenant, bot, token), word, owner.at(bot))
        started = self._told("bot started", known)
        await known.company.adds_bot()
        await self.stage.until(lambda: self._told("bot started", known) > started)
        self.open[name] = known

    async def asks(self) -> None:
        known = self._any()
        client = self._client(known)
        before = len(self.stage.openai.records.requests)
        self.stage.will_say(f"Qui {known.word}.")
        client.writes("Che cosa sapete?")
        await self.stage.settles()
        asked = [*self.stage.openai.records.requests][before:]
        assert words([request.body for request in asked]) == {known.word}
        assert words(await client.receives(1)) == {known.word}

    async def reads_trail(self) -> None:
        known = self._any()
        known.owner.writes("/audit")
        assert words(await known.owner.receives(1)) == {known.word}

    async def deletes(self) -> None:
        await self._delete(self._any())

    async def deletes_amid(self) -> None:
        """While an answer of its is under way."""
        known = self._any()
        client = self._client(known)
        before = len(self.stage.asked())
        self.stage.will_say(f"Qui {known.word}.", "Un momento.", "E poi.", delay_ms=20)
        client.writes("Che cosa sapete?")
        await self.stage.until(lambda: len(self.stage.asked()) > before)
        await self._delete(known)
        await self.stage.settles()
        assert words(await client.receives(0)) <= {known.word}

    async def ends(self) -> None:
        """The program is stopped or killed, and starts again."""
        before = {name: self._told("bot started", known) for name, known in self.open.items()}
        await (self.stage.closes() if self.random.random() < 0.5 else self.stage.dies())
        await self.stage.opens()
        await self.stage.until(
            lambda: all(
                self._told("bot started", known) > before[name] for name, known in self.open.items()
            )
        )

    # ------------------------------------------------------------------ its parts

    async def _delete(self, known: Known) -> None:
        """As the command line does it, beside the running program."""
        stopped = self._told("bot stopped", known)
        delete = DeleteTenant(known.company.tenant, SOMEBODY, SEEDED_AT)
        assert await insist(self.stage.database, delete.carry_out) == ()
        del self.open[known.company.name]
        self.stage.bots.discard(known.company.bot)
        await self.stage.until(lambda: self._told("bot stopped", known) > stopped)
        self.free_bots.append((known.company.bot, known.company.token))

    def _bot(self) -> tuple[int, str]:
        if self.free_bots and self.random.random() < 0.7:
            return self.free_bots.pop()
        number = 8200 + self.founded
        token = f"{number}:AAtowntokentowntokentowntokentown{self.founded:04}"
        self.stage.telegram.accounts.add_bot(token, username=f"town{number}_bot", first_name="Casa")
        return number, token

    def _client(self, known: Known) -> Person:
        """One of the clients, in the chat with the company's bot."""
        person, bot = self.random.choice(self.clients), known.company.bot
        if (person.chat_id, bot) not in self.chats:
            self.chats[person.chat_id, bot] = person.at(bot)
        return self.chats[person.chat_id, bot]

    def _any(self) -> Known:
        return self.random.choice([*self.open.values()])

    def _told(self, event: str, known: Known) -> int:
        bot = known.company.bot
        return sum(
            name == event and said.get("bot") == bot for name, said in self.stage.telemetry.records
        )


def words(shown: object) -> set[str]:
    """The words of companies in whatever was said or shown."""
    return set(WORD.findall(json.dumps(shown, ensure_ascii=False)))


def found(connection: Connection, save: SaveProfile, word: str, owner: int) -> int:
    """The company's rows; the result is its own."""
    save.carry_out(connection)
    made = find_tenant(connection, save.name)
    assert made is not None
    connection.execute(
        insert(admins).values(
            tenant_id=made.id, user_id=owner, role="owner", name="Titolare", added_at=SEEDED_AT
        )
    )
    note(
        connection,
        Signature(made.id, CONSOLE, SEEDED_AT),
        Deed.DRAFT_CHANGED,
        subject="knowledge",
        new=f"Segreto: {word}.",
    )
    return made.id


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_of_one_company_is_seen_by_another(closed: Stage, seed: int) -> None:
    clients = [closed.person("Anna"), closed.person("Carlo")]
    await closed.opens(secret_key=SECRET_KEY)
    town = Town(closed, Random(seed), clients)
    for _ in range(STEPS):
        await town.steps()
