"""The tries of one answer: when and where the model is asked again, and what is lost with them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.waits import RECOVERIES
from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    ModelRefused,
    OutOfPatience,
    RetryElsewhere,
    RetryLater,
    ServersDown,
    Why,
)
from bot.ports import AnswerState, Began, BubbleClosed, Item, Line, Speaker, Speaking
from db.errors import Stale
from db.operations import NoteResponse
from tests.fakes.clock import NOON
from tests.fakes.model import Step, answer, calling, reply
from tests.fakes.tools import FakeTool
from tests.turns.acting import BOOK, another
from tests.turns.answering import LATER, NEW, OLD, ROOMS, Reply
from tests.turns.records import TURN

CUT = InDoubt("cut")
LOCKED = RetryElsewhere(2.0, "locked").because(Why(code="conversation_locked"))
UNANSWERED = CallUnanswered(("call_9",))
LEFT = replace(LATER, adopted=True, response_id="resp_0")  # by a process that died
GROWING = [0.0, 0.5, 1.5, 3.5, 7.5, 15.5]  # seconds
SAID = [Line(Speaker.CLIENT, "Salve"), Line(Speaker.ASSISTANT, "Salve.")]


def fails(error: Exception, times: int = 1) -> list[list[Step]]:
    return [[error]] * times


# ------------------------------------------------------------------------ when


async def test_what_is_in_doubt_is_asked_again_ever_later_and_then_elsewhere() -> None:
    one = Reply()
    await one.hears(*fails(CUT, RECOVERIES + 1), reply("Uno."))
    assert one.model.at == [*GROWING, 31.5, 31.5]
    assert one.asked == [OLD] * (RECOVERIES + 1) + [NEW]


async def test_a_server_that_fails_is_asked_again_ever_later_and_then_elsewhere_anew() -> None:
    one = Reply()
    failing = RetryElsewhere(0, "500")
    await one.hears(*fails(failing, len(GROWING)), *fails(failing), reply("Uno."))
    assert one.model.at == [*GROWING, 15.5, 16.0]
    assert one.asked == [OLD] * len(GROWING) + [NEW] * 2


async def test_a_busy_model_is_not_asked_elsewhere() -> None:
    one = Reply()
    with pytest.raises(RetryLater):
        await one.hears(*fails(RetryLater(0, "429"), len(GROWING)))
    assert (one.model.at, one.thread) == (GROWING, OLD)


async def test_an_answer_that_failed_is_asked_for_again_soon_and_not_looked_for() -> None:
    one = Reply()
    failed: list[Step] = [Began("resp_1"), answer(state=AnswerState.FAILED)]
    await one.hears(failed, reply("Uno.", response_id="resp_2"))
    assert (one.model.at, one.model.looked) == ([0.0, 0.5], [])


async def test_a_conversation_that_holds_on_to_itself_is_asked_thrice_at_once_in_each_step() -> (
    None
):
    one = Reply(tools=[FakeTool("book")])
    await one.hears(
        calling(BOOK),
        *fails(LOCKED, 4),
        calling(another(BOOK, 2), response_id="resp_2"),
        *fails(LOCKED),
        *fails(RetryElsewhere(0, "500")),
        reply("Fatto.", response_id="resp_3"),
    )
    assert one.model.at == [0.0, 0.0, 0.15, 0.45, 1.05, 3.05, 3.05, 3.2, 3.7]


async def test_who_has_no_patience_left_hears_what_was_met_last() -> None:
    one, why = Reply(), Why(code="rate_limit_exceeded")
    busy = RetryLater(1000, "429").because(why)
    with pytest.raises(OutOfPatience) as caught:
        await one.hears(*fails(RetryLater(1, "503")), *fails(busy))
    assert (caught.value.cause, caught.value.why) == ("RetryLater 429", why)


async def test_when_the_first_text_came_is_told() -> None:
    one = Reply()

    async def passes() -> None:
        await one.clock.sleep(3)

    script = [Began("resp_1"), passes, Speaking(), passes, Speaking(), answer("Uno.")]
    assert (await one.hears(script)).first_delta_at == NOON + 3


# ------------------------------------------------------------------------ where


FAILING = fails(RetryElsewhere(0, "500"), len(GROWING))
SLOW = fails(ServersDown(("rooms",), running=True))
REFUSED = fails(GiveUp("no"))
TROUBLES: dict[str, tuple[dict[str, Any], list[list[Step]], str | None]] = {
    "refused": ({}, REFUSED * 2, OLD),
    "calls without an output": ({}, fails(UNANSWERED, RECOVERIES + 2), OLD),
    "servers down": ({}, fails(ServersDown(("rooms",)), 2), OLD),
    "in doubt": ({}, fails(CUT, RECOVERIES + 2), None),
    "in doubt, and failing": ({}, [*fails(CUT), *FAILING, *REFUSED], None),
    "servers slow": ({}, SLOW * 2, None),
    "a server slow": ({"servers": [ROOMS]}, [*SLOW, *REFUSED], None),
    "an answer that never ends": ({"turn": LEFT}, REFUSED, None),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_thread_without_an_answer_leaves_only_a_conversation_where_one_may_come(
    trouble: str,
) -> None:
    around, scripts, kept = TROUBLES[trouble]
    one = Reply(**around)
    one.model.stored["resp_0"] = answer(state=AnswerState.RUNNING)
    with pytest.raises(ModelRefused):
        await one.hears(*scripts)
    assert one.asked[-1] == NEW
    assert one.thread == kept


async def test_of_a_thread_that_is_too_long_ever_less_is_told_until_there_is_nothing() -> None:
    one = Reply(before=SAID * 8)
    with pytest.raises(ModelRefused):
        await one.hears(*fails(ContextOverflow("long"), 4))
    assert one.recalled == [10, 2, 0]


async def test_conversations_that_are_always_gone_are_not_made_without_end() -> None:
    one = Reply()
    with pytest.raises(ModelRefused):
        await one.hears(*fails(ConversationGone("404"), RECOVERIES + 1))
    assert len(set(one.asked)) == RECOVERIES + 1


async def test_a_conversation_that_always_waits_for_outputs_is_left() -> None:
    one = Reply()
    await one.hears(*fails(UNANSWERED, RECOVERIES + 1), reply("Uno."))
    assert one.asked == [OLD] * (RECOVERIES + 1) + [NEW]
    assert one.model.answered == ["call_9"] * RECOVERIES


async def test_what_one_conversation_waits_for_is_not_sent_to_another() -> None:
    one = Reply()
    one.model.refuses_outputs = GiveUp("no")

    async def well_again() -> None:
        one.model.refuses_outputs = None

    await one.hears(*fails(UNANSWERED), [well_again, RetryLater(0)], reply("Uno."))
    assert (one.asked, one.model.answered) == ([OLD, NEW, NEW], [])


@pytest.mark.parametrize("error", [GiveUp("no"), ServersDown(("rooms",), running=True)])
async def test_in_a_new_conversation_nothing_is_looked_for(error: Exception) -> None:
    one = Reply(servers=[ROOMS])
    await one.hears(*fails(error), *fails(RetryLater(0)), reply("Uno."))
    assert (one.asked, one.model.looked) == ([OLD, NEW, NEW], [])


async def test_what_never_ends_is_looked_for_no_more() -> None:
    one = Reply(turn=LEFT)
    one.model.stored["resp_0"] = answer(state=AnswerState.RUNNING)
    await one.hears(*fails(RetryLater(0)), reply("Uno."))
    assert (one.asked, set(one.model.looked)) == ([NEW, NEW], {"resp_0"})


# ------------------------------------------------------------------------ found again


async def test_an_answer_that_is_fetched_makes_its_conversation_the_threads() -> None:
    one = Reply(turn=LEFT)
    one.model.stored["resp_0"] = answer("Uno.", conversation_id="conv_2")
    await one.hears()
    assert (one.thread, one.said) == ("conv_2", ["Uno."])


async def test_an_answer_that_does_not_say_where_it_is_kept_is_kept_where_it_was_asked() -> None:
    one = Reply(before=SAID, turn=TURN)
    one.model.stored["resp_1"] = answer("Uno.")
    await one.hears([Began("resp_1"), CUT])
    assert (one.thread, one.said) == (NEW, ["Uno."])


async def test_an_answer_that_is_found_makes_its_conversation_the_threads() -> None:
    one = Reply(before=SAID, turn=TURN)

    async def arrives() -> None:
        one.model.remembers(NEW, "?", "Uno.")

    one.model.stored["resp_1"] = GiveUp("unknown")
    heard = await one.hears([Began("resp_1"), arrives, CUT])
    assert (one.thread, one.said) == (NEW, ["Uno."])
    assert heard.answer.response_id == "resp_1"


async def test_an_answer_without_an_id_is_found_as_well() -> None:
    one = Reply()
    one.model.items[OLD] = [Item("msg_old", Speaker.ASSISTANT, ("Salve.",))]

    async def arrives() -> None:
        one.model.remembers(OLD, "?", "Uno.")

    assert (await one.hears([arrives, CUT])).answer.response_id == ""
    assert one.said == ["Uno."]


async def test_an_answer_that_goes_on_is_said_from_its_beginning() -> None:
    one = Reply()
    one.model.stored["resp_1"] = GiveUp("unknown")
    unheard: list[Step] = [Began("resp_2"), answer("Due.", response_id="resp_2")]
    await one.hears([Began("resp_1"), BubbleClosed("Uno."), CUT], unheard)
    assert one.said == ["Uno.", "Due."]


async def test_a_stream_that_only_ends_is_in_doubt() -> None:
    one = Reply()
    one.model.stored["resp_1"] = answer("Uno.")
    await one.hears([Began("resp_1")])
    assert one.said == ["Uno."]


# ------------------------------------------------------------------------ the end


async def test_who_was_not_sure_to_own_the_turn_asks_the_tables_before_the_model() -> None:
    one = Reply(alone=False)
    one.journal.lost = Stale("another's")
    one.clock.call_later(2, lambda: setattr(one.lease, "alone", True))
    with pytest.raises(Stale):
        await one.hears()
    assert one.asked == []


async def test_who_owns_the_turn_notes_only_what_the_model_calls_its_answer() -> None:
    one = Reply()
    await one.hears(reply("Uno."))
    noted = [done for done in one.journal.done if isinstance(done, NoteResponse)]
    assert [(note.response_id, note.start) for note in noted] == [("resp_1", 0)]


async def test_what_is_in_doubt_when_the_client_stops_it_gets_no_outputs() -> None:
    one = Reply(tools=[FakeTool("book")])

    async def stops() -> None:
        one.patience.stop()

    with pytest.raises(OutOfPatience):
        await one.hears(calling(BOOK), [stops, CUT])
    assert one.model.answered == []
