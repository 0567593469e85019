"""The message ids that are known when a message is in doubt."""

import pytest

from bot.telegram.ids import NUMBERING
from db.sequence import Sequence, first_id_after, known_ids, last_ids, unsettled
from tests.databases import BOT, seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk, bubble, incoming, sent
from tests.fakes.clock import NOON

GROUP, SUPERGROUP = -500, -1_000_000_000_500


def of(client: int) -> Sequence:
    return NUMBERING.sequence(BOT, client)


async def known(desk: Desk, client: int, above: int = 0) -> tuple[int, ...]:
    sequence = of(client)
    return await desk.database.read(lambda connection: known_ids(connection, sequence, above=above))


async def last(desk: Desk) -> dict[Sequence, int]:
    return await desk.database.read(lambda connection: last_ids(connection, BOT, NUMBERING))


async def say(desk: Desk, client: int, message_id: int) -> None:
    """A bubble to a client, that got this id."""
    turn = await desk.open_turn(client=client, message_id=message_id - 1)
    posted = await desk.post(turn, bubble("Ecco."), intend_first=True, lower_id=message_id - 1)
    await desk.post(turn, settled=(sent(posted.rows[0], message_id),))
    await desk.complete(turn)


@pytest.mark.parametrize(("chat_id", "shares"), [(ANNA, True), (GROUP, True), (SUPERGROUP, False)])
def test_only_supergroups_count_by_themselves(chat_id: int, shares: bool) -> None:
    assert (of(chat_id) == of(ANNA)) is shares


async def test_what_came_and_what_went_is_known_in_all_private_chats(desk: Desk) -> None:
    await say(desk, ANNA, 12)
    await say(desk, BRUNO, 15)
    await say(desk, GROUP, 18)
    assert await known(desk, ANNA) == (11, 12, 14, 15, 17, 18)


async def test_a_message_whose_key_is_pressed_may_still_be_searched_for(desk: Desk) -> None:
    await say(desk, ANNA, 12)
    await desk.event(message_id=None, pressed="13")
    assert await known(desk, ANNA) == (11, 12)


async def test_only_what_is_above_is_asked_for(desk: Desk) -> None:
    await say(desk, ANNA, 12)
    assert await known(desk, ANNA, above=11) == (12,)


async def test_a_supergroup_knows_its_own_ids_alone(desk: Desk) -> None:
    await say(desk, ANNA, 12)
    await say(desk, SUPERGROUP, 40)
    assert await known(desk, SUPERGROUP) == (39, 40)
    assert await known(desk, ANNA) == (11, 12)


async def test_another_bot_has_a_sequence_of_its_own(desk: Desk) -> None:
    await seed_tenant(desk.journal, bot_id=BOT + 1)
    await say(desk, ANNA, 12)
    other = NUMBERING.sequence(BOT + 1, ANNA)
    assert await desk.database.read(lambda c: known_ids(c, other, above=0)) == ()
    assert await desk.database.read(lambda c: last_ids(c, BOT + 1, NUMBERING)) == {}


async def test_the_last_id_of_the_shared_sequence_and_of_each_supergroup(desk: Desk) -> None:
    await say(desk, ANNA, 15)
    await say(desk, BRUNO, 12)
    await say(desk, SUPERGROUP, 40)
    assert await last(desk) == {of(ANNA): 15, of(SUPERGROUP): 40}


async def test_before_the_first_message_nothing_is_known(desk: Desk) -> None:
    assert await last(desk) == {}
    assert await known(desk, ANNA) == ()


async def after(desk: Desk, moment: float) -> int | None:
    return await desk.database.read(
        lambda connection: first_id_after(connection, of(ANNA), above=0, moment=moment)
    )


async def test_what_a_client_wrote_later_bounds_the_search(desk: Desk) -> None:
    await desk.accept(incoming(1, message_id=10, written_at=100.0))
    await desk.accept(incoming(2, message_id=20, written_at=200.0))
    assert (await after(desk, 50.0), await after(desk, 150.0)) == (10, 20)
    assert await after(desk, 250.0) is None


async def test_a_clock_that_is_behind_telegrams_is_allowed_for(desk: Desk) -> None:
    ahead = 3600.0
    await desk.accept(incoming(1, message_id=10, written_at=desk.now + ahead))
    assert await after(desk, desk.now - 1) == 10
    assert await after(desk, desk.now + 1) is None


async def test_what_was_sent_later_bounds_it_too(desk: Desk) -> None:
    await say(desk, BRUNO, 12)
    assert (await after(desk, NOON - 1), await after(desk, NOON + 3600)) == (12, None)


async def test_what_left_before_anything_more_was_known_does_not(desk: Desk) -> None:
    await say(desk, BRUNO, 12)
    assert await desk.database.read(
        lambda c: [first_id_after(c, of(ANNA), above=above, moment=NOON - 1) for above in (10, 11)]
    ) == [12, None]


async def test_what_any_process_has_sent_and_not_settled_is_counted(desk: Desk) -> None:
    for client, owner in ((ANNA, "dead"), (BRUNO, "dead too"), (SUPERGROUP, "alive")):
        desk.owner = owner
        turn = await desk.open_turn(client=client)
        await desk.post(turn, bubble("Ecco."), intend_first=True)
    here, there = of(ANNA), of(SUPERGROUP)
    counts = await desk.database.read(lambda c: (unsettled(c, here), unsettled(c, there)))
    assert counts == (2, 1)
