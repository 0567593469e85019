"""Who talked on the page goes on in Telegram: one link, pressed once, and nothing is said twice."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.texts import Text, say
from bot.turns.brief import _ELSEWHERE as ELSEWHERE
from bot.turns.brief import _FROM_HERE as FROM_HERE
from bot.web.afterwards import LINK_SECONDS
from tests.scenarios.company import company
from tests.scenarios.letters import PostOffice
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage, on_stage
from tests.scenarios.test_shared_bot import BANK
from tests.scenarios.town import Town
from tests.scenarios.web import Surfer, add_site, serve_web

QUESTION, ANSWER = "A che ora è il check-in?", "Dalle 14:00."
ON_THE_PAGE = [("user", QUESTION), ("assistant", ANSWER)]
HERE, THERE = say(Text.WENT_ON_HERE, "it"), say(Text.WENT_ON_IN_TELEGRAM, "it")
NOTES = {("developer", str(ELSEWHERE)), ("developer", str(FROM_HERE))}


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with on_stage(database_url) as stage:
        town = Town(stage, PostOffice(), await serve_web(stage))
        await stage.opens()
        yield town
        await stage.closes()
        for surfer in town.surfers:
            await surfer.leaves()


async def has_talked(town: Town) -> Surfer:
    """Somebody on the page, with one answer."""
    surfer = town.client("web")
    assert isinstance(surfer, Surfer)
    await asks(surfer, QUESTION, ANSWER, AI_NOTICE)
    return surfer


async def asks(client: Surfer | Person, words: str, answer: str, *before: str) -> None:
    """A question, and its answer; what is `before` it is told unasked."""
    stage = client.stage
    assert isinstance(stage, Stage)
    stage.will_say(answer)
    client.writes(words)
    await client.hears(*before, answer)
    await stage.settles()


async def link_of(surfer: Surfer) -> str:
    """The way to Telegram."""
    answer = await surfer.reader.asks("POST", f"/v1/chats/{surfer.chat_id}/telegram", {})
    assert answer.status == 201, answer
    return str(answer.body["url"])


async def arrives(town: Town, surfer: Surfer, name: str = "Anna") -> Person:
    """The same person, in Telegram."""
    anna = town.stage.person(name)
    anna.opens(await link_of(surfer))
    await anna.hears(HERE, AI_NOTICE)
    await surfer.hears(THERE)
    return anna


def remembered(stage: Stage) -> list[tuple[str, str]]:
    """The conversation of the last request, without what stands between its two places."""
    return [one for one in stage.remembered() if one not in NOTES]


async def test_what_was_said_on_the_page_is_known_in_telegram(town: Town) -> None:
    surfer = await has_talked(town)
    anna = await arrives(town, surfer)
    await asks(anna, "E il check-out?", "Fino alle 11:00.")
    assert remembered(town.stage) == [
        *ON_THE_PAGE,
        ("user", "E il check-out?"),
        ("assistant", "Fino alle 11:00."),
    ]
    assert "⟦first_turn: no⟧" in json.dumps(town.stage.asked()[-1]["input"], ensure_ascii=False)
    await asks(surfer, "Grazie", "Prego.")
    assert remembered(town.stage) == [*ON_THE_PAGE, ("user", "Grazie"), ("assistant", "Prego.")]


async def test_it_is_told_as_what_was_said_on_the_page(town: Town) -> None:
    anna = await arrives(town, await has_talked(town))
    await asks(anna, "E il check-out?", "Fino alle 11:00.")
    elsewhere, here = (("developer", str(one)) for one in (ELSEWHERE, FROM_HERE))
    assert town.stage.remembered()[:4] == [elsewhere, *ON_THE_PAGE, here]


async def test_who_was_in_telegram_before_keeps_what_was_said_there(town: Town) -> None:
    anna = town.stage.person("Anna")
    await asks(anna, "Avete un parcheggio?", "Sì.", AI_NOTICE)
    surfer = await has_talked(town)
    anna.opens(await link_of(surfer))
    await anna.hears(HERE, AI_NOTICE)
    await surfer.hears(THERE)
    await asks(anna, "E il check-out?", "Fino alle 11:00.")
    before = [("user", "Avete un parcheggio?"), ("assistant", "Sì.")]
    assert remembered(town.stage)[:4] == [*before, *ON_THE_PAGE]


@pytest.mark.parametrize("late", [False, True])
async def test_a_link_that_is_over_is_a_plain_start(town: Town, late: bool) -> None:
    """[36] Pressed twice, by somebody else, or after a quarter of an hour."""
    surfer = await has_talked(town)
    link = await link_of(surfer)
    if late:
        town.stage.clock.skips(LINK_SECONDS)
    else:
        anna = town.stage.person("Anna")
        anna.opens(link)
        await anna.hears(HERE, AI_NOTICE)
        await surfer.hears(THERE)
        anna.opens(link)
        await anna.hears(WELCOME, AI_NOTICE)
    bruno = town.stage.person("Bruno")
    bruno.opens(link)
    await bruno.hears(WELCOME, AI_NOTICE)
    await asks(bruno, "Chi parla?", "L'Hotel Aurora.")
    assert QUESTION not in [text for _, text in town.stage.remembered()]


async def test_in_a_group_it_is_a_plain_start(town: Town) -> None:
    surfer, anna = await has_talked(town), town.stage.person("Anna")
    group = town.stage.group(anna)
    token = (await link_of(surfer)).partition("=")[2]
    anna.writes(f"/start {token}", to=group)
    await group.hears(WELCOME, AI_NOTICE)
    anna.opens(f"https://t.me/aurora_bot?start={token}")
    await anna.hears(HERE, AI_NOTICE)
    await surfer.hears(THERE)


async def test_pressed_while_the_answer_comes_on_the_page(town: Town) -> None:
    """[37] It ends there, and Telegram begins behind it."""
    surfer = await has_talked(town)
    stage, link = town.stage, await link_of(surfer)
    stage.will_say("Sì, è al coperto.", first_ms=800)
    surfer.writes("C'è un parcheggio?")
    await stage.until(lambda: len(stage.asked()) == 2)
    anna = stage.person("Anna")
    anna.opens(link)
    await anna.hears(HERE, AI_NOTICE)
    stage.will_say("Dieci euro.")
    anna.writes("Quanto costa?")
    await anna.hears("Dieci euro.")
    await stage.until(lambda: len(surfer.untold()) == 2)
    told = {one["text"] for one in surfer.untold()}  # on a busy machine the press comes later
    assert told == {THERE, "Sì, è al coperto."}
    surfer.told += len(told)
    await stage.settles()
    assert remembered(stage) == [
        *ON_THE_PAGE,
        ("user", "C'è un parcheggio?"),
        ("assistant", "Sì, è al coperto."),
        ("user", "Quanto costa?"),
        ("assistant", "Dieci euro."),
    ]


async def test_who_blocks_the_bot_goes_on_on_the_page(town: Town) -> None:
    """[38]"""
    surfer = await has_talked(town)
    anna = await arrives(town, surfer)
    anna.blocks()
    await town.stage.settles()
    await asks(surfer, "E il check-out?", "Fino alle 11:00.")


async def test_what_is_forgotten_on_the_page_is_forgotten_in_telegram_too(town: Town) -> None:
    """[39] What was said in Telegram stays; the conversation at OpenAI that knew both goes."""
    surfer, stage = await has_talked(town), town.stage
    anna = await arrives(town, surfer)
    await asks(anna, "E il check-out?", "Fino alle 11:00.")
    conversation, unpressed = stage.asked()[-1]["conversation"], await link_of(surfer)
    answer = await surfer.reader.asks("POST", f"/v1/chats/{surfer.chat_id}/forget", {})
    assert answer.status == 202
    await surfer.hears(say(Text.FORGOTTEN_WEB, "it"))
    await stage.until(lambda: conversation not in stage.openai.state.conversations)
    assert await stage.count("SELECT count(*) FROM links") == 0
    await asks(anna, "Grazie", "Prego.")
    said = [text for _, text in stage.remembered()]
    assert said == ["E il check-out?", "Fino alle 11:00.", "Grazie", "Prego."]
    bruno = stage.person("Bruno")
    bruno.opens(unpressed)
    await bruno.hears(WELCOME, AI_NOTICE)


async def test_what_is_forgotten_in_telegram_stays_on_the_page(town: Town) -> None:
    surfer, stage = await has_talked(town), town.stage
    anna = await arrives(town, surfer)
    await asks(anna, "E il check-out?", "Fino alle 11:00.")
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    await asks(anna, "Chi parla?", "L'Hotel Aurora.", AI_NOTICE)
    assert [text for _, text in stage.remembered()] == ["Chi parla?", "L'Hotel Aurora."]
    await asks(surfer, "Grazie", "Prego.")
    assert remembered(stage)[:2] == ON_THE_PAGE


async def test_nobody_finds_the_link_in_what_is_kept(town: Town) -> None:
    surfer = await has_talked(town)
    anna = await arrives(town, surfer)
    token = (await link_of(surfer)).partition("=")[2]
    anna.writes(f"Ho qui /start {token}")
    town.stage.will_say("Lo apra.")
    await anna.hears("Lo apra.")
    kept = await town.stage.everything_stored()
    assert [text for text in kept if token in text] == []
    assert token not in json.dumps(town.stage.asked(), ensure_ascii=False)


async def test_on_the_shared_bot_it_leads_to_the_company_of_the_page(town: Town) -> None:
    """As its link does; a bot of another company's own does not know it."""
    bank = await company(town.stage, profile=BANK)
    await add_site(town.stage, "site_bank", "https://bank.example", tenant=bank.tenant)
    surfer = town.client("web")
    assert isinstance(surfer, Surfer)
    surfer.reader = replace(surfer.reader, origin="https://bank.example")
    surfer.chat_id = await surfer.reader.opens("site_bank", language="it")
    await surfer.reader.says(surfer.chat_id, "/privacy", "m1")
    await town.stage.settles()
    anna = town.stage.person("Anna")
    anna.opens(await link_of(surfer))
    await anna.hears(HERE, "AI.")
    await asks(anna, "Dove?", "In banca.")
    assert "Banca" in town.stage.asked()[-1]["instructions"]


async def test_where_nothing_was_said_there_is_nothing_to_take_along(town: Town) -> None:
    surfer = town.client("web")
    assert isinstance(surfer, Surfer)
    chat = await surfer.reader.opens("site_aurora")
    answer = await surfer.reader.asks("POST", f"/v1/chats/{chat}/telegram", {})
    assert (answer.status, answer.kind) == (409, "nothing-said")
