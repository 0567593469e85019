"""A turn's calls by themselves: what is carried out, for how long, and what is left in doubt."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.calls import TURN_SECONDS, Effect
from bot.ports import ToolContext
from bot.turns.calls import Acting, TurnCalls
from bot.turns.patience import Patience
from bot.turns.proposals import INTERRUPTED, NO_TIME, TOO_SLOW, UNKNOWN
from bot.turns.wariness import Wariness
from db.calls import CallRow, CallState, NoteCalls
from tenants.profile import Profile
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tools import FakeTool, done
from tests.turns.records import TURN


def row(number: int, state: CallState = CallState.PROPOSED, **fields: Any) -> CallRow:
    made = CallRow(f"call_{number}", "resp_1", "book", "{}", f"digest {number}", state)
    return replace(made, **fields)


@dataclass(slots=True)
class Place:
    """A turn with these calls. `refusals` are raised by the next commits; `wanted`: it goes on."""

    rows: list[CallRow]
    tools: list[FakeTool]
    known: list[FakeTool] = field(default_factory=list)  # those that are not offered
    refusals: list[Exception | None] = field(default_factory=list)
    wanted: bool = True
    seconds: float = 60.0
    clock: FakeClock = field(default_factory=FakeClock)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    calls: TurnCalls = field(init=False)

    def __post_init__(self) -> None:
        around: Any = self
        lease = SimpleNamespace(alive=True, regain=self.learn)
        acting = SimpleNamespace(
            clock=self.clock, telemetry=self.telemetry, journal=self, lease=lease
        )
        self.calls = TurnCalls(
            acting=cast(Acting, acting),
            turn=TURN,
            profile=Profile(language="ru"),
            patience=Patience(self.clock, self.seconds),
            contexts=around,
            servers=cast(Any, SimpleNamespace(rows={})),
            find={tool.name: tool for tool in (*self.known, *self.tools)}.get,
            tools={tool.name: tool for tool in self.tools},
            rows={one.call_id: one for one in self.rows},
            wary=Wariness(whole=False, untrusted=frozenset()),
        )

    async def learn(self) -> None:
        """Contexts, and the lease: there is nothing to wait for."""

    def make(self, key: str, seconds: float) -> ToolContext:
        return cast(ToolContext, SimpleNamespace(key=key, seconds=seconds))

    async def do(self, noting: NoteCalls) -> bool:
        if self.refusals and (refusal := self.refusals.pop(0)):
            raise refusal
        return self.wanted

    async def finish(self) -> Mapping[str, tuple[CallState, str | None]]:
        """What became of each, once time has passed for what waits."""
        going = asyncio.ensure_future(self.calls.finish())
        await rounds()
        while not going.done():
            self.clock.jump(self.clock.next_due() or self.clock.time)
            await rounds()
        await going
        return {one.call_id: (one.state, one.output) for one in self.calls.rows.values()}


async def hangs(_: ToolContext, __: str) -> str:
    await asyncio.Event().wait()
    return ""


def test_a_turn_without_calls_has_no_replies_and_the_client_s_language_or_the_company_s() -> None:
    calls = Place([], []).calls
    assert (calls.replies, calls.language) == (0, "it")
    calls.turn = replace(TURN, language=None)
    assert calls.language == "ru"
    assert Place([row(1, replies=3)], []).calls.replies == 3


async def test_of_calls_that_are_the_same_the_one_that_was_begun_is_looked_at() -> None:
    book = FakeTool("book")
    same = row(2, CallState.RUNNING, digest="digest 1")
    found = await Place([row(1), same], [book]).finish()
    assert found == {"call_1": (CallState.DOUBT, UNKNOWN), "call_2": (CallState.DOUBT, UNKNOWN)}
    assert not book.book


@pytest.mark.parametrize("state", [CallState.PROPOSED, CallState.RUNNING])
@pytest.mark.parametrize("offered", [True, False])
async def test_what_is_offered_no_more_is_found_where_it_was_begun(
    state: CallState, *, offered: bool
) -> None:
    book = FakeTool("book", idempotent=True)
    place = Place([row(1, state)], [book] if offered else [], known=[book])
    called = offered or state is CallState.RUNNING
    assert (await place.finish())["call_1"] == (
        (CallState.DONE, done()) if called else (CallState.FAILED, INTERRUPTED)
    )


@pytest.mark.parametrize(
    ("state", "seconds", "became"),
    [
        (CallState.PROPOSED, 0.0, (CallState.FAILED, NO_TIME)),
        (CallState.RUNNING, 0.0, (CallState.DOUBT, UNKNOWN)),
        (CallState.PROPOSED, 0.5, (CallState.DONE, done())),
    ],
)
async def test_without_time_nothing_is_begun(
    state: CallState, seconds: float, became: tuple[CallState, str]
) -> None:
    place = Place([row(1, state)], [FakeTool("book", idempotent=True)], seconds=seconds)
    assert (await place.finish())["call_1"] == became


async def test_what_calls_took_before_is_taken_from_what_the_next_may_take() -> None:
    slow = FakeTool("book", Effect.READ, timeout=3 * TURN_SECONDS, acts=hangs)
    place = Place([row(1)], [slow], seconds=3 * TURN_SECONDS)
    began = place.clock.time
    assert (await place.finish())["call_1"] == (CallState.FAILED, TOO_SLOW)
    assert place.clock.time - began == TURN_SECONDS
    assert place.calls.must_speak
    place.calls.rows["call_2"] = row(2, response_id="resp_2")
    assert (await place.finish())["call_2"] == (CallState.FAILED, NO_TIME)


@pytest.mark.parametrize(
    ("effect", "became"),
    [(Effect.READ, (CallState.FAILED, TOO_SLOW)), (Effect.WRITE, (CallState.DOUBT, UNKNOWN))],
)
async def test_one_that_takes_too_long_is_told(
    effect: Effect, became: tuple[CallState, str]
) -> None:
    place = Place([row(1)], [FakeTool("book", effect, timeout=5.0, acts=hangs)])
    assert (await place.finish())["call_1"] == became
    assert place.telemetry.warnings == [("tool too slow", {"tool": "book", "seconds": 5.0})]


async def test_a_look_that_fails_is_told_and_leaves_the_doubt() -> None:
    book = FakeTool("book", probes=True, finds=ValueError("secret"))
    place = Place([row(1, CallState.RUNNING)], [book])
    assert (await place.finish())["call_1"] == (CallState.DOUBT, UNKNOWN)
    [(event, told)] = place.telemetry.warnings
    assert (event, told["tool"], told["error"]) == ("tool failed", "book", "ValueError")
    assert "secret" not in str(told)


async def test_once_the_client_wants_no_more_the_turn_is_stopped() -> None:
    book = FakeTool("book")
    place = Place([row(1)], [book], wanted=False)
    going = asyncio.ensure_future(place.calls.finish())
    await rounds()
    assert going.done()
    assert place.calls.patience.stopped
    assert not book.book


async def test_one_that_cannot_be_written_down_lets_the_others_end_first() -> None:
    ended: list[str] = []

    async def takes_its_time(_: ToolContext, __: str) -> str:
        await place.clock.sleep(2)
        ended.append("ended")
        return done()

    other = FakeTool("look", acts=takes_its_time)
    place = Place([row(1), row(2, tool="look")], [FakeTool("book"), other])
    place.refusals.append(OSError("disk"))
    with pytest.raises(OSError, match="disk"):
        await place.finish()
    assert ended == ["ended"]
    assert place.calls.rows["call_2"].state is CallState.DONE
