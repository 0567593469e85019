"""Chats of several channels in the same tables."""

from dataclasses import replace
from itertools import count

from db.chats import ChatWork
from db.groups import BindGroup, bound_to
from db.models import chats, outbox, updates
from db.people import rooms_of
from db.reach import reachable
from db.records import Address, Incoming, OutboxState, Settled, Turn
from db.retention import Retention
from db.transcript import find_chats, load_transcript
from tests.databases import BOT
from tests.db.aging import Aging
from tests.db.desk import ANNA, Desk, bubble, incoming

HOTEL = 1
MAIL, MAILBOX = "mail", "anna@example.org"


def mailed(number: int, text: str = "Ciao", *, sender: str = MAILBOX) -> Incoming:
    """The same bot's, on another channel: its rows are told apart by the chat alone."""
    letter = incoming(number, text)
    address = Address(MAIL, BOT, sender)
    return replace(letter, update_id=f"<{number}>", message_id=f"<{number}>", address=address)


async def claimed(desk: Desk, letter: Incoming) -> Turn:
    accepted = await desk.accept(letter)
    desk.now += 3
    turn = await desk.claim(next(iter(accepted.addresses)))
    assert isinstance(turn, Turn)
    return turn


async def test_ids_come_back_as_their_channel_wrote_them(desk: Desk) -> None:
    turn = await claimed(desk, mailed(1))
    posted = await desk.post(turn, replace(bubble("Ecco."), reply_to="<1>"), intend_first=True)
    sent = Settled(posted.rows[0].row, OutboxState.SENT, message_id="<our 1>")
    await desk.post(turn, settled=(sent,))
    ((chat, address),) = await desk.database.read(lambda c: find_chats(c, MAILBOX))
    told = await desk.database.read(lambda c: load_transcript(c, chat=chat, address=address))
    assert (turn.address, address) == (Address(MAIL, BOT, MAILBOX),) * 2
    assert [one.message_id for one in turn.messages] == ["<1>"]
    assert [(one.row.reply_to, one.message_id) for one in told.said] == [("<1>", "<our 1>")]


async def test_an_update_that_comes_again_is_known(desk: Desk) -> None:
    await desk.accept(mailed(1))
    assert (await desk.accept(mailed(1))).due == {}
    assert len(await desk.stored(updates)) == len(await desk.stored(chats)) == 1


async def test_who_holds_a_role_is_never_met_elsewhere(desk: Desk) -> None:
    """Roles are held by numbers of Telegram's; a chat of another channel may have the same."""
    await desk.accept(mailed(1, sender=str(ANNA)))
    read = desk.database.read
    assert await read(lambda c: reachable(c, [ANNA], bot_id=BOT)) == ()
    assert await read(lambda c: rooms_of(c, ANNA)) == ()
    assert Address(MAIL, BOT, str(ANNA)).person is None


async def test_what_somebody_has_in_hand_stays_when_such_a_chat_moves(desk: Desk) -> None:
    (chat,) = (await desk.accept(mailed(1, sender=str(ANNA)))).addresses
    await desk.journal.do(BindGroup(ANNA, HOTEL))
    await desk.database.write(lambda c: ChatWork(c, chat=chat, now=desk.now).move("elsewhere"))
    assert await desk.database.read(lambda c: bound_to(c, ANNA)) == HOTEL
    assert (await desk.row(chats)).chat_text == "elsewhere"


async def test_ids_are_kept_for_channels_alone_that_search_for_them(desk: Desk) -> None:
    aging, numbers = Aging(desk, Retention(words=10, records=20)), count(1)
    for letter in (mailed(next(numbers)), incoming(next(numbers))):
        turn = await claimed(desk, letter)
        posted = await desk.post(turn, bubble("Ecco."), intend_first=True)
        message_id = f"1{posted.rows[0].row}"
        sent = Settled(posted.rows[0].row, OutboxState.SENT, message_id=message_id)
        await desk.post(turn, settled=(sent,))
        await desk.complete(turn)
    aging.days_later(40)
    await aging.prune()
    kept = {row.chat_id for row in await desk.stored(outbox)}
    names = {row.id: row.channel for row in await desk.stored(chats)}
    assert [names[chat] for chat in kept] == ["telegram"]
