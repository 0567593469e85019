"""Somebody else is faster, between what a command read and the transaction in which it acts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Chat, Message, Update

from bot.core.texts import say
from bot.core.texts.profile import Assistants as Say
from bot.ports import NoTools
from bot.telegram.account import Account, BotIdentity
from bot.telegram.admin.assistants import AssistantsCommand
from bot.telegram.admin.known_tools import TenantTools
from bot.telegram.admin.tenants import TenantsCommand
from bot.telegram.admin.visit import Step, Visit
from db.audit import trail
from db.chats import ChatWork
from db.codes import IssueCode, RevokeCodes
from db.companies import Rename
from db.drafts import Change, draft_of
from db.engine import Database
from db.journal import Journal
from db.records import Actor, Draft
from db.tenants import bots_by_tenant, tenant_by_id
from tenants.permissions import Role
from tenants.profile import Profile
from tests.databases import BOT, SOMEBODY, seed_tenant
from tests.fakes.clock import NOON

HOTEL = 1
BEA = Actor(6, "Bea")
NOTHING: Any = None  # behind a command, where the test does not get


@pytest.fixture
async def visit(database: Database, journal: Journal) -> Visit:
    """A host, at the hotel."""
    await seed_tenant(journal, bot_id=BOT)
    hotel = await database.read(lambda connection: tenant_by_id(connection, HOTEL))
    return Visit(Update(1), 5, "Ada", "en", Role.HOST, hotel, NOON, Profile(), [Role.HOST])


async def does(step: Step, database: Database) -> Sequence[Draft]:
    return await database.write(lambda c: step.work(ChatWork(c, chat=0, now=NOON)))


async def drafted(database: Database) -> Mapping[str, Any]:
    draft = await database.read(lambda connection: draft_of(connection, HOTEL))
    return draft.changes if draft else {}


def says(text: str) -> Message:
    return Message(1, datetime.fromtimestamp(NOON, UTC), Chat(5, "private"), text=text)


async def test_a_company_that_was_renamed_answers_on_the_bot_all_the_same(
    visit: Visit, database: Database, journal: Journal
) -> None:
    account = Account(BotIdentity(BOT, "aurora_bot", "Aurora"), NOTHING, shared=True)
    step = await TenantsCommand(database, account, closed=NOTHING).press(visit, "speak")
    await journal.do(Rename(HOTEL, "boreale", SOMEBODY, NOON))
    await does(step, database)
    assert await database.read(bots_by_tenant) == {HOTEL: (BOT,)}
    (entry,) = await database.read(lambda c: trail(c, tenant=HOTEL, limit=1))
    assert (entry.action, entry.new) == ("tenants.speak", "boreale")


async def test_two_who_make_an_assistant_at_once_make_two(
    visit: Visit, database: Database, journal: Journal
) -> None:
    step = await AssistantsCommand(
        database, NOTHING, NOTHING, TenantTools(database, NoTools())
    ).answer(visit, "new", says("vip"))
    await journal.do(Change(HOTEL, {"assistants": {"staff": {"sector": "x"}}}, BEA, NOON, ()))
    await does(step, database)
    assert await drafted(database) == {"assistants": {"staff": {"sector": "x"}, "vip": {}}}


async def test_a_code_that_was_revoked_is_not_changed(
    visit: Visit, database: Database, journal: Journal
) -> None:
    issue = IssueCode(
        tenant=HOTEL, assistant="vip", digests=("x",), generated=False, actor=BEA, now=NOON
    )
    code = await journal.do(issue)
    step = await AssistantsCommand(
        database, NOTHING, NOTHING, TenantTools(database, NoTools())
    ).press(visit, f"once {code} 1")
    await journal.do(RevokeCodes(tenant=HOTEL, actor=BEA, now=NOON, code=code))
    (answer,) = await does(step, database)
    assert say(Say.GONE, "en") in answer.text


async def test_what_an_assistant_has_is_not_brought_back(
    visit: Visit, database: Database, journal: Journal
) -> None:
    vip = Change(HOTEL, {"assistants": {"vip": {}}}, BEA, NOON, ())
    await journal.do(vip)
    command = AssistantsCommand(database, NOTHING, NOTHING, TenantTools(database, NoTools()))
    step = await command.answer(visit, "edit vip", says("sector: hotel"))
    await journal.do(Change(HOTEL, {"assistants": None}, BEA, NOON, ()))
    (answer,) = await does(step, database)
    assert say(Say.GONE, "en") in answer.text
    assert await drafted(database) == {}
