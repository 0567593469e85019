"""What a company's people see of its conversations."""

from collections.abc import Sequence

from sqlalchemy import insert, update

from db.audit import trail
from db.chats import ChatWork
from db.erasing import EraseTenant
from db.journal import apply
from db.models import talks, threads, turns
from db.readings import NoteReading, NoteTranscript
from db.records import Actor, Draft, Purpose
from db.talks import (
    Talk,
    list_talks,
    named_talks,
    read_talk,
    talk_by_row,
)
from db.tenants import SaveProfile
from tests.db.desk import ANNA, BRUNO, Desk, bubble, doing, sent

HOTEL = 1
ADA = Actor(7, "Ada")


async def talked(desk: Desk, client: int = ANNA, name: str = "Anna", text: str = "Ciao") -> int:
    """A turn from the first word to its end; its number."""
    turn = await desk.open_turn(text, client=client)
    (row,) = (await desk.post(turn, bubble(f"{text}!"), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 5_000 + row.row),))
    await desk.complete(turn, client=name)
    desk.now += 60
    return turn.fence.turn


async def listed(
    desk: Desk, *, first: int = 0, limit: int = 10, private: bool = True
) -> list[Talk]:
    found = await desk.database.read(list_talks, HOTEL, private=private, first=first, limit=limit)
    return [*found]


async def names(desk: Desk, **which: int | bool) -> list[str | None]:
    return [talk.name for talk in await listed(desk, **which)]  # type: ignore[arg-type]  # as above


async def the_talk(desk: Desk) -> Talk:
    (talk,) = await listed(desk)
    return talk


async def test_whoever_spoke_last_goes_first(desk: Desk) -> None:
    await talked(desk, ANNA, "Anna")
    await talked(desk, BRUNO, "Bruno")
    assert await names(desk) == ["Bruno", "Anna"]
    await talked(desk, ANNA, "Anna Rossi")
    assert await names(desk) == ["Anna Rossi", "Bruno"]


async def test_who_waits_goes_before_all_others_and_the_longest_first(desk: Desk) -> None:
    for number in range(5):
        await talked(desk, 2000 + number, f"N{number}")
    for name, since in (("N3", 9.0), ("N0", 5.0)):
        waits = update(talks).where(talks.c.name == name).values(waiting_since=since)
        await desk.database.write(lambda c, waits=waits: c.execute(waits))  # type: ignore[misc]  # mypy infers no default of a lambda
    order = ["N0", "N3", "N4", "N2", "N1"]
    assert await names(desk) == order
    pages = [await names(desk, first=first, limit=2) for first in (0, 2, 4)]
    assert [one for page in pages for one in page] == order
    assert await names(desk, first=1, limit=3) == order[1:4]


async def test_a_name_that_is_not_known_leaves_the_one_before(desk: Desk) -> None:
    await talked(desk, ANNA, "Anna")
    await talked(desk, ANNA, "")
    assert await names(desk) == ["Anna"]
    await talked(desk, BRUNO, "")
    assert await names(desk) == [None, "Anna"]


async def test_a_preview_is_nobodys_to_read(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.database.write(lambda c: c.execute(update(threads).values(purpose=Purpose.PREVIEW)))
    await desk.complete(turn, client="Ada")
    assert await listed(desk) == []


async def test_private_assistants_have_conversations_of_their_own(desk: Desk) -> None:
    await talked(desk)

    def unlock(chat: ChatWork) -> Sequence[Draft]:
        chat.switch(HOTEL, assistant="vip")
        return ()

    await desk.handle(await desk.event(), unlock)
    await talked(desk, text="Suite")
    public, vip = sorted(await listed(desk), key=lambda talk: talk.is_private)
    assert (public.is_private, vip.assistant) == (False, "vip")
    assert [talk.row for talk in await listed(desk, private=False)] == [public.row]
    assert await desk.database.read(talk_by_row, HOTEL, vip.row, private=False) is None
    for talk, said in ((public, "Ciao!"), (vip, "Suite!")):
        page = await desk.database.read(read_talk, talk, limit=5)
        assert [one.text for turn in page.turns for one in turn.said] == [said]


async def test_another_companys_is_not_found(desk: Desk) -> None:
    await talked(desk)
    talk = await the_talk(desk)
    await desk.journal.do(SaveProfile("gino", "{}", "test", desk.now))
    assert await desk.database.read(talk_by_row, 2, talk.row, private=True) is None


async def test_a_client_is_found_by_a_part_of_the_name(desk: Desk) -> None:
    await talked(desk, ANNA, "Анна Каренина")
    await talked(desk, BRUNO, "Bruno")
    for words in ("анна", "КАРЕН"):
        found = await desk.database.read(named_talks, HOTEL, words, private=True, limit=8)
        assert [talk.name for talk in found] == ["Анна Каренина"]


async def test_a_conversation_is_read_page_by_page_from_its_end(desk: Desk) -> None:
    numbers = [await talked(desk, text=f"t{number}") for number in range(5)]
    talk, before = await the_talk(desk), None
    read: list[str] = []
    for _ in range(3):
        page = await desk.database.read(read_talk, talk, limit=2, before=before)
        said = [one.text for turn in page.turns for one in turn.said]
        assert said == [f"t{numbers.index(turn.row)}!" for turn in page.turns]
        assert [one.turn for one in page.heard] == [turn.row for turn in page.turns]
        read, before = [*said, *read], page.older
    assert (read, before) == ([f"t{number}!" for number in range(5)], None)


async def test_what_waits_for_an_answer_stands_on_the_last_page(desk: Desk) -> None:
    await talked(desk)
    await desk.hear("E la colazione?")
    page = await desk.database.read(read_talk, await the_talk(desk), limit=1)
    assert ["colazione" in one.message.payload for one in page.heard] == [False, True]


async def test_reading_is_in_the_trail_once_a_day_for_each_person(desk: Desk) -> None:
    await talked(desk)
    talk = await the_talk(desk)
    read = [("20", ADA), ("20", ADA), ("20", Actor(8, "Bea")), ("21", ADA), ("21", ADA)]
    work = [NoteReading(talk.row, HOTEL, who, day, desk.now) for day, who in read]
    await desk.database.write(lambda c: apply(c, work))
    entries = await desk.database.read(trail, tenant=HOTEL, limit=9)
    assert [(one.actor.name, one.action, one.subject) for one in entries] == [
        (name, "chat read", f"#{talk.row}") for name in ("Ada", "Bea", "Ada")
    ]


async def test_each_reading_at_the_command_line_is_in_the_trail(desk: Desk) -> None:
    await talked(desk)
    talk = await the_talk(desk)
    reading = NoteTranscript(talk.chat, Actor(None, "command line"), desk.now)
    await desk.database.write(lambda c: apply(c, [reading, reading]))
    assert len(await desk.database.read(trail, tenant=HOTEL, limit=9)) == 2


async def test_what_a_client_had_forgotten_is_read_by_nobody(desk: Desk) -> None:
    await talked(desk)
    about = update(turns).values(about="a room", sources='["rooms"]', told="{}", buttons="[]")
    await desk.database.write(lambda c: c.execute(about))
    talk = await the_talk(desk)
    await desk.handle(await desk.event(), doing("forget"))
    assert await listed(desk) == []
    page = await desk.database.read(read_talk, talk, limit=9)
    assert [(turn.said, turn.about, turn.sources) for turn in page.turns] == [((), None, None)]
    await talked(desk, text="Di nuovo")
    assert await names(desk) == ["Anna"]


async def test_of_a_company_that_is_deleted_none_are_left(desk: Desk) -> None:
    await talked(desk)
    row = insert(talks).values(tenant_id=1, chat_id=1, assistant="vip", name="A", last_at=1.0)
    await desk.database.write(lambda c: c.execute(row))
    await desk.database.write(lambda c: c.exec_driver_sql("UPDATE tenants SET state = 'deleted'"))
    while await desk.journal.do(EraseTenant(desk.now)):
        pass
    assert await desk.stored(talks) == []
