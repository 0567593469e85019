"""A turn's calls of tools: each is written down before it is carried out, and answered once."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bot.core.calls import TURN_SECONDS, Effect, Output, Status, ToolDefinition, write_output
from bot.errors import OutOfPatience, ToolError
from bot.ports import Answer, Channel, Clock, Line, Telemetry, Tool, Toolbox, ToolContext, Usage
from bot.turns.acted import told_of
from bot.turns.calling import awaited, offered, report, until_ended
from bot.turns.confirming import is_asked, is_confirmed, may_confirm, question
from bot.turns.contexts import Contexts
from bot.turns.keys import can_tap
from bot.turns.lease import Lease
from bot.turns.mcp import Servers, TurnServers
from bot.turns.patience import Patience
from bot.turns.phone import Phones
from bot.turns.proposals import (
    BROKE,
    INTERRUPTED,
    NO_TIME,
    NOT_CARRIED_OUT,
    NOT_WANTED,
    TOO_SLOW,
    UNKNOWN,
    fit,
    once_each,
    read_call,
    with_own_ids,
)
from bot.turns.tool_desk import TurnDesk
from bot.turns.wariness import Wariness, wariness_of
from db.calls import (
    NOTHING_EARLIER,
    Became,
    CallRow,
    CallState,
    Earlier,
    NoteCalls,
    ProposeCalls,
    calls_of,
    earlier_calls,
    has_acted,
    outputs_of,
)
from db.engine import Database
from db.journal import Journal
from db.records import Turn
from tenants.profile import Profile

STEPS: Final = 8  # answers of a turn; the last one may call nothing


@dataclass(frozen=True, slots=True)
class Acting:
    """What calls need besides their turn."""

    toolbox: Toolbox
    database: Database
    journal: Journal
    lease: Lease
    clock: Clock
    telemetry: Telemetry
    told: Callable[[], object]  # there is something to tell the company's people
    channels: Mapping[str, Channel]
    servers: Servers
    phones: Phones

    async def of(self, turn: Turn, profile: Profile, patience: Patience) -> "TurnCalls":
        """A turn's calls; those that a dead process left are among them."""
        rows = await self.database.read(calls_of, turn.fence.turn) if turn.adopted else ()
        box = await self.toolbox.at(turn.tenant)
        call = self.phones.of(turn, profile, patience)
        tools = {tool.definition.name: tool for tool in offered(box.of(profile), turn, call)}
        known = {row.call_id: row for row in rows if row.server is None}
        servers = await self.servers.of(turn, profile, rows)
        wary = await wariness_of(turn, tools.values(), box, self.database, self.channels)
        desk = TurnDesk(self.journal, self.database, self.clock, turn, profile, self.told)
        contexts = Contexts(turn, profile, self.database, self.clock, desk, call)
        calls = TurnCalls(
            acting=self,
            turn=turn,
            profile=profile,
            patience=patience,
            contexts=contexts,
            servers=servers,
            find=box.find,
            tools=tools,
            rows=known,
            wary=wary,
        )
        may_change = any(one.confirm or one.effect is Effect.WRITE for one in tools.values())
        if may_change or may_confirm(turn, self.channels[turn.address.channel]):
            reads = [name for name, one in tools.items() if one.effect is Effect.READ]
            calls.earlier = await self.database.read(
                earlier_calls, thread=turn.thread, turn=turn.fence.turn, reads=reads
            )
            await calls.heed()
        return calls


@dataclass(slots=True)
class TurnCalls:
    """What a turn may call, and what became of what it called."""

    acting: Acting
    turn: Turn
    profile: Profile
    patience: Patience
    contexts: Contexts
    servers: TurnServers
    find: Callable[[str], Tool | None]  # any tool, by its name
    tools: Mapping[str, Tool]  # those that are offered
    rows: dict[str, CallRow]  # by the call's id, in the order in which they were proposed
    wary: Wariness  # whether every write wants the client's tap, whatever its tool says
    earlier: Earlier = NOTHING_EARLIER  # what the turns before this one leave to it
    declined: tuple[CallRow, ...] = ()  # what the client was asked before, and did not confirm
    _spent: float = 0.0  # seconds

    @property
    def definitions(self) -> tuple[ToolDefinition, ...]:
        """What the model is told of the tools."""
        return tuple(tool.definition for tool in self.tools.values())

    @property
    def must_speak(self) -> bool:
        """Whether the next answer may call nothing."""
        steps = sum(1 for _ in groupby(self.rows.values(), lambda row: row.response_id))
        return steps >= STEPS - 1 or self._spent >= TURN_SECONDS

    @property
    def usage(self) -> Usage:
        """Of all answers that asked for them."""
        tokens = (
            Usage(row.input_tokens, row.cached_tokens, row.output_tokens)
            for row in self.rows.values()
        )
        return sum(tokens, Usage())

    @property
    def doubtful(self) -> bool:
        """Whether a person has to look whether something was done."""
        return any(row.state is CallState.DOUBT for row in self.rows.values())

    async def has_changed_anything(self) -> bool:
        """Whether a call of the conversation, this turn's or an earlier one's, did something."""
        reads = [name for name, one in self.tools.items() if one.effect is Effect.READ]
        return await self.acting.database.read(has_acted, thread=self.turn.thread, reads=reads)

    @property
    def replies(self) -> int:
        """How many of the turn's were written before the answer that follows the last calls."""
        return self._last()[0].replies if self.rows else 0

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Of all calls of the last answer that had any."""
        return tuple(Output(row.wire_id, row.output or UNKNOWN) for row in self._last())

    def told(self, *, anew: bool) -> tuple[Line, ...]:
        """What a conversation that does not hold them is told; `anew`: it holds nothing at all."""
        earlier = self.earlier.acted if anew else self.earlier.failed
        rows = (*self.rows.values(), *self.servers.rows.values())
        return told_of(rows, declined=self.declined, earlier=earlier)

    @property
    def awaited(self) -> bool:
        """Whether the conversation waits for the outputs of the last ones."""
        return bool(self.rows) and not self._last()[0].is_confirmed

    @property
    def question(self) -> str:
        """What the client is asked to confirm; empty: nothing."""
        in_words = not can_tap(self.acting.channels[self.turn.address.channel], self.turn.address)
        return question(self.rows.values(), self.language, self.tools, in_words=in_words)

    @property
    def language(self) -> str:
        """The client's."""
        return self.turn.language or self.profile.language

    async def heed(self) -> None:
        """T7 of what the client has just confirmed; anything else than the tap declines it."""
        asked, acting = self.earlier.asked, self.acting
        channel = acting.channels[self.turn.address.channel]
        if not await is_confirmed(self.turn, self.earlier, channel, acting.database):
            self.declined = asked
            return
        rows = [
            CallRow(one.call_id, None, one.tool, one.arguments, one.digest)
            for one in {row.digest: row for row in asked}.values()
            if one.call_id not in self.rows
        ]
        if rows:
            await acting.journal.do(ProposeCalls(self.turn.fence, tuple(rows), acting.clock.now()))
            self.rows |= {row.call_id: row for row in rows}

    def knows(self, response_id: str) -> bool:
        """Whether the calls of this answer are written down."""
        return any(row.response_id == response_id for row in self.rows.values())

    async def stored(self, call_ids: Sequence[str]) -> tuple[Output, ...]:
        """What a conversation is told of calls that it waits for; what has no row never ran."""
        found = await self.acting.database.read(outputs_of, self.turn.thread, call_ids)
        known = {**found, **{row.wire_id: row.output for row in self.rows.values()}}
        return tuple(Output(one, known.get(one, INTERRUPTED) or UNKNOWN) for one in call_ids)

    async def propose(self, answer: Answer, *, replies: int) -> None:
        """T7: write down what an answer asks for, with what is not to be carried out.

        `replies`: how many of the turn's were written by then.
        """
        usage, rows = answer.usage, list[CallRow]()
        wary = self._wary_of(answer.response_id)
        before = (*self.earlier.failed, *self.rows.values())
        known = {one.wire_id for one in before if one.response_id == answer.response_id}
        for place, call in enumerate(answer.calls):
            if call.call_id not in known:
                id_, tools = answer.response_id, self.tools
                row = read_call(call, id_, place, tools=tools, before=before, wary=wary)
                rows.append(row)
        broken = (one for one in answer.broken if one not in known)
        failed, response = CallState.FAILED, answer.response_id
        rows += [CallRow(one, response, "", "", "", failed, NOT_CARRIED_OUT) for one in broken]
        if not rows:
            return
        rows[0] = replace(
            rows[0],
            input_tokens=usage.input_tokens,
            cached_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
        )
        rows = [replace(row, replies=replies) for row in with_own_ids(rows, self.rows)]
        acting = self.acting
        await acting.journal.do(ProposeCalls(self.turn.fence, tuple(rows), acting.clock.now()))
        self.rows |= {row.call_id: row for row in rows}

    def _wary_of(self, response_id: str | None) -> bool:
        """Whether the client is asked before any write that this answer proposed."""
        return bool(self.servers.rows) or self.wary.about(response_id, self.rows.values())

    async def finish(self) -> None:
        """Carry out what is still open of the last answer's calls, all at once."""
        calls = once_each(self._last())
        if not calls:
            return
        await self.contexts.learn()
        began = self.acting.clock.boottime()
        with self.patience.counting():
            ended = await asyncio.gather(*map(self._settle, calls), return_exceptions=True)
        self._spent += self.acting.clock.boottime() - began
        for error in ended:
            if error is not None:
                raise error

    def _last(self) -> list[CallRow]:
        rows = list(self.rows.values())
        return [row for row in rows if row.response_id == rows[-1].response_id]

    async def _settle(self, same: Sequence[CallRow]) -> None:
        """Carry one call out, and write down for all that are the same what came of it: T8, T9."""
        first = next((row for row in same if row.state is CallState.RUNNING), same[0])
        state, output = await self._outcome(first)
        output = fit(output)
        await self._note(Became(row.call_id, state, output) for row in same)

    async def _outcome(self, row: CallRow) -> tuple[CallState, str]:
        began = row.state is CallState.RUNNING
        tool = self.find(row.tool) if began else self.tools.get(row.tool)
        wary = self._wary_of(row.response_id)
        unasked = tool and is_asked(tool, wary=wary) and not row.is_confirmed
        if tool is None or unasked:  # it is another one than when it was called
            return (CallState.DOUBT, UNKNOWN) if began else (CallState.FAILED, INTERRUPTED)
        is_looked_for = began and tool.effect is Effect.WRITE and not tool.idempotent
        if is_looked_for and tool.probes:
            await until_ended(self.acting.clock, row, tool)
        seconds = min(TURN_SECONDS - self._spent, self.patience.left, tool.timeout)
        if seconds <= 0:
            return (CallState.DOUBT, UNKNOWN) if began else (CallState.FAILED, NO_TIME)
        context = self.contexts.make(row.digest, seconds)
        if is_looked_for:
            found = await self._probe(tool, context, row)
            if found is not None:
                return found
            if self.patience.stopped:
                return CallState.FAILED, NOT_WANTED
        return await self._carry_out(tool, context, row)

    async def _probe(
        self, tool: Tool, context: ToolContext, row: CallRow
    ) -> tuple[CallState, str] | None:
        """What became of a call that was under way when its process died; None: nothing."""
        if not tool.probes:
            return CallState.DOUBT, UNKNOWN
        try:
            found = await awaited(
                self.acting.clock, tool.probe(context, row.arguments), context.seconds
            )
        except Exception as error:
            report(self.acting.telemetry, tool, error)
            return CallState.DOUBT, UNKNOWN
        return None if found is None else (CallState.DONE, found)

    async def _carry_out(
        self, tool: Tool, context: ToolContext, row: CallRow
    ) -> tuple[CallState, str]:
        if not await self._begin(row):
            return CallState.FAILED, NOT_WANTED
        writes = tool.effect is Effect.WRITE
        try:
            output = await awaited(
                self.acting.clock, tool.call(context, row.arguments), context.seconds
            )
            if not isinstance(output, str):
                raise TypeError  # it may have done what it was asked to all the same
        except ToolError as error:
            return CallState.FAILED, write_output(Status.FAILURE, str(error))
        except OutOfPatience:
            self.acting.telemetry.warn("tool too slow", tool=row.tool, seconds=context.seconds)
            return (CallState.DOUBT, UNKNOWN) if writes else (CallState.FAILED, TOO_SLOW)
        except Exception as error:
            report(self.acting.telemetry, tool, error)
            return (CallState.DOUBT, UNKNOWN) if writes else (CallState.FAILED, BROKE)
        return CallState.DONE, output

    async def _begin(self, row: CallRow) -> bool:
        """T8, with the right to act for some time still; False: the client wants no more."""
        lease = self.acting.lease
        while True:
            await lease.regain()
            if not await self._note([Became(row.call_id, CallState.RUNNING)]):
                self.patience.stop()
                return False
            if lease.alive:
                return True

    async def _note(self, became: Iterable[Became]) -> bool:
        acting, changes = self.acting, tuple(became)
        noted = await acting.journal.do(NoteCalls(self.turn.fence, changes, acting.clock.now()))
        for one in changes if noted else ():
            row = self.rows[one.call_id]
            self.rows[one.call_id] = replace(row, state=one.state, output=one.output)
        return noted
