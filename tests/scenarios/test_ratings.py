"""What visitors think of a talk: the last word counts, and people of the company read it."""

import pytest

from bot.core.figures import to_a_tenth
from bot.core.texts import Text, say
from bot.core.texts.people import Chats
from tests.scenarios.admins import ADA
from tests.scenarios.cards import sees
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, TOKEN
from tests.scenarios.test_chats import lists, opens
from tests.scenarios.test_onward import ANSWER, QUESTION, has_talked, town
from tests.scenarios.town import Town
from tests.scenarios.versions import appoint
from tests.scenarios.web import Surfer
from tests.web.reader import Answer

__all__ = ["town"]  # a fixture


async def rates(surfer: Surfer, value: object, **more: object) -> Answer:
    body = {"value": value, **more}
    answer = await surfer.reader.asks("POST", f"/v1/chats/{surfer.chat_id}/rating", body)
    await surfer.stage.settles()
    return answer


async def values(town: Town) -> list[tuple[int, ...]]:
    return await town.stage.rows("SELECT value FROM ratings")


async def reads(town: Town) -> tuple[Person, str]:
    """One of the company's people, and the list of talks."""
    await appoint(town.stage, ADA, "operator", "Ada")
    ada = town.stage.person("Ada", "it")
    return ada, await lists(ada)


async def test_the_last_one_counts_and_is_read_where_it_was_given(town: Town) -> None:
    """[76]"""
    surfer = await has_talked(town)
    for value, text in ((2, "Lento."), (5, "Anzi, molto gentile.")):
        assert (await rates(surfer, value, text=text)).status == 204
    ada, shown = await reads(town)
    assert say(Chats.RATED, "it", mean=to_a_tenth(5, "it"), count=1) in shown
    visitor = say(Chats.VISITOR, "it", number=1, site="www.aurora.example")
    await opens(ada, f"★5 {visitor}")
    await sees(ada, "👤 ★★★★★ Anzi, molto gentile.")
    assert "Lento" not in ada.said()[-1]
    await surfer.hears()
    assert [one["text"] for one in surfer.messages()] == [QUESTION, AI_NOTICE, ANSWER]


async def test_after_forget_it_is_gone(town: Town) -> None:
    """[76]"""
    surfer = await has_talked(town)
    await rates(surfer, 4, text="Bene, Anna Neri.")
    surfer.writes("/forget")
    await surfer.hears(say(Text.FORGET_ASK, "it"))
    surfer.presses(say(Text.FORGET_YES, "it"))
    await surfer.hears(say(Text.FORGOTTEN_WEB, "it"))
    await town.stage.settles()
    assert await values(town) == []
    assert [one for one in await town.stage.everything_stored() if "Neri" in one] == []


async def test_a_secret_beside_it_is_not_kept(town: Town) -> None:
    surfer = await has_talked(town)
    await rates(surfer, 3, text=f"Il nostro bot: {TOKEN}")
    assert await values(town) == [(3,)]
    assert [one for one in await town.stage.everything_stored() if TOKEN in one] == []


@pytest.mark.parametrize("value", [0, 6, "5", 4.5, None])
async def test_what_is_no_number_of_ours_is_refused(town: Town, value: object) -> None:
    surfer = await has_talked(town)
    assert (await rates(surfer, value)).kind == "not-valid"
    assert await values(town) == []


async def test_before_a_word_was_said_there_is_nothing_to_rate(town: Town) -> None:
    surfer = town.client("web")
    assert isinstance(surfer, Surfer)
    surfer.chat_id = await surfer.reader.opens("site_aurora")
    assert (await rates(surfer, 5)).status == 204
    assert await values(town) == []
