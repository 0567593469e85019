"""Small reads that only dialogues need: both databases understand them."""

from db.chats import ChatWork, form_of
from db.codes import codes_of
from db.people import Appoint, Person, roles_of
from db.records import Actor, Draft, Secret, UpdateKind
from db.secrets import reveal
from db.showcase import own_bots
from db.tenants import tenant_by_id, tenant_here
from tests.databases import BOT, TENANT
from tests.db.desk import ANNA, Desk, incoming
from tests.db.test_codes import issue


async def test_the_tenant_of_a_chat_is_found_by_where_it_is_and_by_its_row(desk: Desk) -> None:
    address = (await desk.event()).address
    assert address is not None
    here = await desk.database.read(lambda c: tenant_here(c, address))
    assert here is not None
    assert here.name == TENANT
    assert await desk.database.read(lambda c: tenant_by_id(c, here.id)) == here


async def test_a_role_is_read_and_held_until_the_commit(desk: Desk) -> None:
    person = Person(ANNA, "Anna", "admin")
    await desk.journal.do(Appoint(1, person, Actor(None, "console"), desk.now))
    held = await desk.database.write(lambda c: roles_of(c, user_id=ANNA, now=desk.now, keep=True))
    assert held == {1: "admin"}


async def test_a_secret_is_read_again_for_its_event(desk: Desk) -> None:
    secret = Secret("code", "ciphertext")
    (event,) = (await desk.accept(incoming(1, kind=UpdateKind.EVENT, secrets=(secret,)))).events
    assert await desk.database.read(lambda c: reveal(c, event.row)) == (secret,)


async def test_what_a_chat_is_asked_is_read_by_its_address(desk: Desk) -> None:
    event = await desk.event()
    assert event.address is not None
    address = event.address
    assert await desk.database.read(lambda c: form_of(c, address)) is None


async def test_the_codes_of_one_assistant(desk: Desk) -> None:
    await issue(desk, "one")
    await issue(desk, "other", assistant="staff")
    found = await desk.database.read(lambda c: codes_of(c, tenant=1, assistant="vip"))
    assert [code.assistant for code in found] == ["vip"]


async def test_a_button_is_pressed_for_the_first_time_once(desk: Desk) -> None:
    first: list[bool] = []

    def press(chat: ChatWork) -> tuple[Draft, ...]:
        first.append(chat.is_first_press("7"))
        return ()

    for _ in range(2):
        await desk.handle(await desk.event(message_id=None, pressed="7"), press)
    assert first == [True, False]


async def test_a_tenant_shows_itself_on_its_own_bots(desk: Desk) -> None:
    shown = await desk.database.read(lambda c: own_bots(c, 1))
    assert [bot.id for bot, _ in shown] == [BOT]
