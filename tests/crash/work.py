"""What admins and those they invite do meanwhile: each of it is done once or not at all.

Ada publishes and rolls back, Carl makes and deletes companies, Dora adds bots and removes them,
and of two people who open the same invitation, or try the same code, only one is let in. Bea is
told of each version.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from pydantic import SecretStr

from bot.core.invitations import digest
from bot.core.spellings import canonical
from bot.ops.vault import KeyVault
from bot.telegram.links import new_invitation
from bot.turns.redact import CODE_PURPOSE
from db.codes import IssueCode
from db.engine import open_database
from db.invites import Invite
from db.journal import apply
from db.people import Appoint, Person
from db.tenants import SaveProfile
from tenants.profile import Profile
from tests.crash.branches import CONSOLE, KEY
from tests.crash.world import World
from tests.databases import SEEDED_AT

HOTEL: Final = 1
OFFER: Final = f"publish:{HOTEL}:show"
MARKS: Final = (
    *("publish:1:now", "history:1:yes", "MADE-", '"made-', "/unlock", "/start", "bots:1:gone"),
    '"text":"•',  # a token alone, as it is stored
)
POINTS: Final = tuple(f"{moment} {mark}" for mark in MARKS for moment in ("H-", "H"))
PAIRS: Final = 400  # invitations and codes, more than a run can use
FIRST_BOT: Final = 500_000
BETWEEN_GUESTS: Final = 0.3  # seconds
LOOK: Final = 0.05
FOREVER: Final = SEEDED_AT * 2
VIP: Final = Profile.model_validate(
    {"company_name": "Hotel", "assistants": {"vip": {"knowledge": "La suite."}}}
)


class Over(Exception):
    """Nothing is started any more that could answer."""


@dataclass(slots=True)
class Someone:
    """One of the people at work."""

    world: World
    id: int
    sent: int = 0
    seen: int = 0

    async def says(self, text: str) -> None:
        self.sent += 1
        await self.world.write(self.id, text)

    async def presses(self, message: Any, data: str) -> None:
        self.sent += 1
        await self.world.press(self.id, message, data)

    async def hears(self, stop: asyncio.Event, key: str = "") -> Any:
        """The answer, which has a key that begins so; Over when no program is started any more."""
        while not stop.is_set():
            said = await self.heard(after=self.seen)
            if said and _data(said[-1], key).startswith(key):
                self.seen = said[-1]["message_id"]
                return said[-1]
            await asyncio.sleep(LOOK)
        raise Over

    async def heard(self, *, after: int = 0) -> list[Any]:
        """What the bot has said, but for the offer that may follow a publish."""
        messages = await self.world.messages(self.id, after=after)
        return [one for one in messages if one["from"]["is_bot"] and _data(one) != OFFER]


@dataclass(slots=True, repr=False)
class Work:
    """Who is at work, and what they have done."""

    world: World
    ada: Someone
    bea: Someone
    carl: Someone
    dora: Someone
    invitations: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    guests: list[tuple[str, int, int]] = field(default_factory=list)  # what they try, and who
    changes: int = 0
    published: int = 0
    rolled_back: int = 0
    made: int = 0
    deleted: int = 0
    added: int = 0
    removed: int = 0

    def __str__(self) -> str:
        return (
            f"{self.published} publishes, {self.rolled_back} roll-backs, {self.made} companies "
            f"made, {self.deleted} deleted, {self.added} bots added, {self.removed} removed, "
            f"{len(self.guests)} invitations and codes"
        )

    @asynccontextmanager
    async def goes_on(self, at_work: bool) -> AsyncIterator[None]:
        """Work, if at all, as long as the block lasts; what was begun is left to the program."""
        stop = asyncio.Event()
        jobs = [self._publishes, self._makes, self._adds, self._comes] if at_work else []
        tasks = [asyncio.create_task(job(stop)) for job in jobs]
        try:
            yield
        finally:
            stop.set()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException) and not isinstance(error, Over):
                raise error

    async def _publishes(self, stop: asyncio.Event) -> None:
        ada, version = self.ada, 1
        await self.bea.says("/privacy")
        await self.bea.hears(stop)
        for number in count(1):
            self.changes += 1
            await ada.says(f"/configure company_name Hotel {number}")
            await ada.hears(stop)
            await ada.says("/publish")
            card = await ada.hears(stop)
            self.published += 1
            await ada.presses(card, _data(card, f"publish:{HOTEL}:now"))
            await ada.hears(stop)
            self.rolled_back += 1
            await ada.presses(card, f"history:{HOTEL}:yes 1 {version + 1}")
            await ada.hears(stop)
            version += 2

    async def _makes(self, stop: asyncio.Event) -> None:
        carl = self.carl
        await carl.says("/tenants")
        card = await carl.hears(stop)
        for number in count(1):
            await carl.presses(card, "tenants:0:make -")
            await carl.hears(stop)
            self.made += 1
            await carl.says(f"MADE-{number}")
            tenant = _data(await carl.hears(stop, "setup:")).split(":")[1]  # behind a greeting
            await carl.presses(card, f"tenants:{tenant}:delete")
            await carl.hears(stop)
            self.deleted += 1
            await carl.says(f"made-{number}")
            await carl.hears(stop)

    async def _adds(self, stop: asyncio.Event) -> None:
        dora = self.dora
        await dora.says("/bots")
        card = await dora.hears(stop)
        for number in count(FIRST_BOT):
            await dora.presses(card, f"bots:{HOTEL}:add")
            await dora.hears(stop)
            token = f"{number}:{'A' * 35}"
            await self.world.add_bot(token, username=f"bot{number}_bot")
            self.added += 1
            await dora.says(token)
            await dora.hears(stop)
            self.removed += 1
            await dora.presses(card, f"bots:{HOTEL}:gone {number}")
            await dora.hears(stop)

    async def _comes(self, stop: asyncio.Event) -> None:
        """Two people at a time."""
        invited = [f"/start {invitation}" for invitation in self.invitations]
        coded = [f"/unlock {code}" for code in self.codes]
        for words in (one for both in zip(invited, coded, strict=True) for one in both):
            if stop.is_set():
                return
            first, second = await self.world.people(2)
            self.guests.append((words, first, second))
            await asyncio.gather(*(self.world.write(who, words) for who in (first, second)))
            await asyncio.sleep(BETWEEN_GUESTS)


def _data(message: Any, beginning: str = "") -> str:
    """What the first button under a message says that says something so, if there is one."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    said = (str(button.get("callback_data", "")) for row in rows for button in row)
    return next((one for one in said if one.startswith(beginning)), "")


async def open_work(world: World) -> Work:
    """A company, its people, and what opens it; no program may run yet."""
    ada, bea, carl, dora = (Someone(world, one) for one in await world.people(4))
    work = Work(world, ada, bea, carl, dora)
    work.invitations = [new_invitation() for _ in range(PAIRS)]
    work.codes = [f"zaffiro{number:04}" for number in range(PAIRS)]
    world.settings |= {"SECRET_KEY": KEY, "ADMIN_IDS": f"{ada.id},{carl.id},{dora.id}"}
    database = open_database(world.database_url)
    try:
        await database.write(lambda connection: apply(connection, _hotel(bea.id)))
        await database.write(lambda connection: apply(connection, _openings(work)))
    finally:
        await database.close()
    return work


def _hotel(bea: int) -> list[Any]:
    person = Person(bea, "Bea", "admin")
    return [
        SaveProfile("hotel", VIP.model_dump_json(), "test", SEEDED_AT),
        Appoint(HOTEL, person, CONSOLE, SEEDED_AT),
    ]


def _openings(work: Work) -> list[Any]:
    vault = KeyVault.open(SecretStr(KEY))
    return [
        *(
            Invite(digest(one), HOTEL, "viewer", FOREVER, CONSOLE, SEEDED_AT)
            for one in work.invitations
        ),
        *(
            IssueCode(
                tenant=HOTEL,
                assistant="vip",
                digests=vault.digests(canonical(code), purpose=CODE_PURPOSE),
                generated=False,
                actor=CONSOLE,
                now=SEEDED_AT,
                single_use=True,
            )
            for code in work.codes
        ),
    ]
