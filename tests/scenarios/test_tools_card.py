"""/configure: what the assistant can look up or do, switched on and off by a tap."""

from bot.core.calls import Effect
from bot.core.texts import say
from bot.core.texts.profile import Configure
from bot.core.texts.tools import Tools
from bot.errors import ToolError
from bot.playground.openai import Call, Reply
from bot.ports import ToolContext
from bot.telegram.admin.moments import moment
from tenants.values import Group
from tests.fakes.tools import FakeTool
from tests.scenarios.admins import admin, draft, each_language
from tests.scenarios.cards import has_heard, last, opens_group, sees, sees_company
from tests.scenarios.encounters import met
from tests.scenarios.stage import Stage
from tests.scenarios.versions import drafts


def marked(name: str) -> str:
    return say(Configure.CHOSEN, "it", choice=name)


HOURS = say(Tools.OPENING_HOURS, "it")


async def test_a_tool_is_switched_on_and_off_by_a_tap(closed: Stage) -> None:
    closed.toolbox.tools.append(FakeTool("opening_hours", Effect.READ))
    ada = await admin(closed)
    ada.writes("/configure")
    await sees_company(ada)
    await opens_group(ada, Group.TOOLS)
    await closed.until(lambda: "Strumenti" in ada.buttons())
    ada.presses("Strumenti")
    await sees(ada, f"{HOURS}: {say(Tools.OPENING_HOURS_DOES, 'it')}")
    ada.presses(HOURS)
    await closed.until(lambda: marked(HOURS) in ada.buttons())
    assert await draft(closed) == {"tools": ["opening_hours"]}
    await has_heard(ada)
    ada.presses(marked(HOURS))
    await closed.until(lambda: HOURS in ada.buttons())
    assert await draft(closed) == {}
    await has_heard(ada)


async def test_one_that_the_server_has_not_got_can_be_switched_off(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, tools=["book_table", "opening_hours"])
    ada.writes("/configure tools")
    await sees(ada, say(Tools.GONE, "it", tool=marked("book_table")))
    ada.presses(marked("book_table"))
    await closed.until(lambda: "book_table" not in " ".join(ada.buttons()))
    assert await draft(closed) == {"tools": ["opening_hours"]}
    await has_heard(ada)


@each_language
async def test_the_last_failure_of_a_tool_is_told_in_the_companys_time(
    closed: Stage, language: str
) -> None:
    async def breaks(_: ToolContext, __: str) -> str:
        raise OSError

    async def refuses(_: ToolContext, __: str) -> str:
        raise ToolError("Only until nine.")

    look, book = FakeTool("look", Effect.READ, acts=breaks), FakeTool("book", acts=breaks)
    ask = FakeTool("ask", Effect.READ, acts=refuses)
    closed.toolbox.tools += [look, book, ask]
    ada = await admin(closed, language)
    await closed.publishes(time_zone="Asia/Tokyo")
    anna = await met(closed)
    made = [Call(name, "{}", f"call_{name}") for name in ("look", "book", "ask")]
    closed.openai.script.add([Reply(calls=tuple(made))])
    closed.will_say("Non so.")
    anna.writes("Un tavolo")
    await anna.hears("Non so.")
    closed.warns("tool failed")
    ada.writes("/configure tools")
    failed = await closed.rows("SELECT tool, proposed_at FROM calls")
    whys = {
        "look": Tools.FAILED_BROKE,
        "book": Tools.FAILED_UNKNOWN,
        "ask": Tools.FAILED_REFUSED,
    }
    assert len(failed) == len(whys)
    for name, at in failed:
        when = moment(at, language, zone="Asia/Tokyo")
        why = say(whys[name], language)
        line = say(Tools.FAILED, language, at=when, why=why)
        await sees(ada, f")\n{line}")
    await has_heard(ada)  # also that somebody has to look


async def test_one_that_the_server_has_not_got_is_not_taken(closed: Stage) -> None:
    closed.toolbox.tools.append(FakeTool("opening_hours", Effect.READ))
    ada = await admin(closed)
    for words in ("tools opening_hours book_table", '[assistants.vip]\ntools = ["book_table"]'):
        ada.writes(f"/configure {words}")
        assert "book_table non c’è. Ci sono: opening_hours, " in await last(ada)
    assert await draft(closed) == {}
