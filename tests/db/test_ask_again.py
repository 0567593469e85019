"""A command that becomes a message: it waits for its turn, and is handled no more."""

from collections.abc import Sequence

from db.chats import ChatWork
from db.models import threads, updates
from db.records import Draft, OutboxKind, Turn, UpdateKind, UpdateState
from db.window import Window
from tests.databases import BOT
from tests.db.desk import Desk, Work, at, bubble

SAID = bubble("Ecco.", kind=OutboxKind.COMMAND)


def unlocking(words: str) -> Work:
    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.switch(chat.current().tenant, assistant="vip")
        chat.ask_again(f'{{"text": "{words}"}}')
        return (SAID,)

    return work


async def test_it_is_answered_in_the_thread_that_is_current_now(desk: Desk) -> None:
    event = await desk.event()
    handled = await desk.handle(event, unlocking("E la spa?"))
    assert handled.due == at(desk.now + desk.window.quiet)
    assert event.chat is not None
    desk.now += desk.window.cap
    turn = await desk.claim(event.chat)
    assert isinstance(turn, Turn)
    assert (turn.assistant, [one.payload for one in turn.messages]) == (
        "vip",
        ['{"text": "E la spa?"}'],
    )


async def test_it_is_handled_once_though_it_is_not_done(desk: Desk) -> None:
    event = await desk.event()
    await desk.handle(event, unlocking("E la spa?"))
    again = await desk.handle(event, unlocking("E la piscina?"), cause="broken")
    assert (again.fresh, again.rows) == (False, ())
    row = await desk.row(updates)
    assert (row.kind, row.state) == (UpdateKind.MESSAGE, UpdateState.ACCEPTED)


async def test_nobody_adopts_it_as_an_event(desk: Desk) -> None:
    event = await desk.event()
    adopting = desk.adopting(returned=(BOT,))
    assert (await desk.journal.do(adopting)).events == (event,)
    await desk.handle(event, unlocking("E la spa?"))
    assert (await desk.journal.do(adopting)).events == ()
    row = await desk.row(updates)
    vip = await desk.row(threads, assistant="vip")
    assert (row.payload, row.thread_id) == ('{"text": "E la spa?"}', vip.id)


async def test_it_is_in_haste_like_any_message(desk: Desk) -> None:
    desk.window = Window(turns_per_minute=1)
    turn = await desk.open_turn()
    await desk.complete(turn)
    handled = await desk.handle(await desk.event(), unlocking("E la spa?"))
    assert handled.due == turn.opened_at + 60.0


async def test_messages_from_before_are_answered_first_where_they_were_meant(desk: Desk) -> None:
    await desk.hear("Prima")
    event = await desk.event()
    await desk.handle(event, unlocking("Dopo"))
    assert event.chat is not None
    turn = await desk.claim(event.chat)
    assert isinstance(turn, Turn)
    assert turn.assistant == "public"
    await desk.complete(turn)
    later = await desk.claim(event.chat)
    assert isinstance(later, Turn)
    assert (later.assistant, len(later.messages)) == ("vip", 1)


async def test_new_threads_are_no_way_around_the_turns_per_minute(desk: Desk) -> None:
    def starting_over(chat: ChatWork) -> Sequence[Draft]:
        chat.start_over()
        chat.ask_again('{"text": "Avete posto?"}')
        return ()

    desk.window = Window(turns_per_minute=2)
    events = [await desk.event() for _ in range(4)]
    for event in events:
        await desk.handle(event, starting_over)
    desk.now += 1.0  # all of them are there when the first turn is opened
    opened = []
    for _ in events:
        while not isinstance(turn := await desk.claim(events[0].chat or 0), Turn):
            assert turn is not None
            desk.now = turn
        opened.append(turn.opened_at)
        await desk.complete(turn)
    first, second, third, fourth = opened
    assert second == first
    assert (third, fourth) == (at(first + 60.0), at(second + 60.0))
