"""For whom a turn's calls are made, by itself: as their tools are told."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.turns.contexts import Contexts
from bot.turns.tool_desk import TurnDesk
from db.engine import Database
from db.facts import LINK, TOOL, Fact
from db.records import Fence, Turn
from db.tenants import tenant_by_id
from tests.addresses import chat_at
from tests.fakes.channel import BOT
from tests.fakes.clock import NOON, FakeClock
from tests.turns.desk import PROFILE
from tests.turns.records import TURN

DESK = cast(TurnDesk, object())
ROME = PROFILE.model_copy(update={"language": "it", "time_zone": "Europe/Rome"})
FACTS = (Fact("room", "12", "host"), Fact("start", "campaign-42", LINK), Fact("seat", "4", TOOL))
DIGEST, SECONDS = "digest", 9.0


@dataclass(slots=True)
class Tables:
    """What they hold of the company and the client."""

    is_there: bool = True
    looks: list[Any] = field(default_factory=list)

    async def read(self, work: Any, *args: Any, **which: Any) -> Any:
        self.looks.append((*args, which))
        if work is tenant_by_id:
            return SimpleNamespace(name="hotel") if self.is_there else None
        return FACTS


def contexts(turn: Turn = TURN, tables: Tables | None = None) -> Contexts:
    database = cast(Database, tables or Tables())
    return Contexts(turn, ROME, database, FakeClock(), DESK, phone=None)


async def test_for_whom_it_is_is_looked_up_once() -> None:
    tables = Tables()
    made = contexts(tables=tables)
    await made.learn()
    await made.learn()
    assert tables.looks == [(TURN.tenant, {}), ({"chat": TURN.chat, "tenant": TURN.tenant},)]
    context = made.make(DIGEST, SECONDS)
    assert (context.tenant, context.chat, context.seconds) == ("hotel", TURN.chat, SECONDS)
    assert context.facts == {"room": "12", "start": "campaign-42", "seat": "4"}
    assert (context.hours, context.desk, context.phone) == (ROME.hours, DESK, None)


async def test_of_a_company_that_is_gone_there_is_no_name() -> None:
    made = contexts(tables=Tables(is_there=False))
    await made.learn()
    assert made.make(DIGEST, SECONDS).tenant == ""


@pytest.mark.parametrize(("language", "told"), [("ru", "ru"), (None, "it"), ("", "it")])
def test_who_says_no_language_is_told_the_companys(language: str | None, told: str) -> None:
    assert contexts(replace(TURN, language=language)).make(DIGEST, SECONDS).language == told


def test_it_is_told_what_time_it_is_where_the_company_is() -> None:
    now = contexts().make(DIGEST, SECONDS).now
    assert (now.timestamp(), f"{now:%H:%M %Z}") == (NOON, "13:00 CET")


def test_the_key_is_the_same_for_the_same_call_alone() -> None:
    others = [
        replace(TURN, fence=Fence(TURN.fence.turn + 1, 1)),
        replace(TURN, address=chat_at(BOT, 2)),
        replace(TURN, address=chat_at(BOT + 1, 1)),
        replace(TURN, received_at=1.0),  # another database has counted to this turn, too
    ]
    again = replace(TURN, fence=Fence(TURN.fence.turn, TURN.fence.epoch + 1))
    key = contexts().make(DIGEST, SECONDS).key
    assert contexts(again).make(DIGEST, SECONDS + 1).key == key
    keys = [contexts(other).make(DIGEST, SECONDS).key for other in others]
    assert len({key, contexts().make("other", SECONDS).key, *keys}) == 6
