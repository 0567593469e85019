"""Whom a bot speaks for that nobody gave to a company."""

from typing import Any

from db.audit import Deed, Signature, note
from db.companies import SetState
from db.engine import Database
from db.heirs import heirs
from db.journal import apply
from db.records import Actor, TenantState
from db.tenants import SaveProfile, find_tenant
from tenants.heir import PRESET, heir
from tenants.presets import load
from tenants.profile import Profile
from tests.databases import SOMEBODY

HOST = Actor(None, "command line")
EXAMPLE = "hotel-aurora"


class Book:
    """Companies as hosts make them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def example(self, name: str = EXAMPLE, *, by: str = PRESET) -> None:
        await self._save(name, load(name), by)

    async def company(self, name: str) -> None:
        await self._save(name, Profile(company_name=name), HOST.name)

    async def speaks(self, name: str) -> None:
        """It was told to speak through the host's bots."""
        await self._database.write(
            lambda c: note(c, Signature(_row(c, name), HOST, 0.0), Deed.TENANT_SPEAKS)
        )

    async def archive(self, name: str) -> None:
        await self._database.write(
            lambda c: apply(c, [SetState(_row(c, name), TenantState.ARCHIVED, SOMEBODY, 0.0)])
        )

    async def heir(self) -> str | None:
        return heir(await self._database.read(heirs))

    async def _save(self, name: str, profile: Profile, author: str) -> None:
        save = SaveProfile(name, profile.model_dump_json(), author, 0.0)
        await self._database.write(save.carry_out)


def _row(connection: Any, name: str) -> int:
    tenant = find_tenant(connection, name)
    assert tenant is not None
    return tenant.id


async def test_without_a_company_there_is_nobody(database: Database) -> None:
    assert await Book(database).heir() is None


async def test_a_company_comes_before_the_examples(database: Database) -> None:
    book = Book(database)
    await book.example()
    await book.example("hotel-aurora-en", by=HOST.name)
    await book.company("bakery-lane")
    await book.company("younger")

    assert await book.heir() == "bakery-lane"


async def test_an_example_that_was_applied_comes_before_the_one_of_the_first_start(
    database: Database,
) -> None:
    book = Book(database)
    await book.example()
    await book.example("hotel-aurora-en", by=HOST.name)

    assert await book.heir() == "hotel-aurora-en"


async def test_an_example_that_was_changed_is_a_company(database: Database) -> None:
    book = Book(database)
    await book.example()
    await book.company(EXAMPLE)
    await book.company("younger")

    assert await book.heir() == EXAMPLE


async def test_the_last_wish_comes_first(database: Database) -> None:
    book = Book(database)
    for name in ("oldest", "bakery-lane", "younger"):
        await book.company(name)
    await book.speaks("younger")
    await book.speaks("bakery-lane")

    assert await book.heir() == "bakery-lane"


async def test_what_is_archived_speaks_through_nothing(database: Database) -> None:
    book = Book(database)
    await book.example()
    for name in ("oldest", "wished"):
        await book.company(name)
    await book.speaks("wished")
    await book.archive("wished")
    assert await book.heir() == "oldest"

    await book.archive("oldest")
    assert await book.heir() == EXAMPLE
