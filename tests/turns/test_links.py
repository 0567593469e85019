"""Links that the company never gave reach no client."""

from collections.abc import Sequence

import pytest

from bot.core.reply.links import KnownLinks
from bot.core.texts import Text, say
from bot.ports import Began, BubbleClosed
from bot.turns.links import Links
from db.chats import ChatWork
from db.records import Draft
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.desk import PROFILE, House

INSTEAD = say(Text.LINK_LEFT_OUT, "it")
BUBBLES = ("Su [questo sito](https://strange.com).", "www.strange.com", "Altro?")
GIVEN = "Vi ho trovati su https://www.strange.com/aurora"
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
    said = ("Su https://hotel-aurora.it/menu", "e su strange.com.")
    house.model.will(reply(*said))
    async with house.process() as desk:
        await desk.answers(Client().writes(GIVEN))
    assert bubbles(house) == [*said]


@pytest.mark.parametrize("killed", [False, True])
async def test_a_link_that_the_client_gave_before_stays(house: House, killed: bool) -> None:
    said, anna = ("Su strange.com.", "Non su odd.com.", "E strange.com/menu?"), Client()
    house.model.will(
        reply("E poi?"),
        [Began("resp_2"), *map(BubbleClosed, said[:2]), house.hangs]
        if killed
        else reply(*said, response_id="resp_2"),
    )
    async with house.process() as desk:
        await desk.answers(anna.writes(GIVEN))
        await desk.answers(anna.writes("Dove vi ho trovati?"), seconds=10)
        if killed:
            await desk.dies()
    house.model.stored["resp_2"] = answer(*said, response_id="resp_2")
    async with house.process() as desk:
        await desk.runs(120)
    assert bubbles(house)[1:] == [said[0], f"Non su {INSTEAD}.", said[2]]


async def test_one_of_another_thread_does_not(house: House) -> None:
    def starts_over(chat: ChatWork) -> Sequence[Draft]:
        chat.start_over()
        return ()

    anna = Client(language="ru")
    house.model.will(reply("E poi?"), reply("strange.com", response_id="resp_2"))
    async with house.process() as desk:
        desk.works["/new"] = starts_over
        await desk.answers(anna.writes(GIVEN))
        await desk.answers(anna.commands("/new"))
        await desk.answers(anna.writes("Dove?"))
    assert bubbles(house)[1:] == [say(Text.LINK_LEFT_OUT, "ru")]


async def test_what_was_said_before_is_read_once_and_only_for_a_link_that_is_not_known() -> None:
    read = 0

    async def earlier() -> Sequence[str]:
        nonlocal read
        read += 1
        return ["given.com"]

    links = Links(KnownLinks(("ours.com",)), earlier, lambda: INSTEAD, 1, FakeTelemetry())
    assert await links.sift("ours.com") == "ours.com"
    assert read == 0
    assert await links.sift("given.com, odd.com") == f"given.com, {INSTEAD}"
    assert await links.sift("even.com") == INSTEAD
    assert read == 1


async def test_what_a_tool_tells_is_known_from_then_on() -> None:
    async def earlier() -> Sequence[str]:
        return []

    links = Links(KnownLinks(()), earlier, lambda: INSTEAD, 1, FakeTelemetry())
    assert await links.sift("found.com") == INSTEAD
    links.learn(["Book at found.com"])
    assert await links.sift("found.com") == "found.com"
