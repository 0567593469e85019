"""/stop ends an answer where it can be ended, and says what was done by then."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import pytest

from bot.core.calls import Effect, Output
from bot.core.texts import Text, say
from bot.errors import Unauthorized
from bot.ports import Began, BubbleClosed, Outgoing, Speaking, Toolbox, ToolContext
from bot.turns.lane import Lane
from bot.turns.patience import STOPPED_SECONDS, Patience
from bot.turns.proposals import NOT_WANTED
from bot.turns.stopping import Stops
from db.calls import CallRow, CallState, acted_in
from db.chats import ChatWork
from db.engine import Database
from db.records import STOPPED, Draft, OutboxKind, TurnState
from tenants.profile import Pace
from tests.fakes.channel import Client
from tests.fakes.clock import FakeClock
from tests.fakes.journal import FakeReads
from tests.fakes.model import Step, answer, calling, reply
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tools import FakeTool, FakeToolbox, done
from tests.turns.acting import BOOK, READ, another, has, rows, said
from tests.turns.desk import LEASE_SECONDS, PROFILE, Desk, House, rules
from tests.turns.records import TURN
from tests.turns.test_confirming import ASKED, is_asked, taps

HALT, NOTHING = "Mi fermo.", "Nulla da fermare."
DONE = f"{say(Text.STOPPED_DONE, 'it')}\n• Book · what: four"


def stop(chat: ChatWork) -> Sequence[Draft]:
    return (Draft(OutboxKind.COMMAND, 0, HALT if chat.stop() else NOTHING),)


async def says(house: House, desk: Desk, anna: Client, words: str, *bubbles: str) -> str:
    """What the model is told of the moment in the turn that answers."""
    house.model.will(reply(*bubbles, response_id="resp_9"))
    await desk.answers(anna.writes(words), seconds=60)
    return "\n".join(line.text for line in house.model.asked[-1].told)


async def test_what_is_on_its_way_arrives_and_the_rest_is_not_said(house: House) -> None:
    anna, second = Client(), "Due, che è più lungo."
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        desk.works["/stop"] = stop
        house.model.will(reply("Uno.", second, "Tre."))
        await desk.hears(anna.writes("?"))
        while "Uno." not in said(house):
            await desk.runs(0.1)
        await desk.answers(anna.commands("/stop"))
        assert said(house) == ["Uno.", HALT]
        found = await desk.transcript()
        told = await says(house, desk, anna, "e allora?", "Eccomi.")
    assert [(turn.state, turn.cause) for turn in found.turns] == [(TurnState.DONE, STOPPED)]
    assert said(house)[2:] == ["Eccomi."]
    assert "the client had you stop your last reply" in told
    assert second in told
    assert house.model.asked[-1].conversation_id == house.model.asked[0].conversation_id


async def test_a_bubble_being_sent_is_not_said_twice_nor_half(house: House) -> None:
    anna, sending, go_on = Client(), asyncio.Event(), asyncio.Event()

    async def send(message: Outgoing) -> str:
        if message.text == "Uno.":
            sending.set()
            await go_on.wait()
        return house.channel.deliver(message)

    async with house.process() as desk:
        desk.works["/stop"] = stop
        house.channel.answer = send
        house.model.will(reply("Uno.", "Due."))
        await desk.hears(anna.writes("?"))
        while not sending.is_set():
            await desk.runs(0.1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(5)
        go_on.set()
        await desk.runs(30)
    assert said(house) == ["Uno.", HALT]


@pytest.mark.parametrize("hangs", [False, True])
async def test_an_answer_under_way_is_heard_to_its_end_and_for_a_while_at_most(
    house: House, hangs: bool
) -> None:
    anna, go_on = Client(), asyncio.Event()
    async with house.process() as desk:
        desk.works["/stop"] = stop
        rest = house.hangs if hangs else go_on.wait
        house.model.will([Began("resp_1"), Speaking(), rest, BubbleClosed("Uno."), answer("Uno.")])
        await desk.answers(anna.writes("?"), seconds=5)
        house.channel.typed.clear()
        await desk.hears(anna.commands("/stop"))
        await desk.runs(1)
        go_on.set()
        await desk.runs(15)
        assert house.channel.typed == []
        await says(house, desk, anna, "e allora?", "Eccomi.")
    assert said(house) == [HALT, "Eccomi."]
    first, second = house.model.asked
    assert (first.conversation_id == second.conversation_id) is not hangs


async def test_a_write_that_runs_is_finished_and_told_once_the_chat_may_hear_it(
    house: House,
) -> None:
    anna, go_on = Client(), asyncio.Event()

    async def acts(_: ToolContext, __: str) -> str:
        await go_on.wait()
        return done()

    book = has(house, FakeTool("book", acts=acts))
    async with house.process() as desk:
        desk.works["/stop"] = stop
        house.model.will(calling(BOOK))
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        house.channel.delays[1] = 5.0
        await desk.hears(anna.commands("/stop"))
        await desk.runs(1)
        assert await rows(house) == ["running"]
        go_on.set()
        await desk.runs(1)
        house.channel.delays.clear()
        await desk.runs(30)
    assert (len(book.book), await rows(house)) == (1, ["done"])
    assert said(house) == [HALT, DONE]
    assert house.model.outputs == [Output("call_1", done())]  # the conversation waits for nothing


class Theirs(FakeToolbox):
    """What a company declares for itself is known where one asks for that company."""

    async def at(self, tenant: int) -> Toolbox:
        return FakeToolbox([FakeTool("look", Effect.READ)])


async def test_what_was_looked_up_at_a_companys_own_system_is_no_deed(house: House) -> None:
    anna, house.toolbox = Client(), Theirs()
    async with house.process() as desk:
        desk.works["/stop"] = stop
        house.model.will(calling(READ), [Began("resp_2"), house.hangs])
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(30)
    assert await rows(house, "tool, state") == [("look", "done")]
    assert said(house) == [HALT]


async def test_a_write_that_did_not_begin_does_not(house: House) -> None:
    """Both are proposed in an answer that ends after the client wanted it to stop."""
    anna, go_on = Client(), asyncio.Event()
    book = has(house, FakeTool("book"))
    async with house.process() as desk:
        desk.works["/stop"] = stop
        both = answer(calls=(BOOK, another(BOOK, 2, arguments="{}")))
        house.model.will([Began("resp_1"), go_on.wait, both])
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        go_on.set()
        await desk.runs(30)
        await says(house, desk, anna, "e allora?", "Eccomi.")
    assert book.book == []
    assert await rows(house, "state, output") == [("failed", NOT_WANTED)] * 2
    assert house.model.answered == ["call_1", "call_2"]
    assert said(house) == [HALT, "Eccomi."]


async def test_after_a_kill_nothing_begins_and_what_is_done_is_told_once(house: House) -> None:
    anna = Client()
    book, pay = FakeTool("book"), FakeTool("pay")

    async def hangs(_: ToolContext, __: str) -> str:
        await house.hangs()
        return ""

    has(house, book, pay)
    house.model.will(calling(BOOK), calling(another(BOOK, 2, name="pay"), response_id="resp_2"))
    pay.acts = hangs
    async with house.process() as desk:
        desk.works["/stop"] = stop
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(1)
        await desk.dies()
    assert await rows(house) == ["done", "running"]

    for _ in range(2):
        async with house.process() as desk:
            await desk.runs(120)
    assert (len(book.book), len(pay.book)) == (1, 1)
    doubt = f"{say(Text.STOPPED_DOUBT, 'it')}\n• Pay · what: four"
    assert said(house) == [HALT, f"{DONE}\n\n{doubt}"]


async def test_a_write_that_never_happened_is_not_made_after_the_kill(house: House) -> None:
    anna = Client()

    async def hangs(_: ToolContext, __: str) -> str:
        await house.hangs()
        return ""

    book = has(house, FakeTool("book", probes=True, acts=hangs))
    house.model.will(calling(BOOK))
    async with house.process() as desk:
        desk.works["/stop"] = stop
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(1)
        await desk.dies()
    async with house.process() as desk:
        await desk.runs(120)
    assert len(book.book) == 1
    assert await rows(house, "state, output") == [("failed", NOT_WANTED)]
    assert said(house) == [HALT]


def elsewhere(_: int) -> None:
    """The command was handled by another process than the one that answers."""


async def test_a_process_that_was_not_told_begins_and_says_nothing_more(house: House) -> None:
    anna, go_on = Client(), asyncio.Event()
    book = has(house, FakeTool("book"))
    async with house.process() as desk:
        desk.works["/stop"], desk.engine.events.stop = stop, elsewhere
        both = answer("Prenoto.", calls=(BOOK,))
        house.model.will([Began("resp_1"), go_on.wait, BubbleClosed("Prenoto."), both])
        await desk.answers(anna.writes("Un tavolo"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(1)
        go_on.set()
        await desk.runs(30)
        (turn,) = (await desk.transcript()).turns
    assert book.book == []
    assert said(house) == [HALT]
    assert turn.cause == STOPPED


async def test_a_process_that_was_not_told_neither_types_nor_apologises(house: House) -> None:
    anna, go_on = Client(), asyncio.Event()
    async with house.process() as desk:
        desk.works["/stop"], desk.engine.events.stop = stop, elsewhere
        begun: list[Step] = [Began("resp_1"), go_on.wait, BubbleClosed("Uno.")]
        house.model.will([*begun, lambda: house.clock.sleep(9), Unauthorized("401")])
        await desk.answers(anna.writes("?"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(1)
        house.channel.typed.clear()
        go_on.set()
        await desk.runs(30)
        (turn,) = (await desk.transcript()).turns
    assert said(house) == [HALT]
    assert house.channel.typed == []
    assert (turn.state, turn.cause) == (TurnState.DONE, STOPPED)


async def test_a_process_that_was_not_told_hears_of_it_with_its_next_sweep(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        desk.works["/stop"], desk.engine.events.stop = stop, elsewhere
        house.model.will([Began("resp_1"), house.hangs])
        await desk.answers(anna.writes("?"), seconds=1)
        await desk.hears(anna.commands("/stop"))
        await desk.runs(LEASE_SECONDS / 3 + STOPPED_SECONDS)
        states = [turn.state for turn in (await desk.transcript()).turns]
    assert states == [TurnState.DONE]
    assert said(house) == [HALT]


async def test_what_was_to_be_confirmed_is_declined(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        desk.works["/stop"] = stop
        pay = await is_asked(desk, house, anna)
        await desk.answers(anna.commands("/stop"))
        await desk.answers(anna.commands("/stop"))
        house.model.will(reply("Va bene.", response_id="resp_3"))
        await desk.answers(taps(anna))
        told = house.model.asked[-1].told
    assert pay.book == []
    assert said(house) == ["Serve una conferma.", ASKED, HALT, NOTHING, "Va bene."]
    assert "is not done: it was not confirmed" in told[-2].text


async def test_what_waits_for_a_turn_stays_unanswered_and_what_comes_after_does_not(
    house: House,
) -> None:
    anna = Client()
    async with house.process() as desk:
        desk.works["/stop"] = stop
        await desk.hears(anna.writes("uno"), anna.commands("/stop"))
        await desk.runs(30)
        assert said(house) == [HALT]
        await says(house, desk, anna, "due", "Eccomi.")
        await desk.answers(anna.commands("/stop"))
    assert [line.text for line in house.model.asked[-1].lines] == ["due"]
    assert said(house) == [HALT, "Eccomi.", NOTHING]


# ------------------------------------------------------------------- by themselves


@dataclass(slots=True)
class Hushed:
    """A lane that notes how often it is hushed."""

    times: int = 0

    def hush(self) -> None:
        self.times += 1


def stops(*found: CallRow) -> Stops:
    reads = FakeReads({acted_in: [found]})
    return Stops(cast(Database, reads), FakeToolbox([FakeTool("book")]), FakeTelemetry())


def test_only_what_is_under_way_is_stopped() -> None:
    own, lane, patience = stops(), Hushed(), Patience(FakeClock())
    own.stop(TURN.fence.turn)
    with own.heeded(TURN, patience, cast(Lane, lane)):
        assert not patience.stopped
        own.stop(TURN.fence.turn)
        assert (patience.stopped, lane.times) == (True, 1)
    own.stop(TURN.fence.turn)
    assert lane.times == 1


@pytest.mark.parametrize(("language", "said"), [("ru", "ru"), (None, "it")])
async def test_it_is_told_in_the_client_s_language_else_in_the_company_s(
    language: str | None, said: str
) -> None:
    done = CallRow("call_1", "resp_1", "book", BOOK.arguments, "digest", CallState.DONE)
    profile = PROFILE.changed({"language": "it"})
    words = await stops(done).words(replace(TURN, language=language), profile)
    assert words.startswith(say(Text.STOPPED_DONE, said))
