import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from db.models import admins, chats, threads, turns, updates
from db.people import OWNER
from db.records import Fence, Pinned, Turn, TurnState, UpdateState
from tests.backends import on_both
from tests.databases import BOT, seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk, at, doing

pytestmark = on_both


async def test_what_waits_becomes_one_turn_in_order(desk: Desk) -> None:
    turn = await desk.open_turn("Buongiorno", "avete", "camere?")
    assert [one.payload for one in turn.messages] == [
        '{"text": "Buongiorno"}',
        '{"text": "avete"}',
        '{"text": "camere?"}',
    ]
    assert {row.turn_id for row in await desk.stored(updates)} == {turn.fence.turn}
    assert {row.state for row in await desk.stored(updates)} == {UpdateState.CLAIMED}
    assert (await desk.row(chats)).due_at is None


async def test_a_turn_knows_all_that_its_answer_needs(desk: Desk) -> None:
    heard_at = desk.now
    turn = await desk.open_turn(client=ANNA, language="it")
    stored = await desk.row(turns)
    assert turn.fence == Fence(stored.id, 1)
    assert (turn.address.bot_id, turn.address.chat_id) == (BOT, str(ANNA))
    assert (turn.language, turn.introduced, turn.missed, turn.adopted) == ("it", *[False] * 3)
    assert (turn.pinned, turn.assistant) == (Pinned(1), "public")
    assert (turn.received_at, turn.opened_at) == (heard_at, desk.now)
    assert (stored.owner, stored.state) == (desk.owner, TurnState.OPEN)


async def test_a_claim_that_is_too_early_is_told_when_to_come_back(desk: Desk) -> None:
    chat = await desk.hear()
    assert await desk.claim(chat) == at(desk.now + 0.7)
    assert await desk.stored(turns) == []


async def test_where_nothing_waits_there_is_no_turn(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn)
    assert await desk.claim(turn.chat) is None


async def test_a_chat_that_does_not_exist_has_no_turn(desk: Desk) -> None:
    assert await desk.claim(12345) is None


async def test_a_message_during_a_turn_waits_for_its_end(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.hear("Ancora una cosa")
    desk.now += 3
    assert await desk.claim(turn.chat) is None
    due = await desk.complete(turn)
    assert due is not None
    following = await desk.claim(turn.chat)
    assert isinstance(following, Turn)
    assert [one.payload for one in following.messages] == ['{"text": "Ancora una cosa"}']


async def test_what_came_after_an_event_waits_until_that_is_handled(desk: Desk) -> None:
    """The first message to a company that is opened by its link is not the one of before's."""
    await seed_tenant(desk.journal, name="banca", bot_id=BOT + 1)
    before = await desk.hear("Prima")
    event = await desk.event("/start banca")
    await desk.hear("Dopo")
    desk.now += 3
    first = await desk.claim(before)
    assert isinstance(first, Turn)
    assert [one.payload for one in first.messages] == ['{"text": "Prima"}']
    assert await desk.complete(first) is not None
    assert await desk.claim(before) is None
    handled = await desk.handle(event, doing("switch", 2))
    assert handled.due is not None
    then = await desk.claim(before)
    assert isinstance(then, Turn)
    assert ([one.payload for one in then.messages], then.tenant) == (['{"text": "Dopo"}'], 2)


async def test_of_two_claims_in_one_commit_one_has_the_turn(desk: Desk) -> None:
    chat = await desk.hear()
    desk.now += 3
    first, second = await desk.together(desk.claiming(chat), desk.claiming(chat))
    assert isinstance(first, Turn)
    assert second is None


async def test_chats_are_claimed_together_each_with_its_own(desk: Desk) -> None:
    anna, bruno = await desk.hear("da Anna"), await desk.hear("da Bruno", client=BRUNO)
    desk.now += 3
    hers, his = await desk.together(desk.claiming(anna), desk.claiming(bruno))
    assert [one.payload for one in hers.messages] == ['{"text": "da Anna"}']
    assert [one.payload for one in his.messages] == ['{"text": "da Bruno"}']
    attached = {row.chat_id: row.turn_id for row in await desk.stored(updates)}
    assert attached == {anna: hers.fence.turn, bruno: his.fence.turn}


async def test_companies_are_told_of_their_own_people_alone(desk: Desk) -> None:
    anna, bruno = await desk.hear(), await desk.hear(client=BRUNO)
    await seed_tenant(desk.journal, bot_id=BOT + 1, name="other")
    row = {"tenant_id": 1, "user_id": ANNA, "role": OWNER, "name": "Anna", "added_at": 0}
    moved = update(threads).where(threads.c.chat_id == bruno).values(tenant_id=2)
    await desk.database.write(lambda c: (c.execute(insert(admins).values(row)), c.execute(moved)))
    desk.now += 3
    hers, his = await desk.together(desk.claiming(anna), desk.claiming(bruno))
    assert (hers.tenant, hers.reached) == (1, {OWNER})
    assert (his.tenant, his.reached) == (2, frozenset())


async def test_a_turn_pins_the_profile_that_is_current(desk: Desk) -> None:
    chat = await desk.hear()
    await seed_tenant(desk.journal, body='{"company_name": "Hotel Aurora"}')
    desk.now += 3
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    assert turn.pinned == Pinned((await desk.row(turns)).profile_version) == Pinned(2)


async def test_after_an_unreachable_turn_the_next_one_is_told(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn, TurnState.UNREACHABLE)
    assert (await desk.open_turn()).missed


async def test_to_let_the_bot_in_again_does_not_hide_what_was_missed(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn, TurnState.UNREACHABLE)
    await desk.do_to_chat("close")
    await desk.do_to_chat("reopen")
    assert (await desk.open_turn()).missed


async def test_only_the_next_turn_is_told(desk: Desk) -> None:
    await desk.complete(await desk.open_turn(), TurnState.UNREACHABLE)
    await desk.complete(await desk.open_turn())
    assert not (await desk.open_turn()).missed


async def test_the_database_admits_one_open_turn_per_chat(desk: Desk) -> None:
    turn = await desk.open_turn()
    second = insert(turns).values(
        chat_id=turn.chat,
        thread_id=turn.thread,
        profile_version=1,
        state=TurnState.OPEN,
        owner="second",
        epoch=1,
        received_at=desk.now,
        opened_at=desk.now,
    )
    with pytest.raises(IntegrityError):
        await desk.database.write(lambda connection: connection.execute(second))
