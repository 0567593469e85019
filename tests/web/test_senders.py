"""Who sends files at the same time: so many, and nobody keeps others out."""

import asyncio
from contextlib import AsyncExitStack, ExitStack

import pytest

from bot.web.problems import ProblemDetails
from bot.web.senders import AT_ONCE, FROM_A_PLACE, OF_A_KEY, Senders
from db.api_keys import Scope
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.web import SITE
from tests.web.conftest import Programs
from tests.web.reader import Reader
from tests.web.test_files import begun
from tests.web.test_limits import anna

TWO_BYTES = "Content-Length: 2\r\nExpect: 100-continue"


async def test_few_may_be_sent_at_the_same_time_from_one_place(page: Reader) -> None:
    chat = await page.opens(SITE)
    async with AsyncExitStack() as stack:
        opened = [begun(page, chat, TWO_BYTES) for _ in range(FROM_A_PLACE)]
        under_way = [await stack.enter_async_context(one) for one in opened]
        for answer, _ in under_way:
            assert b" 100 " in await answer.readline(), "it is waited for"
        one_more = await page.sends(chat, b"x")
        assert (one_more.status, one_more.headers["retry-after"]) == (429, "2")
        answer, rest = under_way[0]
        rest.write(b"xy")
        while b" 201 " not in (line := await answer.readline()):
            assert line
        assert (await page.sends(chat, b"x")).status == 201


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_program_sends_for_many_of_its_clients(program: Programs) -> None:
    """It has one address, and a bound of its own."""
    crm = await program(Scope.CHAT)
    async with AsyncExitStack() as stack:
        for number in range(OF_A_KEY):
            answer, _ = await stack.enter_async_context(begun(crm, f"guest-{number}", TWO_BYTES))
            assert b" 100 " in await answer.readline(), "it is waited for"
        assert (await crm.sends("anna", b"x")).status == 429


async def test_who_is_slow_loses_the_place_to_who_comes() -> None:
    """A few addresses hold all of them: the one that has waited longest is not waited for."""
    under_way, lost, all_wait = Senders(slow_seconds=0.0), list[int](), asyncio.Event()

    async def stalls(number: int) -> None:
        with under_way.one(anna(1), f"203.0.113.{number // FROM_A_PLACE}") as sender:
            try:
                async with sender.awaiting():
                    if number == AT_ONCE - 1:
                        all_wait.set()
                    await asyncio.Event().wait()
            except TimeoutError:
                lost.append(number)

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        held = [group.create_task(stalls(number)) for number in range(AT_ONCE)]
        await all_wait.wait()
        with under_way.one(anna(1), "198.51.100.7"):
            await held[0]
        for one in held[1:]:
            one.cancel()
    assert lost == [0]


async def test_who_is_not_slow_keeps_the_place() -> None:
    under_way = Senders()
    with ExitStack() as held:
        for number in range(AT_ONCE):
            held.enter_context(under_way.one(anna(1), f"203.0.113.{number}"))
        with pytest.raises(ProblemDetails) as refused, under_way.one(anna(1), "198.51.100.7"):
            pass
    assert refused.value.status == 429
    with under_way.one(anna(1), "198.51.100.7"):
        pass
