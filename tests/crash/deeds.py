"""What the admins' work came to: each deed once, written down once, told once."""

from typing import Final

from sqlalchemy import Connection, text

from bot.core.texts import say
from bot.core.texts.client import Access
from bot.core.texts.desk import Admins
from db.engine import open_database
from tests.crash.work import Work

TABLES: Final = {
    "changes in the trail": "SELECT count(*) FROM audit WHERE action = 'draft changed'",
    "versions": "SELECT count(*) FROM profiles WHERE tenant_id = 1 AND version > 1",
    "current version": "SELECT version - 1 FROM tenants WHERE id = 1",
    "publishes in the trail": "SELECT count(*) FROM audit WHERE action = 'published'",
    "roll-backs in the trail": "SELECT count(*) FROM audit WHERE action = 'rolled back'",
    "companies made": "SELECT count(*) FROM audit WHERE action = 'tenants.create'",
    "companies deleted": "SELECT count(*) FROM audit WHERE action = 'tenants.delete'",
    "companies left": "SELECT count(*) FROM tenants WHERE id > 1 AND state <> 'deleted'",
    "bots": "SELECT count(*) FROM bots WHERE added_at IS NOT NULL",
    "bots in the trail": "SELECT count(*) FROM audit WHERE action = 'bot added'",
    "bots left": "SELECT count(*) FROM bots WHERE added_at IS NOT NULL AND removed_at IS NULL",
    "bots removed": "SELECT count(*) FROM audit WHERE action = 'bot removed'",
    "invitations used": "SELECT count(*) FROM invites WHERE used_at IS NOT NULL",
    "viewers": "SELECT count(*) FROM admins WHERE role = 'viewer'",
    "viewers in the trail": "SELECT count(*) FROM audit WHERE action = 'admin added'"
    " AND new = 'viewer'",
    "codes used": "SELECT count(*) FROM codes WHERE used_at IS NOT NULL",
    "codes in the trail": "SELECT count(*) FROM audit WHERE action = 'code used'",
    "codes refused": "SELECT count(*) FROM audit WHERE action = 'code refused'",
}


async def judge_work(work: Work) -> dict[str, str]:
    """What is not as it must be: what it should be, and what it is."""
    database = open_database(work.world.database_url)
    try:
        found = await database.read(_count) | await _heard(work)
    finally:
        await database.close()
    expected = _expected(work)
    return {
        name: f"{expected[name]} expected, {found[name]} found"
        for name in expected
        if found[name] != expected[name]
    }


def _expected(work: Work) -> dict[str, int]:
    versions = work.published + work.rolled_back
    invited, coded = len(_guests(work, "/start")), len(_guests(work, "/unlock"))
    return {
        "changes in the trail": work.changes,
        "versions": versions,
        "current version": versions,
        "publishes in the trail": work.published,
        "roll-backs in the trail": work.rolled_back,
        "companies made": work.made,
        "companies deleted": work.deleted,
        "companies left": work.made - work.deleted,
        "bots": work.added,
        "bots in the trail": work.added,
        "bots left": work.added - work.removed,
        "bots removed": work.removed,
        "invitations used": invited,
        "viewers": invited,
        "viewers in the trail": invited,
        "codes used": coded,
        "codes in the trail": coded,
        "codes refused": coded,
        "Ada's answers": work.ada.sent,
        "Carl's answers": work.carl.sent + work.made,  # the guide follows what is made
        "Dora's answers": work.dora.sent,
        "Bea's news": work.bea.sent + versions,
        "guests let in": invited + coded,
        "guests turned away": invited + coded,
        "guests' answers": 2 * (invited + coded) + coded,  # a private assistant greets, too
    }


def _count(connection: Connection) -> dict[str, int]:
    return {
        name: int(connection.execute(text(query)).scalar_one()) for name, query in TABLES.items()
    }


async def _heard(work: Work) -> dict[str, int]:
    everybody = {
        "Ada's answers": work.ada,
        "Bea's news": work.bea,
        "Carl's answers": work.carl,
        "Dora's answers": work.dora,
    }
    found = {name: len(await someone.heard()) for name, someone in everybody.items()}
    away = {say(Access.REFUSED, "en"), say(Admins.LINK_USED, "en")}
    told = dict.fromkeys(("guests let in", "guests turned away", "guests' answers"), 0)
    for words, *pair in work.guests:
        said = [await work.world.heard(one) for one in pair]
        greetings = 2 if words.startswith("/unlock") else 1
        told["guests' answers"] += sum(map(len, said))
        told["guests turned away"] += sum(len(one) == 1 and one[0] in away for one in said)
        told["guests let in"] += sum(len(one) == greetings and one[0] not in away for one in said)
    return found | told


def _guests(work: Work, command: str) -> list[str]:
    return [words for words, *_ in work.guests if words.startswith(command)]
