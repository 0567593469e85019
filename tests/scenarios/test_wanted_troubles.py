"""What cannot be told to the people of a company, or shown, keeps nothing else from them."""

from bot.core.texts import say
from bot.core.texts.people import Wanted
from db.outdated import Rewritten
from tests.scenarios.cards import last
from tests.scenarios.stage import Stage
from tests.scenarios.test_wanted import asks, works_here


async def test_of_one_that_cannot_be_read_the_others_do_not_wait(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed)
    for name in ("Anna", "Bruno"):
        await asks(closed.person(name), "Ciao", "answered", about="")
    await closed.closes()
    for number in (1, 2):
        told = f"SELECT {number}, {number}, 1, 'unknown', 1"
        await closed.runs(
            f"INSERT INTO questions (turn_id, talk_id, tenant_id, outcome, at) {told}"
        )
    await closed.runs(
        "UPDATE chats SET channel = 'fax' WHERE id = (SELECT chat_id FROM talks WHERE id = 1)"
    )
    await closed.opens()
    assert say(Wanted.HEAD_UNKNOWN, "it", name="Bruno") in await last(ada)
    closed.warns("people not told")


async def test_one_that_cannot_be_shown_stands_behind_the_others(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed)
    await asks(closed.person("Anna"), "Ciao")
    await last(ada)
    await closed.closes()
    await closed.runs("UPDATE quotes SET rewrite_at = 1")
    await closed.runs("UPDATE chats SET channel = 'fax' WHERE id IN (SELECT chat_id FROM quotes)")
    before = len(closed.committed)
    await closed.opens()

    def again() -> list[float | None]:
        return [one.again_at for one in closed.committed[before:] if isinstance(one, Rewritten)]

    await closed.until(lambda: bool(again()))
    assert None not in again()
    closed.warns("people not told")
