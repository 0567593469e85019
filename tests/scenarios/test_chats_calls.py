"""/chats: the people of a company read what their assistant did."""

from dataclasses import dataclass

import pytest

from bot.core.calls import Effect, ToolDefinition
from bot.core.texts import Text, say
from bot.core.texts.people import Chats
from bot.playground.openai import Call, Reply
from bot.ports import ToolContext
from tests.fakes.tools import SCHEMA, FakeTool, done
from tests.scenarios.cards import has_heard, sees
from tests.scenarios.stage import Stage
from tests.scenarios.test_chats import lists, opens, operator

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
KEY = "sk-proj-Ab3dEfGh1jKlMn0pQrStUvWxYz-1234567890_abcdefGHIJ"


@dataclass(slots=True)
class ReadInItalian(FakeTool):
    """One that says how it is read in Italian."""

    @property
    def definition(self) -> ToolDefinition:
        italian = {"book": "Prenotare", "what": "cosa"}
        return ToolDefinition(self.name, "Books.", SCHEMA, {"it": italian})


async def test_they_read_each_call_until_the_client_has_it_forgotten(closed: Stage) -> None:
    async def finds(_: ToolContext, __: str) -> str:
        return done(f"At 20:30, by {KEY}.")

    look, book = FakeTool("look_up", Effect.READ, acts=finds), ReadInItalian("book")
    closed.toolbox.tools.extend([look, book])
    ada, anna = await operator(closed), closed.person("Anna")
    wanted = Call("look_up", '{"what":"four"}', "call_1"), Call("book", '{"what":"five"}', "call_2")
    closed.openai.script.add([Reply(calls=wanted)])
    closed.will_say("Prenotato.")
    anna.writes("Un tavolo")
    await has_heard(anna)
    await lists(ada)
    await opens(ada, "Anna")
    done_word = say(Chats.CALL_DONE, "it")
    await sees(ada, f"🔧 Look up · what: four → {done_word}: At 20:30, by •••")
    await sees(ada, f"🔧 Prenotare · cosa: five → {done_word}: Done.\n🤖 Prenotato.")
    assert not any(KEY in text for text in ada.said())

    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    await closed.until(lambda: not any("five" in text for text in ada.said()))
