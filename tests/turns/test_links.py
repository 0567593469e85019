"""Links that the company never gave reach no client."""

from bot.core.texts import Text, say
from bot.ports import Began, BubbleClosed
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import PROFILE, House

INSTEAD = say(Text.LINK_LEFT_OUT, "it")
BUBBLES = ("Su [questo sito](https://strange.com).", "www.strange.com", "Altro?")
SIFTED = ["Su questo sito.", INSTEAD, "Altro?"]


def bubbles(house: House) -> list[str]:
    return [text for text in house.channel.texts() if text != PROFILE.ai_notice]


async def test_they_are_left_out_bubble_by_bubble_and_counted(house: House) -> None:
    house.model.will(reply(*BUBBLES))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == SIFTED
    assert desk.telemetry.count("link left out") == 2


async def test_an_answer_that_is_fetched_after_a_crash_goes_on_behind_them(house: House) -> None:
    house.model.will([Began("resp_1"), *map(BubbleClosed, BUBBLES[:2]), house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.dies()
    house.model.stored["resp_1"] = answer(*BUBBLES)
    async with house.process() as desk:
        await desk.runs(120)
    assert bubbles(house) == SIFTED


async def test_those_of_the_company_and_of_the_clients_own_words_stay(house: House) -> None:
    knowledge = "Siamo su www.hotel-aurora.it."
    house.profile = PROFILE.model_copy(update={"knowledge": knowledge})
    said, anna = ("Su https://hotel-aurora.it/menu", "e su strange.com."), Client()
    house.model.will(reply(*said), reply("strange.com?", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(anna.writes("Vi ho trovati su https://www.strange.com/aurora"))
        await desk.answers(anna.writes("Dove?"))
    assert bubbles(house) == [*said, f"{INSTEAD}?"]
