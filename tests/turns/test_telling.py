"""What a turn is told of the moment, by itself: what it knows already, and what it looks up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from bot.ports import ClientMessage, Line, Speaker
from bot.turns.told import Telling, write_told
from db.duty import roles_reached
from db.engine import Database
from db.facts import Fact, facts_of
from db.records import TELEGRAM, Turn
from db.transcript import Missed
from tenants.permissions import Role
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.clock import NOON, FakeClock
from tests.turns.desk import PROFILE
from tests.turns.records import TURN

HEARD = ClientMessage("1", "?", "", "1", None)
ON_PHONE, GROUP = chat_at(BOT, 2), chat_at(BOT, -1)
REACHED = replace(TURN, language=None, reached=frozenset({Role.OWNER}))
MISSED_ONE = Missed(("Dalle 14.",))
HOTEL = PROFILE.model_copy(update={"extensions": ("600 Reception",)})


@dataclass(slots=True)
class Tables:
    """What stands there, and what of it was looked up."""

    roles: Collection[str] = ()
    before: Missed | None = MISSED_ONE  # of the turn before
    looked_up: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def read(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        self.looked_up.append((work.__name__, kwargs))
        if work is roles_reached:
            ((tenant,),) = args
            return {tenant: frozenset(self.roles)}
        return [Fact("room", "12", "host")] if work is facts_of else self.before


async def told(turn: Turn, tables: Tables | None = None, **heard: Any) -> list[str]:
    """What stands behind the time, label by label."""
    database = cast(Database, tables or Tables())
    channels = {TELEGRAM: FakeChannel(phones={ON_PHONE.chat_id: "call"})}
    telling = Telling(database, channels, FakeClock())
    lines = await telling.of(turn, HOTEL, replace(HEARD, **heard))
    labels = [each.strip("⟦⟧") for line in lines for each in line.text.splitlines()]
    assert labels[0].startswith("now: Friday 20 November 2026")
    return labels[1:]


async def test_a_turn_that_knows_all_it_needs_looks_nothing_up() -> None:
    tables = Tables()
    assert await told(REACHED, tables) == ["first_turn: yes"]
    assert tables.looked_up == []


@pytest.mark.parametrize(
    ("turn", "heard", "labels"),
    [
        (replace(REACHED, language="it"), {"language": "en"}, ["language: it"]),
        (REACHED, {"language": "en"}, ["language: en"]),
        (REACHED, {"sender": "Anna", "page": "a.it"}, ["name: Anna", "writes_on_page: a.it"]),
        (replace(REACHED, address=GROUP), {}, ["group: yes"]),
    ],
)
async def test_it_says_who_writes_and_where(
    turn: Turn, heard: dict[str, Any], labels: Sequence[str]
) -> None:
    assert await told(turn, **heard) == ["first_turn: yes", *labels]


BEGUN = {"resumed": True, "conversation_id": "conv_1"}
SAID = Missed()


@pytest.mark.parametrize(
    ("turn", "before", "first"),
    [
        ({}, None, "yes"),
        ({"resumed": True}, None, "no"),  # what was said before is not in a conversation any more
        (BEGUN, None, "no"),
        ({"adopted": True}, None, "yes"),
        (BEGUN | {"adopted": True}, None, "yes"),  # by the same turn, whose owner died
        (BEGUN | {"adopted": True}, SAID, "no"),  # before that one
        ({"adopted": True, "resumed": True}, SAID, "no"),
    ],
)
async def test_only_a_turn_before_which_nothing_was_said_is_the_first(
    turn: dict[str, Any], before: Missed | None, first: str
) -> None:
    label, *_ = await told(replace(REACHED, **turn), Tables(before=before))
    assert label == f"first_turn: {first}"


async def test_on_the_phone_it_says_to_whom_a_call_may_be_passed_on() -> None:
    _, phone, extension = await told(replace(REACHED, address=ON_PHONE))
    assert phone.startswith("phone: yes")
    assert extension == "extension: 600 = Reception"


FACTS, MISSED = "known: room = 12", "undelivered: Dalle 14."
OF_CHAT = ("facts_of", {"chat": TURN.chat, "tenant": TURN.tenant})
OF_THREAD = ("missed", {"thread": TURN.thread, "before_turn": TURN.fence.turn})


@pytest.mark.parametrize(
    ("said", "labels", "looked_up"),
    [
        ({"known": True}, [FACTS], [OF_CHAT]),
        ({"missed": True}, [MISSED], [OF_THREAD]),
        ({"adopted": True}, [FACTS, MISSED], [OF_THREAD, OF_CHAT]),
    ],
)
async def test_what_is_known_and_what_was_missed_is_looked_up_where_there_may_be_any(
    said: dict[str, Any], labels: Sequence[str], looked_up: Sequence[Any]
) -> None:
    tables = Tables()
    assert await told(replace(REACHED, **said), tables) == ["first_turn: yes", *labels]
    assert tables.looked_up == looked_up


@pytest.mark.parametrize(
    ("assistant", "role", "reached"),
    [
        ("public", Role.OPERATOR, True),
        ("vip", Role.OPERATOR, False),
        ("vip", Role.OWNER, True),
        ("public", Role.VIEWER, False),
        ("public", None, False),
    ],
)
@pytest.mark.parametrize("claimed", [True, False])
async def test_somebody_is_reached_who_may_read_what_is_said_to_this_assistant(
    assistant: str, role: Role | None, reached: bool, claimed: bool
) -> None:
    roles = frozenset({role} if role else ())
    turn = replace(REACHED, assistant=assistant, reached=roles if claimed else None)
    tables = Tables() if claimed else Tables(roles)
    labels = await told(turn, tables)
    assert any(each.startswith("nobody: ") for each in labels) is not reached
    assert tables.looked_up == ([] if claimed else [("roles_reached", {"now": NOON})])


async def test_what_was_told_once_is_told_again() -> None:
    before = Line(Speaker.DESK, "⟦now: Friday 20 November 2026, 9:00⟧\n⟦first_turn: no⟧")
    turn = replace(REACHED, adopted=True, told=write_told((before,)))
    assert await told(turn) == ["first_turn: no"]
