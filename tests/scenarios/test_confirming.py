"""Who confirms what is to be done, and how: in a group, and where there are no keys."""

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import Call, Reply
from tests.fakes.tools import FakeTool
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_answer_keys import refused
from tests.scenarios.test_channels import town
from tests.scenarios.town import Town

__all__ = ["town"]  # the fixture
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

FOUR = '{"what":"four"}'
YES, NO = say(Text.CONFIRM_YES, "it"), say(Text.CONFIRM_NO, "it")
ASKED = f"{say(Text.CONFIRM, 'it')}\n\nBook\n• what: four"


def will_ask(stage: Stage) -> FakeTool:
    book = FakeTool("book", confirm=True)
    stage.toolbox.tools.append(book)
    stage.openai.script.add([Reply(calls=(Call("book", FOUR, "call_1"),))])
    stage.will_say("Confermi?")
    return book


async def test_in_a_group_whoever_was_asked_confirms_and_nobody_else(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = stage.group(anna, bruno)
    book = will_ask(stage)
    anna.writes("@aurora_bot Un tavolo", to=group)
    await group.hears(AI_NOTICE, "Confermi?", ASKED)
    await stage.until(lambda: group.buttons() == [YES, NO])
    await stage.settles()
    for key in (YES, NO):
        bruno.presses(key, to=group)
        await refused(stage, say(Text.KEY_NOT_YOURS, "it"))
    assert (book.book, group.buttons()) == ([], [YES, NO])
    stage.will_say("Prenotato.")
    anna.presses(YES, to=group)
    await group.hears("Prenotato.")
    assert len(book.book) == 1


async def test_by_letter_without_keys_the_client_writes_yes(town: Town) -> None:
    await town.stage.opens()
    town.office.channel.has_keys = False
    anna = town.client("letters")
    book = will_ask(town.stage)
    anna.writes("Un tavolo")
    in_words = f"{ASKED}\n\n{say(Text.CONFIRM_IN_WORDS, 'it')}"
    await anna.hears(AI_NOTICE, "Confermi?", in_words)
    assert (book.book, anna.buttons()) == ([], [])
    town.stage.will_say("Prenotato.")
    anna.writes("Sì, grazie!")
    await anna.hears("Prenotato.")
    assert len(book.book) == 1
