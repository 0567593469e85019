"""Nothing is kept for longer than its span."""

import json
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from db.audit import Deed, Signature, note, trail
from db.drafts import Change, Publish, draft_of
from db.models import (
    audit,
    chats,
    drafts,
    erasures,
    outbox,
    profiles,
    secrets,
    tenants,
    turns,
    updates,
)
from db.operations import SetConversation
from db.operations.claim import NotDue
from db.outdated import outdated
from db.pruning import KINDS
from db.records import Actor, OutboxState, Secret, Turn, TurnState, UpdateKind, UpdateState
from db.retention import Retention, Spans
from db.seconds import DAY_SECONDS
from db.tenants import SaveProfile, profile_body
from db.transcript import recent_lines
from tests.databases import BOT, TENANT
from tests.db.aging import Aging
from tests.db.desk import ANNA, BRUNO, Desk, bubble, doing, incoming
from tests.db.notices import tell_people

ADA = Actor(1, "Ada")
WORDS = "Arriviamo in due"


@pytest.fixture
def aging(desk: Desk) -> Aging:
    return Aging(desk)


# ------------------------------------------------------------------------ spans


def test_a_company_has_a_span_of_its_own() -> None:
    spans = Spans(Retention(words=10, records=30), {1: 20, 2: 0, 3: 40}, now=100 * DAY_SECONDS)
    ends = [spans.words(tenant) / DAY_SECONDS for tenant in (None, 9, 1, 3)]
    assert ends == [90, 90, 80, 60]
    assert spans.words(2) == spans.records(2) == float("-inf")
    assert [spans.records(tenant) / DAY_SECONDS for tenant in (None, 1, 3)] == [70, 70, 60]
    assert spans.newest_words == 90 * DAY_SECONDS


async def test_the_span_is_what_the_current_version_says(desk: Desk) -> None:
    for days, body in ((30, '{"retention_days":30}'), (None, "{}")):
        await desk.journal.do(SaveProfile(TENANT, body, "test", desk.now))
        assert (await desk.row(tenants)).retention_days == days


async def test_whoever_waits_hears_how_far_it_is(desk: Desk, aging: Aging) -> None:
    await aging.answered()
    aging.days_later(366)
    await aging.prune()
    assert aging.told[0] == dict.fromkeys(KINDS, 0)
    assert any(told["updates"] for told in aging.told)


# ------------------------------------------------------------- what clients said


async def test_words_go_and_ids_and_times_stay(desk: Desk, aging: Aging) -> None:
    await aging.answered()
    heard, said = dict((await desk.row(updates))._mapping), dict((await desk.row(outbox))._mapping)
    aging.days_later(366)
    assert await aging.prune() == {"updates": 1, "outbox": 1, "talks": 1}
    assert dict((await desk.row(updates))._mapping) == {**heard, "payload": "{}"}
    assert dict((await desk.row(outbox))._mapping) == {**said, "text": ""}
    assert await aging.prune() == {}


async def test_keys_that_came_later_go_with_the_words(desk: Desk, aging: Aging) -> None:
    await aging.answered(keys="Sì, No")
    assert "Sì, No" in [row.markup for row in await desk.stored(outbox)]
    aging.days_later(366)
    await aging.prune()
    assert [row.markup for row in await desk.stored(outbox)] == [None, None]


async def test_what_is_younger_stays(desk: Desk, aging: Aging) -> None:
    await aging.answered()
    aging.days_later(364)
    assert await aging.prune() == {}
    assert WORDS in (await desk.row(updates)).payload


@pytest.mark.parametrize(("days", "host", "gone"), [(30, 0, 3), (0, 30, 0), (None, 30, 3)])
async def test_the_companys_span_counts_before_the_hosts(
    desk: Desk, aging: Aging, days: int | None, host: int, gone: int
) -> None:
    aging.host = Retention(words=host)
    await desk.database.write(lambda c: c.execute(update(tenants).values(retention_days=days)))
    await aging.answered()
    aging.days_later(31)
    assert sum((await aging.prune()).values()) == gone


async def test_what_is_nobodys_follows_the_host(desk: Desk, aging: Aging) -> None:
    await desk.database.write(lambda c: c.execute(update(tenants).values(retention_days=0)))
    await desk.accept(incoming(1, kind=UpdateKind.IGNORED, message_id=None))
    lost = update(updates).values(thread_id=None, chat_id=None)
    await desk.database.write(lambda connection: connection.execute(lost))
    aging.days_later(366)
    assert await aging.prune() == {"updates": 1}


async def test_words_that_are_kept_for_ever_are_passed_by(desk: Desk, aging: Aging) -> None:
    await desk.database.write(lambda c: c.execute(update(tenants).values(retention_days=0)))
    many = [
        incoming(number, kind=UpdateKind.IGNORED, message_id=None, client=number % 3 + 1)
        for number in range(1, 451)
    ]
    await desk.accept(*many)
    nobodys = update(updates).where(updates.c.id > 420).values(thread_id=None)
    await desk.database.write(lambda connection: connection.execute(nobodys))
    aging.days_later(366)
    assert await aging.prune() == {"updates": 30}


async def test_a_long_history_goes_in_batches(desk: Desk, aging: Aging) -> None:
    many = [
        incoming(number, kind=UpdateKind.IGNORED, message_id=None, client=1000 + number % 3)
        for number in range(1, 702)
    ]
    await desk.accept(*many)
    aging.days_later(366)
    assert await aging.prune() == {"updates": 701}
    assert [batch.size for batch in aging.batches] == [200, 200, 200, 101]


async def test_what_waits_is_not_touched_while_somebody_waits_for_it(
    desk: Desk, aging: Aging
) -> None:
    aging.host = Retention(words=1)
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Subito."))
    await desk.hear("E la colazione?")
    aging.days_later(2)
    assert await aging.prune() == {}
    aging.days_later(29)
    assert await aging.prune() == {"updates": 2, "outbox": 1}
    assert {row.state for row in await desk.stored(updates)} == {
        UpdateState.DONE,
        UpdateState.CLAIMED,
    }
    assert (await desk.row(outbox)).state == OutboxState.FAILED
    assert (await desk.row(turns)).state == TurnState.FAILED
    assert not isinstance(await desk.claim(turn.chat), Turn | NotDue)
    adopted = await desk.journal.do(desk.adopting(owner="other"))
    assert (adopted.turns, adopted.rows, adopted.due) == ((), (), {})


async def test_what_was_taken_out_of_an_update_goes_with_it(desk: Desk, aging: Aging) -> None:
    secret = Secret("code", "ciphertext")
    await desk.accept(incoming(1, kind=UpdateKind.EVENT, secrets=(secret,)))
    aging.days_later(366)
    await aging.prune()
    assert (await desk.row(secrets)).body is None


async def test_what_an_admin_was_asked_long_ago_is_asked_no_more(desk: Desk, aging: Aging) -> None:
    for client in (ANNA, BRUNO):
        event = await desk.event(client=client)
        await desk.handle(event, doing("ask", '{"step": "nome"}'))
    aging.days_later(200)
    await desk.event(client=BRUNO)
    aging.days_later(200)
    await aging.prune()
    assert [chat.form for chat in await desk.stored(chats)] == [None, '{"step": "nome"}']


# ------------------------------------------------------------------ conversations


async def test_an_old_conversation_is_left_and_erased(desk: Desk, aging: Aging) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    await desk.complete(turn, last_item_id="item_1")
    aging.days_later(200)
    await aging.answered("E la colazione?")
    aging.days_later(200)
    assert (await aging.prune())["conversations"] == 1
    assert (await desk.row(erasures)).conversation_id == "conv_1"
    following = await desk.open_turn("Buongiorno")
    assert (following.conversation_id, following.last_item_id) == (None, None)
    assert following.resumed  # so that nobody is greeted as if he had never written


async def test_a_conversation_is_as_old_as_what_it_was_filled_with(
    desk: Desk, aging: Aging
) -> None:
    await aging.answered()
    aging.days_later(200)
    turn = await desk.open_turn("E la colazione?")
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_2"))
    await desk.complete(turn)
    aging.days_later(200)
    assert (await aging.prune())["conversations"] == 1


async def test_a_conversation_in_use_stays_for_another_time(desk: Desk, aging: Aging) -> None:
    aging.host = Retention(words=1)
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    aging.days_later(2)
    assert await aging.prune() == {}
    await desk.complete(turn)
    assert (await aging.prune())["conversations"] == 1


async def test_what_is_erased_is_not_said_again_to_the_model(desk: Desk, aging: Aging) -> None:
    turn = await aging.answered()
    aging.days_later(300)
    await aging.answered("E la colazione?", message_id=600)
    aging.days_later(100)
    await aging.prune()
    lines = await desk.database.read(
        lambda c: recent_lines(c, thread=turn.thread, before_turn=99, limit=40)
    )
    assert [bool(line.message) for line in lines] == [True, False]


# ---------------------------------------------------------------- the trail, versions


async def test_of_the_trail_stay_who_what_and_when(desk: Desk, aging: Aging) -> None:
    def change(tenant: int | None) -> Any:
        texts = {"subject": "s", "old": "o", "new": "n"}
        return lambda c: note(c, Signature(tenant, ADA, desk.now), Deed.INVITED, **texts)

    for tenant in (1, None):
        await desk.database.write(change(tenant))
    aging.days_later(366)
    assert await aging.prune() == {"audit": 2}
    for tenant in (1, None):
        (entry,) = await desk.database.read(partial(trail, tenant=tenant, limit=9))
        assert (entry.actor, entry.action, entry.at) == (
            ADA,
            Deed.INVITED,
            desk.now - 366 * DAY_SECONDS,
        )
        assert (entry.subject, entry.old, entry.new) == (None, None, None)
    assert len(await desk.stored(audit)) == 2


async def publish(desk: Desk, number: int) -> None:
    change = Change(1, {"company_name": f"Aurora {number}"}, ADA, desk.now, ())
    revision = await desk.journal.do(change)
    assert revision
    made = Publish(
        tenant=1,
        version=number - 1,
        revision=revision,
        body=json.dumps(change.changes),
        trail=(),
        actor=ADA,
        now=desk.now,
        note=f"nota {number}",
    )
    assert await desk.journal.do(made) == number


async def test_of_old_versions_the_newest_fifty_stay(desk: Desk, aging: Aging) -> None:
    for number in range(2, 54):
        await publish(desk, number)
    aging.days_later(360)
    assert "profiles" not in await aging.prune()  # they are not old
    aging.days_later(6)
    assert (await aging.prune())["profiles"] == 3
    stored = await desk.stored(profiles)
    assert [row.version for row in stored if not row.body] == [1, 2, 3]
    assert [row.note for row in stored[:4]] == [None, None, None, "nota 4"]
    assert {row.author for row in stored[1:]} == {"Ada"}
    assert await desk.database.read(lambda c: profile_body(c, tenant=1, version=3)) is None
    assert await desk.database.read(lambda c: profile_body(c, tenant=1, version=4))


async def test_a_version_that_an_open_turn_speaks_from_stays(desk: Desk, aging: Aging) -> None:
    aging.host = Retention(words=1)
    await desk.open_turn()
    for number in range(2, 60):
        await publish(desk, number)
    aging.days_later(2)
    await aging.prune()
    stored = await desk.stored(profiles)
    assert [bool(row.body) for row in stored[:3]] == [True, False, False]


async def test_of_a_draft_the_last_revision_stays(desk: Desk, aging: Aging) -> None:
    for name in ("Aurora", "Alba", "Alba Nuova"):
        await desk.journal.do(Change(1, {"company_name": name}, ADA, desk.now, ()))
    before = await desk.database.read(lambda c: draft_of(c, 1))
    aging.days_later(366)
    assert (await aging.prune())["drafts"] == 2
    assert [row.changes for row in await desk.stored(drafts)][:2] == ["{}", "{}"]
    assert await desk.database.read(lambda c: draft_of(c, 1)) == before


async def test_what_people_were_told_of_a_client_is_as_old_as_their_company_lets_it_be(
    desk: Desk, aging: Aging
) -> None:
    await desk.hear("/duty")
    await desk.journal.do(await tell_people(desk))
    (notice,) = await desk.stored(outbox, text="Anna aspetta.")
    arrived = update(outbox).values(state="sent", message_id=77)
    await desk.database.write(lambda c: c.execute(arrived))
    await desk.database.write(lambda c: c.execute(update(tenants).values(retention_days=2)))
    aging.days_later(3)
    await aging.prune()
    assert (await desk.row(outbox, id=notice.id)).text == ""
    (shown,) = await desk.database.read(outdated, [BOT], now=desk.now)
    assert (shown.message_id, shown.case) == ("77", None)
