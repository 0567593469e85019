"""When people of a company are told: each at the hours that they chose."""

import pytest

from bot.core.texts import say
from bot.core.texts.people import Duty
from tests.scenarios.admins import BEA, headed
from tests.scenarios.cards import last, sees, taps
from tests.scenarios.stage import Stage
from tests.scenarios.test_wanted import asks, works_here


async def test_who_does_not_want_to_be_told_is_not(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA)
    ada.writes("/duty off")
    assert say(Duty.NEVER, "it") in await last(ada)
    assert "✓ " + say(Duty.MAKE_NEVER, "it") in ada.buttons()
    await asks(closed.person("Anna"), "Avete una sauna?")
    await last(bea)
    await ada.hears()
    await taps(ada, Duty.MAKE_ALWAYS)
    await sees(ada, say(Duty.ALWAYS, "it"))


async def test_on_duty_at_certain_hours(closed: Stage) -> None:
    """It is Friday, one o'clock in the afternoon."""
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA)
    for person, hours in ((ada, "ven 9-18"), (bea, "sab 9-18")):
        await taps(person, Duty.MAKE_HOURS)
        await person.hears(headed(say(Duty.ASK, "it")))
        person.writes("boh")
        await person.hears(headed(say(Duty.NOT_UNDERSTOOD, "it")))
        person.writes(hours)
        assert "9:00–18:00" in await last(person)
        assert "✓ " + say(Duty.MAKE_HOURS, "it") in person.buttons()
    await asks(closed.person("Anna"), "Avete una sauna?")
    await last(ada)
    await bea.hears()


async def test_out_of_hours_it_is_kept_until_somebody_is_on_duty(closed: Stage) -> None:
    """It is Friday, one o'clock in the afternoon."""
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    ada.writes("/duty sab 9-18")
    await last(ada)
    await asks(anna, "Avete una sauna?")
    await closed.settles()
    assert await closed.count("SELECT count(*) FROM questions WHERE told_at IS NOT NULL") == 0
    await closed.dies()
    await closed.opens()
    await asks(anna, "E un cane?", about="un cane in camera")
    await closed.settles()
    await ada.hears()
    ada.writes("/duty ven 9-18")
    await last(ada)
    await asks(closed.person("Bruno"), "Avete una piscina?", about="una piscina")
    await closed.until(lambda: len(ada.untold()) == 2)
    kept, new = (message["text"] for message in ada.untold())
    assert "• una sauna\n• un cane in camera" in kept
    assert "• una piscina" in new
    await last(ada)
    await ada.hears()


async def test_who_comes_on_duty_is_told_what_others_were_told_before(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA)
    anna = closed.person("Anna")
    bea.writes("/duty sab 9-18")
    await last(bea)
    await asks(anna, "Avete una sauna?")
    await last(ada)
    bea.writes("/duty on")
    await last(bea)
    await asks(anna, "E un cane?", about="un cane in camera")
    assert "• una sauna\n• un cane in camera" in await last(bea)
    await sees(ada, "• una sauna\n• un cane in camera")
    await ada.hears()


async def test_hours_that_cannot_be_read_keep_nobody_from_being_told(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA)
    ada.writes("/duty sab 9-18")
    await last(ada)
    await closed.runs("UPDATE duties SET hours = 'every other full moon'")
    await asks(closed.person("Anna"), "Avete una sauna?")
    for person in (ada, bea):
        assert "• una sauna" in await last(person)
    ada.writes("/duty")
    assert say(Duty.ALWAYS, "it") in await last(ada)


@pytest.mark.parametrize("reached", [True, False])
async def test_the_model_knows_whether_anybody_can_be_told(closed: Stage, reached: bool) -> None:
    await closed.opens()
    ada = await works_here(closed)
    if not reached:
        ada.writes("/duty off")
        await last(ada)
    await asks(closed.person("Anna"), "Ciao", "answered")
    told = str(closed.asked()[-1])
    assert ("⟦nobody: " not in told) is reached
