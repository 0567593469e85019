"""Keys that are put under a message that is there, when nothing is to be sent."""

import asyncio
from dataclasses import replace

from bot.turns.late_keys import LateKeys
from db.records import OutboxState
from tests.addresses import chat_at
from tests.fakes.channel import BOT
from tests.fakes.clock import NOON, rounds
from tests.turns.lane import Place, place
from tests.turns.records import CHAT, KEYS

__all__ = ["place"]  # a fixture

HERE = chat_at(BOT, CHAT)


async def test_each_is_shown_once_when_it_may_be(place: Place) -> None:
    keys = LateKeys(place.lane.delivery)
    keys.add([KEYS, replace(KEYS, row=2, not_before=NOON + 5)])
    keys.add([KEYS])
    shown = await keys.show_next(HERE)
    assert shown
    assert (shown[0], shown[1].state) == (KEYS, OutboxState.SENT)
    waiting = asyncio.ensure_future(keys.show_next(HERE))
    await rounds()
    place.clock.jump(NOON + 5)
    assert await waiting is None
    assert await keys.show_next(HERE)
    assert not keys.rows


async def test_who_has_something_to_send_does_not_wait_and_leaves_nothing_behind(
    place: Place,
) -> None:
    keys = LateKeys(place.lane.delivery)
    keys.add([replace(KEYS, not_before=NOON + 5)])
    waiting = asyncio.ensure_future(keys.show_next(HERE))
    await rounds()
    keys.rouse()
    assert await waiting is None
    assert place.clock.next_due() is None
    assert len(keys.rows) == 1
