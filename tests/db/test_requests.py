"""What clients ask a company to do: taken down once, told once, and done by somebody."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Table, update

from db.attention import Case, Notified, TellPeople, untold
from db.calls import CallRow, CallState, ProposeCalls
from db.chats import ChatWork
from db.company_now import company_now
from db.errors import Stale
from db.journal import apply
from db.models import notices, outbox, questions, quotes, requests, talks, turns, updates
from db.outdated import outdated
from db.people import Appoint, Person
from db.records import Actor, Draft, OutboxKind, Outcome, Stated, Turn
from db.requests import (
    ClientRequest,
    FinishRequest,
    TakeRequest,
    TookDown,
    list_requests,
    request_by_row,
    request_told_in,
    untold_requests,
)
from db.retention import Retention
from db.tenants import SaveProfile, tenant_by_id
from tests.databases import BOT
from tests.db.aging import Aging
from tests.db.desk import ANNA, BRUNO, Desk, bubble, doing

HOTEL, BANK = 1, 2
ADA = Actor(7, "Ada")
TABLE = (("Nome", "Anna"), ("Quando", "domani alle 20"))


def taking(turn: Turn, now: float, key: str = "call 1") -> TakeRequest:
    return TakeRequest(turn.fence.turn, key, TABLE, now)


async def takes(desk: Desk, key: str = "call 1", client: int = ANNA) -> Turn:
    """A request, in a turn that is still open."""
    turn = await desk.open_turn("Un tavolo", client=client)
    await desk.journal.do(taking(turn, desk.now, key))
    desk.now += 60
    return turn


async def take_request(desk: Desk) -> TakeRequest:
    return taking(await desk.open_turn(), desk.now)


async def listed(
    desk: Desk, tenant: int = HOTEL, *, private: bool = True, first: int = 0, limit: int = 9
) -> Sequence[ClientRequest]:
    return await desk.database.read(
        list_requests, tenant, private=private, first=first, limit=limit
    )


async def finish(desk: Desk, row: int, tenant: int = HOTEL) -> bool:
    finishing = FinishRequest(tenant, row, ADA, desk.now)
    (done,) = await desk.database.write(lambda c: apply(c, [finishing]))
    return bool(done)


async def what_was_asked_for(desk: Desk) -> None:
    """All that is read and written of one."""
    turn = await takes(desk)
    await desk.complete(turn, client="Anna")
    await desk.database.read(untold_requests)
    for first in (0, 8):
        await listed(desk, private=False, first=first, limit=8)
    await desk.database.read(request_by_row, HOTEL, 1, private=False)
    await desk.database.read(request_told_in, 1)
    await finish(desk, 1)


async def telling(desk: Desk, role: str = "owner") -> TellPeople:
    """What tells Bruno, who works there, of the first conversation."""
    await desk.hear("/duty", client=BRUNO)
    await desk.journal.do(Appoint(HOTEL, Person(BRUNO, "Bruno", role), ADA, desk.now))
    (talk, *_), _ = await desk.database.read(untold_requests)

    def draft(what: Case | ClientRequest, _: str | None) -> Draft:
        asked = isinstance(what, ClientRequest)
        text = " ".join(v for _, v in what.fields) if isinstance(what, ClientRequest) else "?"
        return bubble(text if asked else "Anna aspetta.", kind=OutboxKind.NOTICE)

    roles = frozenset({"owner"})
    now, bots = desk.now, frozenset({BOT})
    return TellPeople(talk, desk.owner, bots, roles, now, draft, lambda _: True)


async def test_a_call_that_is_made_again_takes_it_down_once(desk: Desk) -> None:
    turn = await desk.open_turn()
    first = await desk.journal.do(taking(turn, desk.now))
    again = await desk.journal.do(taking(turn, desk.now + 1))
    other = await desk.journal.do(taking(turn, desk.now + 1, "call 2"))
    assert (first, again, other) == (TookDown(1), TookDown(1, again=True), TookDown(2))
    (newest, oldest) = await listed(desk)
    assert (newest.row, oldest.row, oldest.fields) == (2, 1, TABLE)


async def test_its_conversation_is_there_from_the_first_turn_on(desk: Desk) -> None:
    turn = await takes(desk)
    (one,) = await listed(desk)
    assert (one.talk.chat, one.talk.name) == (turn.chat, None)
    await desk.complete(turn, client="Anna")
    (one,) = await listed(desk)
    assert one.talk.name == "Anna"


async def test_nothing_is_taken_down_once_the_turn_is_over(desk: Desk) -> None:
    turn = await takes(desk)
    await desk.complete(turn)
    assert await desk.journal.do(taking(turn, desk.now)) == TookDown(1, again=True)
    with pytest.raises(Stale):
        await desk.journal.do(taking(turn, desk.now, "call 2"))


async def test_what_is_to_be_done_goes_before_what_is_done(desk: Desk) -> None:
    for number, client in enumerate((ANNA, BRUNO, 1003, 1004), 1):
        await takes(desk, f"call {number}", client)
    assert await finish(desk, 4)
    assert await finish(desk, 2)
    assert [one.row for one in await listed(desk)] == [3, 1, 4, 2]
    pages = [await listed(desk, first=first, limit=2) for first in (0, 2, 1, 4)]
    assert [[one.row for one in page] for page in pages] == [[3, 1], [4, 2], [1, 4], []]
    assert [one.done_by for one in await listed(desk)] == [None, None, "Ada", "Ada"]


async def test_who_is_the_second_to_do_it_changes_nothing(desk: Desk) -> None:
    await takes(desk)
    assert await finish(desk, 1)
    desk.now += 60
    assert not await finish(desk, 1)
    assert (await desk.row(requests)).done_at == desk.now - 60


async def test_what_is_done_before_anybody_is_told_is_not_told(desk: Desk) -> None:
    await takes(desk)
    tell = await telling(desk)
    assert await finish(desk, 1)
    assert await desk.database.read(untold_requests) == ((), None)
    assert await desk.journal.do(tell) == Notified()


async def test_what_shows_other_words_stays_when_one_is_done_untold(desk: Desk) -> None:
    await takes(desk)
    await desk.journal.do(await telling(desk))
    card = update(quotes).values(notice_id=None, rewrite_at=None)  # as one of /chats has it
    await desk.database.write(lambda connection: connection.execute(card))
    await takes(desk, "call 2", client=BRUNO)
    assert await finish(desk, 2)
    assert (await desk.row(quotes)).rewrite_at is None


async def test_no_other_company_reads_or_does_it(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("banca-aessefin", "{}", "test", desk.now))
    await takes(desk)
    assert await listed(desk, BANK) == ()
    assert await desk.database.read(request_by_row, BANK, 1, private=True) is None
    assert not await finish(desk, 1, BANK)
    assert (await desk.row(requests)).done_at is None


async def test_of_private_assistants_those_who_may_read_them_are_told_how_many(
    desk: Desk,
) -> None:
    def unlock(chat: ChatWork) -> Sequence[Draft]:
        chat.switch(HOTEL, assistant="vip")
        return ()

    await desk.handle(await desk.event(), unlock)
    await takes(desk)
    assert await listed(desk, private=False) == ()
    assert await desk.database.read(request_by_row, HOTEL, 1, private=False) is None
    tenant = await desk.database.read(tenant_by_id, HOTEL)
    assert tenant is not None
    now = await desk.database.read(company_now, tenant)
    assert (now.requests, now.requests_in_all) == (0, 1)


# ---------------------------------------------------------------- who is told


async def test_each_is_told_once_and_shown_done(desk: Desk) -> None:
    await takes(desk)
    told = await desk.journal.do(await telling(desk))
    assert [row.text for row in told.rows] == ["Anna domani alle 20"]
    assert await desk.database.read(untold_requests) == ((), None)
    assert await desk.database.read(outdated, [BOT], now=desk.now) == ()
    await finish(desk, 1)
    (shown,) = await desk.database.read(outdated, [BOT], now=desk.now)
    assert isinstance(shown.case, ClientRequest)
    assert shown.case.done_by == "Ada"


async def test_each_has_a_message_of_its_own_that_no_question_joins(desk: Desk) -> None:
    turn = await takes(desk)
    await desk.journal.do(taking(turn, desk.now, "call 2"))
    assert len((await desk.journal.do(await telling(desk))).rows) == 2
    stated = Stated(outcome=Outcome.UNKNOWN)
    await desk.journal.do(replace(desk.completing(turn, client="Anna"), stated=stated))
    told = await desk.journal.do(replace(await _again(desk), now=desk.now))
    assert [row.text for row in told.rows] == ["Anna aspetta."]
    assert len(await desk.stored(notices)) == 3


async def _again(desk: Desk) -> TellPeople:
    (talk,), _ = await desk.database.read(untold)
    await desk.database.write(lambda c: c.execute(update(requests).values(told_at=None)))
    made = await telling(desk)
    await desk.database.write(lambda c: c.execute(update(requests).values(told_at=1.0)))
    return replace(made, talk=talk)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [(Outcome.ANSWERED, 0), (Outcome.HANDOVER, 0), (Outcome.COMPLAINT, 1), (Outcome.UNKNOWN, 1)],
)
async def test_a_person_who_is_wanted_for_a_request_is_not_told_twice(
    desk: Desk, outcome: Outcome, told: int
) -> None:
    turn = await takes(desk)
    stated = Stated(outcome=outcome, promised=outcome is Outcome.ANSWERED)
    await desk.journal.do(replace(desk.completing(turn, client="Anna"), stated=stated))
    assert len(await desk.stored(questions)) == told


async def test_what_is_in_doubt_beside_a_request_is_told(desk: Desk) -> None:
    turn = await takes(desk)
    doubtful = CallRow("call 2", "resp_1", "pay", "{}", "a", CallState.DOUBT, "Nobody knows.")
    await desk.journal.do(ProposeCalls(turn.fence, (doubtful,), desk.now))
    stated = Stated(outcome=Outcome.HANDOVER)
    await desk.journal.do(replace(desk.completing(turn, client="Anna"), stated=stated))
    assert len(await desk.stored(questions)) == 1


async def test_while_nobody_can_be_told_it_is_kept(desk: Desk) -> None:
    await takes(desk)
    tell = await telling(desk, "viewer")
    assert await desk.journal.do(tell) == Notified(nobody=True)
    assert len((await desk.database.read(untold_requests))[0]) == 1
    assert await desk.journal.do(replace(tell, though_nobody=True)) == Notified()
    assert await desk.database.read(untold_requests) == ((), None)


async def test_out_of_hours_it_is_kept_for_later(desk: Desk) -> None:
    await takes(desk)
    tell = replace(await telling(desk), is_on_duty_in_commit=lambda _: False)
    assert await desk.journal.do(tell) == Notified(later=True)
    assert len((await desk.database.read(untold_requests))[0]) == 1


# ---------------------------------------------------------------- what goes


async def test_what_a_client_had_forgotten_is_asked_for_by_nobody(desk: Desk) -> None:
    turn = await takes(desk)
    await desk.journal.do(await telling(desk))
    await desk.handle(await desk.event(), doing("forget"))
    assert await listed(desk) == ()
    assert await desk.stored(requests) == []
    assert [row.text for row in await desk.stored(outbox) if "domani" in row.text] == []
    (shown,) = await desk.database.read(outdated, [BOT], now=desk.now)
    assert shown.case is None
    with pytest.raises(Stale):
        await desk.journal.do(taking(turn, desk.now))


async def test_it_is_as_old_as_the_company_lets_it_be(desk: Desk) -> None:
    aging = Aging(desk, Retention(words=10, records=20))
    await desk.complete(await takes(desk), client="Anna")
    await desk.journal.do(await telling(desk))
    aging.days_later(9)
    await aging.prune()
    assert len(await listed(desk)) == 1
    aging.days_later(2)
    assert (await aging.prune())["requests"] == 1
    assert await listed(desk) == ()
    assert (await desk.row(requests)).fields == ""


async def test_of_which_nobody_is_told_yet_it_waits(desk: Desk) -> None:
    aging = Aging(desk, Retention(words=10))
    await desk.complete(await takes(desk), client="Anna")
    aging.days_later(29)
    assert "requests" not in await aging.prune()
    aging.days_later(2)
    assert (await aging.prune())["requests"] == 1
    assert await desk.database.read(untold_requests) == ((), None)


async def test_one_of_which_no_words_are_left_keeps_nobody_from_hearing_of_others(
    desk: Desk,
) -> None:
    turn = await takes(desk)
    await desk.database.write(lambda c: c.execute(update(requests).values(fields="")))
    assert await desk.database.read(untold_requests) == ((), None)
    await desk.journal.do(taking(turn, desk.now, "call 2"))
    told = await desk.journal.do(await telling(desk))
    assert [row.text for row in told.rows] == ["Anna domani alle 20"]


@pytest.mark.parametrize("table", [turns, talks], ids=str)
async def test_it_goes_with_its_turn_and_with_its_conversation(desk: Desk, table: Table) -> None:
    await takes(desk)
    await desk.database.write(lambda c: c.execute(updates.update().values(turn_id=None)))
    await desk.database.write(lambda c: c.execute(table.delete()))
    assert await desk.stored(requests) == []
