from collections.abc import Callable

from db.chats import ChatWork, Current
from db.models import threads
from db.previews import enter, leave
from db.records import Draft, Purpose
from db.tenants import SaveProfile
from tests.databases import SEEDED_AT
from tests.db.desk import Desk

HOTEL, BANK = 1, 2
HOME = Current(HOTEL, "public", Purpose.CLIENT)
TRYING = Current(HOTEL, "public", Purpose.PREVIEW)


async def does(desk: Desk, *steps: Callable[[ChatWork], object]) -> Current:
    """Each step is a command of its own; the result is whom the chat talks to then."""
    seen: list[Current] = []
    for step in steps:

        def work(chat: ChatWork, step: Callable[[ChatWork], object] = step) -> tuple[Draft, ...]:
            step(chat)
            seen.append(chat.current())
            return ()

        await desk.handle(await desk.event(), work)
    return seen[-1]


def into(chat: ChatWork) -> None:
    enter(chat, HOTEL)


async def test_a_preview_is_entered_and_left(desk: Desk) -> None:
    assert await does(desk, into) == TRYING
    assert await does(desk, leave) == HOME


async def test_the_clients_thread_is_the_same_afterwards(desk: Desk) -> None:
    before = (await desk.open_turn()).thread
    await does(desk, into, leave)
    assert [row.id for row in await desk.stored(threads, purpose="client")] == [before]


async def test_entered_again_it_begins_empty(desk: Desk) -> None:
    await does(desk, into, leave, into, into)
    assert len(await desk.stored(threads, purpose="preview")) == 3
    (current,) = await desk.stored(threads, purpose="preview", closed_at=None)
    assert current.id == max(row.id for row in await desk.stored(threads))


async def test_after_new_in_a_preview_it_is_a_preview_still(desk: Desk) -> None:
    assert await does(desk, into, ChatWork.start_over) == TRYING
    assert await does(desk, leave) == HOME


async def test_one_returns_to_another_tenant_and_a_private_assistant(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", SEEDED_AT))

    def private(chat: ChatWork) -> None:
        chat.switch(BANK, assistant="staff")

    await does(desk, private, into, ChatWork.start_over)
    assert await does(desk, leave) == Current(BANK, "staff", Purpose.CLIENT)


async def test_outside_a_preview_there_is_nothing_to_leave(desk: Desk) -> None:
    left: list[bool] = []
    assert await does(desk, lambda chat: left.append(leave(chat))) == HOME
    assert left == [False]


async def test_after_forget_one_returns_to_the_bots_tenant(desk: Desk) -> None:
    await does(desk, into, ChatWork.forget)
    assert await does(desk, leave) == HOME
