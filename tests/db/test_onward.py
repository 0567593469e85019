"""Links by which a client goes on in another chat: offered, over, pressed, and what they bring."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from db.bots import AddBot
from db.chats import ChatWork
from db.models import erasures, links, threads
from db.onward import OfferLink, go_on, is_being_answered
from db.operations import SetConversation
from db.records import Draft, Turn, UpdateKind
from db.tenants import SaveProfile
from db.transcript import recent_lines
from tests.addresses import chat_at
from tests.databases import BOT, SOMEBODY
from tests.db.desk import ANNA, BRUNO, Desk, at, bubble, incoming, sent

HOTEL, DIGEST = 1, "d1"


async def offer_link(desk: Desk, digest: str = DIGEST) -> OfferLink:
    await desk.hear("Salve")
    return OfferLink(chat_at(BOT, ANNA), digest, desk.now + 900, desk.now)


async def offered(desk: Desk) -> list[str]:
    found = await desk.database.read(lambda c: c.execute(select(links.c.digest)).scalars().all())
    return [*found]


async def press(desk: Desk, *digests: str, bot: int = BOT) -> int | None:
    """By Bruno, in a chat of his; the company to which it led."""
    led: list[int | None] = []

    def work(chat: ChatWork) -> Sequence[Draft]:
        led.append(go_on(chat, digests, serves=True, notice=lambda _: (bubble("Di là."),)))
        return ()

    update = incoming(next(desk.numbers), "/start", kind=UpdateKind.EVENT)
    accept = desk.accepting(replace(update, address=chat_at(bot, BRUNO)))
    (event,) = (await desk.journal.do(replace(accept, bot_id=bot))).events
    await desk.handle(event, work)
    return led[-1]


async def lines_of(desk: Desk, turn: Turn, limit: int = 40) -> list[tuple[bool, bool]]:
    """Of each line of a new conversation: whether a client said it, and whether elsewhere."""
    found = await desk.database.read(
        recent_lines, thread=turn.thread, before_turn=turn.fence.turn, limit=limit
    )
    return [(one.message is not None, one.elsewhere is not None) for one in found]


async def test_nobody_goes_on_from_where_nothing_was_said(desk: Desk) -> None:
    assert not await desk.journal.do(OfferLink(chat_at(BOT, BRUNO), DIGEST, 9e9, desk.now))
    assert await offered(desk) == []


async def test_the_next_one_takes_those_away_that_are_over(desk: Desk) -> None:
    await desk.journal.do(await offer_link(desk))
    desk.now += 901
    await desk.journal.do(await offer_link(desk, "d2"))
    assert await offered(desk) == ["d2"]


async def test_the_first_press_counts_by_any_of_the_keys(desk: Desk) -> None:
    await desk.journal.do(await offer_link(desk))
    assert await press(desk, "another") is None
    assert await press(desk, "under the new key", DIGEST) == HOTEL
    assert await press(desk, DIGEST) is None


async def test_it_is_over_at_its_time(desk: Desk) -> None:
    await desk.journal.do(await offer_link(desk))
    desk.now += 900
    assert await press(desk, DIGEST) is None


async def test_a_bot_of_another_company_leads_nowhere(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("gino", "{}", "test", desk.now))
    await desk.journal.do(AddBot(BOT + 1, "gino_bot", HOTEL + 1, "token", SOMEBODY, desk.now))
    await desk.journal.do(await offer_link(desk))
    assert await press(desk, DIGEST, bot=BOT + 1) is None
    assert await press(desk, DIGEST) == HOTEL


async def test_what_was_said_before_the_press_comes_along_once_it_is_answered(desk: Desk) -> None:
    turn = await desk.open_turn("Uno", "Due")
    await desk.journal.do(await offer_link(desk))
    await press(desk, DIGEST)
    here = await desk.open_turn("Tre", client=BRUNO)
    assert here.resumed
    assert await desk.database.read(is_being_answered, thread=here.thread)
    (row,) = (await desk.post(turn, bubble("Ecco."), intend_first=True)).rows
    await desk.journal.do(desk.posting(turn, settled=(sent(row, 11),)))
    await desk.complete(turn)
    assert await desk.database.read(is_being_answered, thread=here.thread), "one more waits"
    await desk.complete(await desk.open_turn("Dopo"))
    uno, due, ecco, salve = (True, True), (True, True), (False, True), (True, True)
    assert await lines_of(desk, here) == [uno, due, ecco, salve]
    assert not await desk.database.read(is_being_answered, thread=here.thread)
    assert len(await lines_of(desk, here, limit=1)) == 1


async def test_the_conversation_is_left_and_the_next_is_as_old_as_what_it_brings(
    desk: Desk,
) -> None:
    began = desk.now
    await desk.complete(await desk.open_turn())
    desk.now += 1_000
    turn = await desk.open_turn(client=BRUNO)
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    await desk.complete(turn)
    await desk.journal.do(await offer_link(desk))
    await press(desk, DIGEST)
    left = await desk.database.read(
        lambda c: c.execute(select(erasures.c.conversation_id)).scalars().all()
    )
    assert [*left] == ["conv_1"]
    turn = await desk.open_turn(client=BRUNO)
    assert turn.conversation_id is None
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_2"))
    mine = select(threads.c.conversation_at).where(threads.c.id == turn.thread)
    assert await desk.database.read(lambda c: c.execute(mine).scalar()) == at(began)
