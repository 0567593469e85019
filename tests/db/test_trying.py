"""What is tried in a chat is noted; whoever takes over its bot says that it has no end."""

from collections.abc import Sequence

from db.chats import ChatWork
from db.models import chats
from db.records import Draft, OutboxKind, OutboxRow
from db.trying import BreakOff, EndTrying, begin_trying
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, bubble

AGAIN = "setup:1:at try"


async def tries(desk: Desk, client: int) -> int:
    """Somebody begins to try something; the chat's row."""

    def work(chat: ChatWork) -> Sequence[Draft]:
        begin_trying(chat, AGAIN)
        return ()

    event = await desk.event(client=client, language="it")
    await desk.handle(event, work)
    assert event.chat is not None
    return event.chat


async def broken_off(desk: Desk, *bots: int, at_it: Sequence[int] = ()) -> Sequence[OutboxRow]:
    def words(again: str, language: str | None) -> Sequence[Draft]:
        return (bubble(f"{again} {language}", kind=OutboxKind.COMMAND),)

    return await desk.journal.do(BreakOff(bots, at_it, desk.owner, desk.now, words))


async def test_it_is_said_once_in_each_chat_of_the_bots(desk: Desk) -> None:
    anna, bruno = [await tries(desk, client) for client in (ANNA, BRUNO)]
    assert await broken_off(desk, BOT + 1) == ()
    rows = await broken_off(desk, BOT)
    assert [(row.chat, row.text) for row in rows] == [
        (anna, f"{AGAIN} it"),
        (bruno, f"{AGAIN} it"),
    ]
    assert [row.address and row.address.chat_id for row in rows] == [str(ANNA), str(BRUNO)]
    assert await broken_off(desk, BOT) == ()


async def test_not_where_this_process_is_at_it(desk: Desk) -> None:
    anna, bruno = [await tries(desk, client) for client in (ANNA, BRUNO)]
    assert [row.chat for row in await broken_off(desk, BOT, at_it=[anna])] == [bruno]
    assert (await desk.row(chats, id=anna)).trying == AGAIN


async def test_what_was_said_is_not_broken_off(desk: Desk) -> None:
    await desk.journal.do(EndTrying(await tries(desk, ANNA)))
    assert await broken_off(desk, BOT) == ()
