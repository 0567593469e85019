"""What one process has begun and not committed, another waits for; or passes by."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.util import await_only

from db.attention import SeeTo
from db.companies import DeleteTenant
from db.erasing import EraseTenant
from db.errors import Gone, Stale
from db.invites import Invite, Redeem, Spoilt
from db.models import bots, notices, outbox, questions, talks, updates
from db.operations import NoteResponse, Retire
from db.order import PLACES
from db.people import OWNER, Appoint, Person, Refusal, Revoke, SetRole, TakeInHand, roles_of
from db.records import Actor, Turn
from db.rows import keep_talks
from db.tenants import SaveProfile
from db.transaction import OneByOne, Operation
from db.window import Window
from tests.databases import SOMEBODY
from tests.db.desk import Desk, at, bubble, doing, incoming, sent
from tests.db.notices import tell_people
from tests.db.processes import two_desks
from tests.db.test_identify import adding, identifying
from tests.db.test_log import logged, opened, told

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
HOTEL, BANK = 1, 2
T = TypeVar("T")


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[Sequence[Desk]]:
    async with two_desks(database_url, Window()) as made:
        yield made


@asynccontextmanager
async def uncommitted(desk: Desk, operation: Operation[Any]) -> AsyncIterator[None]:
    """It is applied, and committed at the end of the block."""
    applied, end = asyncio.Event(), asyncio.Event()

    def work(connection: Connection) -> None:
        operation.carry_out_all(connection, [operation])
        applied.set()
        await_only(end.wait())

    writing = asyncio.create_task(desk.database.write(work))
    await applied.wait()
    yield
    end.set()
    await writing


async def waits(desk: Desk, doing: "asyncio.Task[Any]") -> bool:
    """Whether a transaction comes to wait for a lock before `doing` is done."""
    wanted = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not doing.done():
        if await desk.database.read(lambda connection: connection.scalar(wanted)):
            return True
    return False


async def meanwhile(
    desks: Sequence[Desk], operation: Operation[Any], doing: Coroutine[Any, Any, T]
) -> tuple[bool, T]:
    """`doing` is begun before the first desk's operation is committed: did it wait, what came?"""
    async with uncommitted(desks[0], operation):
        task = asyncio.create_task(doing)
        waited = await waits(desks[0], task)
    return waited, await task


async def test_the_end_of_a_turn_sees_the_message_that_is_being_accepted(
    desks: Sequence[Desk],
) -> None:
    turn = await desks[1].open_turn()
    accepting = desks[0].accepting(incoming(1))
    waited, due = await meanwhile(desks, accepting, desks[1].complete(turn))
    assert waited
    assert due is not None


async def test_a_claim_sees_the_message_that_is_being_accepted(desks: Sequence[Desk]) -> None:
    first, second = desks
    chat = await first.hear()
    second.now = first.now + 3
    _, turn = await meanwhile(desks, first.accepting(incoming(1)), second.claim(chat))
    assert isinstance(turn, Turn)
    assert len(turn.messages) == 2


async def test_a_claim_sees_the_turn_that_is_being_opened(desks: Sequence[Desk]) -> None:
    first, second = desks
    chat = await first.hear()
    first.now = second.now = first.now + 3
    _, claimed = await meanwhile(desks, first.claiming(chat), second.claim(chat))
    assert claimed is None


async def test_a_claim_sees_the_turn_that_is_being_closed(desks: Sequence[Desk]) -> None:
    first, second = desks
    turn = await first.open_turn()
    await first.hear()
    second.now = first.now + 3
    _, claimed = await meanwhile(desks, first.completing(turn), second.claim(turn.chat))
    assert isinstance(claimed, Turn)


async def test_a_message_joins_the_burst_that_is_being_accepted(desks: Sequence[Desk]) -> None:
    first, second = desks
    await first.complete(await first.open_turn())
    began = first.now
    second.now = began + 2.9
    _, accepted = await meanwhile(desks, first.accepting(incoming(1)), second.accept(incoming(2)))
    assert list(accepted.due.values()) == [at(began + 3.0)]


async def test_an_event_that_is_being_handled_is_not_handled_again(desks: Sequence[Desk]) -> None:
    first, second = desks
    event = await first.event()
    handling = first.handling(event, lambda _: [bubble("Ecco.")])
    _, again = await meanwhile(desks, handling, second.handle(event))
    assert not again.fresh


async def test_who_is_losing_the_turn_cannot_write(desks: Sequence[Desk]) -> None:
    first, second = desks
    turn = await second.open_turn()
    await first.journal.do(Retire("second"))
    adopting = first.adopting()
    posting = second.together(second.posting(turn, bubble("Uno.")))
    waited, (refused,) = await meanwhile(desks, adopting, posting)
    assert waited
    assert isinstance(refused, Stale)
    assert await first.stored(outbox) == []


async def test_what_is_being_written_to_is_not_adopted_now(desks: Sequence[Desk]) -> None:
    first, second = desks
    turn = await first.open_turn()
    await second.journal.do(Retire("first"))
    adopting = second.journal.do(second.adopting(now=first.now))
    waited, orphans = await meanwhile(
        desks, NoteResponse(turn.fence, "resp_1", told="[]"), adopting
    )
    assert not waited
    assert orphans.turns == ()


async def test_a_bubble_goes_out_while_a_message_is_being_accepted(desks: Sequence[Desk]) -> None:
    """Rows of the outbox refer to the chat; that reference needs no more than its existence."""
    first, second = desks
    turn = await second.open_turn()
    posting = second.post(turn, bubble("Uno."), intend_first=True)
    waited, posted = await meanwhile(desks, first.accepting(incoming(1)), posting)
    assert not waited
    assert posted.sending


async def test_of_two_owners_who_remove_each_other_at_once_one_stays(
    desks: Sequence[Desk],
) -> None:
    first, second = desks
    actor = Actor(None, "console")
    for user in (1, 2):
        await first.journal.do(Appoint(1, Person(user, "Anna", OWNER), actor, first.now))
    revoke, other = (Revoke(1, user, actor, first.now) for user in (1, 2))
    _, refused = await meanwhile(desks, revoke, second.journal.do(other))
    assert refused is Refusal.LAST_OWNER


@dataclass(frozen=True, slots=True)
class ByOwner(OneByOne[Any]):
    """What an owner does on the desk: the role is held until the commit."""

    user: int
    now: float
    deed: OneByOne[Any]

    def carry_out(self, connection: Connection) -> Any:
        held = roles_of(connection, user_id=self.user, now=self.now, keep=True)
        return self.deed.carry_out(connection) if 1 in held else "denied"


async def test_an_owner_is_not_removed_while_at_work_and_two_at_once_do_not_get_stuck(
    desks: Sequence[Desk],
) -> None:
    first, second = desks
    actor = Actor(None, "console")
    for user in (1, 2, 3):
        await first.journal.do(Appoint(1, Person(user, "Anna", OWNER), actor, first.now))
    mine, other = (
        ByOwner(user, first.now, Revoke(1, 3 - user, actor, first.now)) for user in (1, 2)
    )
    first.journal.places = second.journal.places = {**PLACES, ByOwner: len(PLACES)}
    results = await asyncio.gather(first.journal.do(mine), second.journal.do(other))
    assert sorted(map(str, results)) == ["None", "denied"]


async def test_a_role_is_kept_until_what_it_allowed_is_done(desks: Sequence[Desk]) -> None:
    first, second = desks
    actor = Actor(None, "console")
    for user in (1, 2, 3):
        await first.journal.do(Appoint(1, Person(user, "Anna", OWNER), actor, first.now))
    at_work = ByOwner(1, first.now, TakeInHand(1, 1))
    removal = second.journal.do(SetRole(1, 1, "viewer", actor, first.now))
    waited, refused = await meanwhile(desks, at_work, removal)
    assert waited
    assert refused is None


async def test_a_link_that_is_being_opened_opens_for_nobody_else(desks: Sequence[Desk]) -> None:
    first, second = desks
    actor = Actor(None, "console")
    await first.journal.do(Invite("digest", 1, "admin", first.now + 60, actor, first.now))
    redeem, other = (Redeem("digest", user, "Anna", first.now) for user in (1, 2))
    _, refused = await meanwhile(desks, redeem, second.journal.do(other))
    assert refused is Spoilt.USED


async def test_what_is_being_accepted_for_a_company_is_deleted_with_it(
    desks: Sequence[Desk],
) -> None:
    first, second = desks
    await first.hear()
    await first.database.write(lambda c: c.execute(update(bots).values(token="encrypted")))
    deleting = second.journal.do(DeleteTenant(HOTEL, SOMEBODY, second.now))
    waited, held = await meanwhile(desks, first.accepting(incoming(1)), deleting)
    assert waited
    assert held == ()
    while await second.journal.do(EraseTenant(second.now)):
        pass
    assert await first.stored(updates) == []


async def test_what_is_being_said_for_a_company_is_deleted_with_it(desks: Sequence[Desk]) -> None:
    first, second = desks
    turn = await first.open_turn()
    await first.database.write(lambda c: c.execute(update(bots).values(token="encrypted")))
    deleting = second.journal.do(DeleteTenant(HOTEL, SOMEBODY, second.now))
    waited, held = await meanwhile(desks, first.posting(turn, bubble("Salve.")), deleting)
    assert waited
    assert held == ()
    while await second.journal.do(EraseTenant(second.now)):
        pass
    assert await first.stored(outbox) == []
    (refused,) = await first.together(first.completing(turn))
    assert isinstance(refused, Stale)


@pytest.mark.parametrize("again", [False, True])
async def test_who_comes_to_a_company_that_is_being_deleted_goes_on_elsewhere(
    desks: Sequence[Desk], again: bool
) -> None:
    first, second = desks
    await first.journal.do(SaveProfile("banca-aessefin", "{}", "test", first.now))
    for known in (BANK, HOTEL) if again else ():
        await first.do_to_chat("switch", known)
    coming = first.handling(await first.event(), doing("switch", BANK))
    await meanwhile(desks, coming, second.journal.do(DeleteTenant(BANK, SOMEBODY, second.now)))
    turn = await first.open_turn()
    assert turn.tenant == HOTEL


async def test_nobody_comes_to_a_company_that_is_being_deleted(desks: Sequence[Desk]) -> None:
    first, second = desks
    await first.journal.do(SaveProfile("banca-aessefin", "{}", "test", first.now))
    await second.do_to_chat("switch", BANK)
    await second.do_to_chat("switch", HOTEL)
    event = await second.event()
    coming = second.together(second.handling(event, doing("switch", BANK)))
    deleting = DeleteTenant(BANK, SOMEBODY, first.now)
    waited, (refused,) = await meanwhile(desks, deleting, coming)
    assert waited
    assert isinstance(refused, Gone)


class Keep(OneByOne[None]):
    """Whoever tells people of the only conversation begins so."""

    def carry_out(self, connection: Connection) -> None:
        keep_talks(connection, talks.c.id == 1)


@pytest.mark.parametrize("forgets", [False, True])
async def test_whoever_changes_what_people_are_told_waits_before_it_holds_anything(
    desks: Sequence[Desk], forgets: bool
) -> None:
    first, second = desks
    await first.journal.do(await tell_people(first))
    see_to = SeeTo(1, Actor(7, "Ada"), second.now)
    forgetting = second.handling(await second.event(), doing("forget"))
    changing: Operation[Any] = forgetting if forgets else see_to
    free = [
        select(table.c.id).with_for_update(skip_locked=True, key_share=True)
        for table in (notices, questions)
    ]
    async with uncommitted(first, Keep()):
        task = asyncio.create_task(second.journal.do(changing))
        assert await waits(first, task)
        for rows in free:
            found = await first.database.write(lambda c, rows=rows: c.execute(rows).all())  # type: ignore[misc]  # mypy infers no default of a lambda
            assert len(found) == 1
    await task


async def test_no_number_is_seen_before_the_one_below_it(desks: Sequence[Desk]) -> None:
    """What another process logs meanwhile waits for the commit, and comes after it."""
    first, second = desks
    turn = await opened(first, logged(1))
    (row,) = (await first.post(turn, bubble("Salve!"), intend_first=True)).rows
    saying = first.posting(turn, settled=(sent(row, 7),), logged=True)
    async with uncommitted(first, saying):
        task = asyncio.create_task(second.accept(logged(2, "Ancora una cosa")))
        assert await waits(first, task)
        assert [seq for seq, *_ in await told(second)] == [1]
    await task
    assert await told(second) == [
        (1, "heard", "Buongiorno"),
        (2, "said", "Salve!"),
        (3, "heard", "Ancora una cosa"),
    ]


async def test_two_devices_that_are_known_at_once_get_one_chat(desks: Sequence[Desk]) -> None:
    first, second = desks
    await first.journal.do(adding(first))
    proving = second.journal.do(identifying(second, 2))
    assert await meanwhile(desks, identifying(first, 1), proving) == (True, "c_1")
