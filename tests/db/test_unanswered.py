"""What could not be answered, until it is settled."""

from dataclasses import replace

from sqlalchemy import update

from db.journal import apply
from db.models import talks, turns
from db.records import Outcome, Stated
from db.tenants import SaveProfile
from db.unanswered import SettleQuestions, asked_in, count_unanswered, unanswered
from tests.db.desk import ANNA, BRUNO, Desk

HOTEL, BANK = 1, 2


async def asks(desk: Desk, about: str, client: int = ANNA, outcome: str = "unknown") -> None:
    """A question and what its answer said of itself."""
    turn = await desk.open_turn(client=client)
    stated = Stated(outcome=Outcome(outcome), about=about)
    await desk.journal.do(replace(desk.completing(turn, client="Anna"), stated=stated))
    desk.now += 60


async def abouts(desk: Desk, tenant: int = HOTEL, *, private: bool = False) -> list[str | None]:
    found = await desk.database.read(unanswered, tenant, private=private)
    return [one.about for one in found]


async def settle(desk: Desk, *rows: int, tenant: int = HOTEL) -> None:
    settling = SettleQuestions(tenant, rows, desk.now)
    await desk.database.write(lambda connection: apply(connection, [settling]))


async def settle_all(desk: Desk) -> None:
    """Read all there is about what waits, and settle it."""
    found = await desk.database.read(unanswered, HOTEL, private=False)
    await desk.database.read(unanswered, HOTEL, private=True)
    await desk.database.read(count_unanswered, HOTEL)
    await desk.database.read(asked_in, [one.turn for one in found] or [1])
    await settle(desk, *(one.row for one in found), 1)


async def test_the_newest_goes_first_until_it_is_settled(desk: Desk) -> None:
    await asks(desk, "una sauna")
    await asks(desk, "lentezza", outcome="complaint")
    await asks(desk, "un cane", BRUNO)
    assert await abouts(desk) == ["un cane", "una sauna"]
    assert await desk.database.read(count_unanswered, HOTEL) == 2
    (newest, _) = await desk.database.read(unanswered, HOTEL, private=False)
    assert len((await desk.database.read(asked_in, [newest.turn]))[newest.turn]) == 1
    await settle(desk, newest.row)
    assert await abouts(desk) == ["una sauna"]
    assert await desk.database.read(count_unanswered, HOTEL) == 1
    await settle_all(desk)
    assert await abouts(desk) == []


async def test_no_other_company_reads_or_settles_it(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("banca-aessefin", "{}", "test", desk.now))
    await asks(desk, "una sauna")
    assert await abouts(desk, BANK, private=True) == []
    await settle(desk, 1, tenant=BANK)
    assert await abouts(desk) == ["una sauna"]


async def test_what_a_private_assistant_was_asked_is_for_those_who_may_read_it(desk: Desk) -> None:
    await asks(desk, "una sauna")
    vip = update(talks).values(assistant="vip")
    await desk.database.write(lambda connection: connection.execute(vip))
    assert await abouts(desk) == []
    assert await abouts(desk, private=True) == ["una sauna"]


async def test_of_what_went_with_age_nothing_is_left(desk: Desk) -> None:
    await asks(desk, "una sauna")
    blank = update(turns).values(told=None, about=None, sources=None, buttons=None)
    await desk.database.write(lambda connection: connection.execute(blank))
    assert await abouts(desk) == []
    assert await desk.database.read(count_unanswered, HOTEL) == 0
