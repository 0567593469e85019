"""A tenant takes over the bots of another: `sportello tenants apply FILE --take-bots`."""

from db.models import chats, tenants, threads
from db.operations import Introduce
from db.records import OutboxKind, Turn
from db.tenants import SaveProfile, TakeBots, bots_by_tenant, tenant_of
from tests.databases import BOT, SOMEBODY, TENANT
from tests.db.desk import ANNA, BRUNO, Desk, bubble

BANK = "banca-aessefin"
AI_NOTICE = bubble("Le risponde una IA.", kind=OutboxKind.NOTICE)


async def take(desk: Desk, name: str = BANK) -> tuple[int, ...]:
    """As the command does: the profile and the bots in one commit."""
    _, taken = await desk.together(
        SaveProfile(name, "{}", "test", desk.now), TakeBots(name, SOMEBODY, desk.now)
    )
    assert isinstance(taken, tuple), taken
    return taken


async def tenant_row(desk: Desk, name: str) -> int:
    return int((await desk.row(tenants, name=name)).id)


async def answered(desk: Desk, turn: Turn) -> Turn:
    """The turn ends; the chat may have its next one."""
    await desk.complete(turn)
    desk.now += 60
    return turn


async def test_the_bots_speak_for_their_new_tenant(desk: Desk) -> None:
    assert await take(desk) == (BOT,)

    speaks = await desk.database.read(lambda connection: tenant_of(connection, BOT))
    known = await desk.database.read(bots_by_tenant)

    assert speaks is not None
    assert speaks.name == BANK
    assert known == {await tenant_row(desk, BANK): (BOT,)}


async def test_bots_that_a_tenant_has_are_not_taken_again(desk: Desk) -> None:
    await answered(desk, await desk.open_turn())
    before = await desk.stored(threads)

    assert await take(desk, TENANT) == ()

    assert await desk.stored(threads) == before


async def test_the_next_message_is_the_new_tenants(desk: Desk) -> None:
    hotel = await answered(desk, await desk.open_turn("A che ora è il check-in?"))

    await take(desk)
    bank = await desk.open_turn("Quanto costa il conto?")

    assert bank.chat == hotel.chat
    assert bank.tenant == await tenant_row(desk, BANK)
    assert bank.conversation_id is None


async def test_a_message_that_waits_is_answered_by_the_old_tenant_at_once(desk: Desk) -> None:
    chat = await desk.hear("A che ora è il check-in?")

    await take(desk)
    hotel = await desk.claim(chat)

    assert isinstance(hotel, Turn)
    assert hotel.tenant == await tenant_row(desk, TENANT)


async def test_the_old_tenants_notice_is_not_the_new_ones(desk: Desk) -> None:
    chat = await desk.hear("A che ora è il check-in?")
    await take(desk)
    hotel = await desk.claim(chat)
    assert isinstance(hotel, Turn)
    await desk.journal.do(Introduce(hotel.fence, chat, desk.owner, desk.now, (AI_NOTICE,)))
    await answered(desk, hotel)

    bank = await desk.open_turn("Quanto costa il conto?")

    assert (hotel.introduced, bank.introduced) == (False, False)
    await desk.journal.do(Introduce(bank.fence, chat, desk.owner, desk.now, (AI_NOTICE,)))
    await answered(desk, bank)
    assert (await desk.open_turn("E la carta?")).introduced


async def test_what_comes_after_it_is_the_new_tenants(desk: Desk) -> None:
    chat = await desk.hear("A che ora è il check-in?")
    await take(desk)
    hotel = await desk.claim(chat)
    assert isinstance(hotel, Turn)
    await answered(desk, hotel)

    bank = await desk.open_turn("Quanto costa il conto?")

    assert bank.tenant == await tenant_row(desk, BANK)


async def test_a_turn_under_way_ends_as_it_began(desk: Desk) -> None:
    hotel = await desk.open_turn("A che ora è il check-in?")

    await take(desk)
    await desk.complete(hotel, last_item_id="item_1")

    thread = await desk.row(threads, id=hotel.thread)
    assert thread.tenant_id == await tenant_row(desk, TENANT)
    assert thread.last_item_id == "item_1"


async def test_a_quiet_chat_stays_quiet(desk: Desk) -> None:
    turn = await answered(desk, await desk.open_turn())

    await take(desk)

    assert (await desk.row(chats, id=turn.chat)).due_at is None


async def test_the_new_tenant_says_again_that_an_ai_answers(desk: Desk) -> None:
    await desk.do_to_chat("introduce")

    await take(desk)

    assert not (await desk.open_turn()).introduced


async def test_bots_can_go_back(desk: Desk) -> None:
    hotel = await answered(desk, await desk.open_turn())
    await take(desk)
    await answered(desk, await desk.open_turn())

    await take(desk, TENANT)
    again = await desk.open_turn()

    assert again.tenant == hotel.tenant
    assert again.thread != hotel.thread


async def test_a_chat_has_one_open_thread(desk: Desk) -> None:
    turn = await answered(desk, await desk.open_turn())

    await take(desk)

    (open_one,) = await desk.stored(threads, closed_at=None)
    assert (await desk.row(chats, id=turn.chat)).thread_id == open_one.id


async def test_every_chat_begins_anew(desk: Desk) -> None:
    for client in (ANNA, BRUNO):
        await desk.hear(client=client)

    await take(desk)

    opened = await desk.stored(threads, tenant_id=await tenant_row(desk, BANK))
    assert len(opened) == 2
    assert {row.assistant for row in opened} == {"public"}
