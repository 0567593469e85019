"""One turn from its claim to its last bubble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.core.reply.done import says_it_is_done
from bot.core.reply.judging import check_stated
from bot.core.reply.links import KnownLinks
from bot.core.texts import Text, say
from bot.core.waits import seconds_until
from bot.errors import ChatGone, ModelRefused, SportelloError, cause_of
from bot.ports import Channel, ClientMessage, Clock, Speaker, Telemetry, Timer
from bot.turns.answer import Answering, Heard
from bot.turns.attachments import Attachments
from bot.turns.attention import Attention
from bot.turns.brief import Brief, Briefing
from bot.turns.budget import DayBudget, counted_for, day, days
from bot.turns.calls import Acting, TurnCalls
from bot.turns.door import Closed, Door, has_begun
from bot.turns.hosts import Hosts
from bot.turns.lane import Lane
from bot.turns.lanes import Lanes
from bot.turns.links import LOOKED_BACK, Links
from bot.turns.patience import SECONDS, Patience
from bot.turns.phone import ai_notice, waiting_seconds
from bot.turns.speech import Limits, Speech, drafts, mark_of
from bot.turns.stopping import Stops
from bot.turns.told import Telling
from bot.turns.typing import Typing
from bot.turns.waiting import Waiting
from db.errors import Stale
from db.journal import Journal
from db.operations import Complete, Introduce
from db.records import (
    CUT,
    NOTHING_STATED,
    STOPPED,
    OutboxKind,
    Outcome,
    Purpose,
    Spent,
    Stated,
    Turn,
    TurnState,
)
from tenants.profile import Pace, Profile
from tenants.prompt import escalations
from tenants.registry import Registry
from tenants.values import AnswerKeys


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ended."""

    state: TurnState
    heard: Heard | None = None
    cause: str | None = None
    stated: Stated = NOTHING_STATED
    keys: str | None = None  # under the last bubble
    last: ClientMessage | None = None  # what was written last, where it was read


@dataclass(frozen=True, slots=True)
class Runner:
    """Carries turns out. `pace` and `waiting_seconds` override the profile's when given."""

    journal: Journal
    registry: Registry
    lanes: Lanes
    channels: Mapping[str, Channel]
    clock: Clock
    typing: Typing
    answering: Answering
    acting: Acting
    briefing: Briefing
    attachments: Attachments
    telling: Telling
    hosts: Hosts
    attention: Attention
    door: Door
    budget: DayBudget
    waiting: Waiting
    stops: Stops
    telemetry: Telemetry
    limits: Limits
    pace: Pace | None = None
    waiting_seconds: float | None = None
    patience_seconds: float = SECONDS

    async def run(self, turn: Turn, *, hopeless: bool = False) -> float | None:
        """Answer; the result is when the chat's next turn is due, if messages came meanwhile.

        A `hopeless` turn, one that broke again and again, is closed politely instead. Ends
        quietly when the turn has another owner. Raises only what nobody foresaw.
        """
        profile = await self.registry.profile(turn.tenant, turn.pinned, turn.assistant)
        lane = self.lanes.open(turn.chat, turn.address)
        awaited = self.channels[turn.address.channel].is_awaited(turn.address)
        lane.begin(turn.fence, pace=Pace.OFF if awaited else self.pace or profile.pace)
        self.typing.start(turn.chat, turn.address)
        try:
            ending = await self._speak(turn, profile, lane, hopeless=hopeless)
            due = await self._complete(turn, ending)
            if ending.heard:
                await self.hosts.all_is_well(self.briefing.model_of(profile))
            return due
        except Stale:
            self.telemetry.record("turn lost", turn=turn.fence.turn)
            return None
        finally:
            self.typing.stop(turn.chat)
            self.lanes.release(lane)

    async def _speak(self, turn: Turn, profile: Profile, lane: Lane, *, hopeless: bool) -> Ending:
        channel = self.channels[turn.address.channel]
        speech = Speech(
            self.lanes,
            lane,
            channel,
            turn.fence.turn,
            None if channel.is_private(turn.address) else turn.messages[-1].message_id,
            [row.text for row in turn.rows if row.kind is OutboxKind.REPLY],
            self.limits,
            mark_of(turn.purpose),
            offers=profile.answer_keys is AnswerKeys.SHOWN,
        )
        patience = Patience(self.clock, self.patience_seconds)
        with self.stops.heeded(turn, patience, lane):
            return await self._end(turn, profile, speech, patience, hopeless=hopeless)

    async def _end(
        self, turn: Turn, profile: Profile, speech: Speech, patience: Patience, *, hopeless: bool
    ) -> Ending:
        """Say what there is to be said, until it has arrived."""
        lane = speech.lane
        closed = await self.door.closed_for(turn, profile)
        wait = None if closed else self._arm_waiting(turn, profile, patience)
        try:
            if closed:
                ending = self._decline(turn, closed, lane)
            elif hopeless:
                ending = self._fail(
                    turn, profile, speech, Text.FAILURE, cause="broken again and again"
                )
            else:
                ending = await self._answer(turn, profile, speech, patience)
            lane.expecting = False
            await lane.settled()
            if lane.stopped:
                ending = await self._stop(turn, profile, speech, ending)
        except ChatGone:
            return Ending(TurnState.UNREACHABLE, cause="unreachable")
        finally:
            if wait:
                wait.cancel()
        return ending

    async def _stop(self, turn: Turn, profile: Profile, speech: Speech, ending: Ending) -> Ending:
        """The client wanted no more: say what was done by then, once."""
        told = any(row.kind is OutboxKind.FAILURE for row in turn.rows)
        if not told and (words := await self.stops.words(turn, profile)):
            speech.aside(OutboxKind.FAILURE, words)
            await speech.lane.settled()
        return replace(ending, state=TurnState.DONE, cause=STOPPED, keys=None)

    def _decline(self, turn: Turn, closed: Closed, lane: Lane) -> Ending:
        """Say that nobody answers, unless the turn said it before its owner died."""
        pieces = self.channels[turn.address.channel].render(closed.text)
        notices = [row.text for row in turn.rows if row.kind is OutboxKind.NOTICE]
        if pieces[0].text not in notices:
            self.lanes.say(lane, drafts(OutboxKind.NOTICE, pieces, start=len(notices)))
        return Ending(TurnState.DONE, cause=closed.cause)

    async def _answer(
        self, turn: Turn, profile: Profile, speech: Speech, patience: Patience
    ) -> Ending:
        if any(row.kind is OutboxKind.FAILURE for row in turn.rows) and not turn.stopped:
            return Ending(TurnState.FAILED, cause="resumed after its failure was told")
        if not turn.introduced and turn.purpose is not Purpose.PREVIEW:
            await self._introduce(turn, profile)
        brief = self.briefing.make(turn, profile)
        begun, apart = has_begun(turn), self.channels[turn.address.channel].logged
        if not begun and (cause := await self.budget.why_not(turn, brief.last, apart=apart)):
            return self._fail(turn, profile, speech, Text.DAILY_CAP, cause=cause)
        if (last := brief.last) is None:
            return Ending(TurnState.FAILED, cause="no message could be read")
        brief = replace(brief, told=await self.telling.of(turn, profile, last))
        ending = await self._ask(turn, profile, speech, patience, brief)
        return replace(ending, last=last)

    async def _ask(
        self, turn: Turn, profile: Profile, speech: Speech, patience: Patience, brief: Brief
    ) -> Ending:
        calls = await self.acting.of(turn, profile, patience)
        try:
            brief = await self.attachments.understood(turn, profile, brief)
            speech.links = self._links(turn, profile, brief)
            heard = await self.answering.answer(turn, brief, speech, patience, calls)
        except ChatGone:
            raise
        except SportelloError as error:
            if speech.lane.stopped:
                return Ending(TurnState.DONE, stated=_in_doubt(NOTHING_STATED, calls))
            await self._alert(turn, profile, error)
            ending = self._fail(turn, profile, speech, Text.FAILURE, cause=cause_of(error))
            return replace(ending, stated=_in_doubt(ending.stated, calls))
        if not speech.written:  # and what was stopped says nothing
            await speech.rest((say(Text.EMPTY_REPLY, turn.language or profile.language),))
        cause = CUT if speech.full else heard.answer.cause or None
        stated = self._judge(turn, profile, speech, heard)
        if any(map(says_it_is_done, speech.heard)) and not await calls.has_changed_anything():
            self.telemetry.record("claimed", turn=turn.fence.turn)
            stated = replace(stated, claimed=True)
        stated = _in_doubt(stated, calls)
        return Ending(TurnState.DONE, heard, cause, stated, speech.keys)

    def _links(self, turn: Turn, profile: Profile, brief: Brief) -> Links:
        """Those in what the model reads in this turn, and in the clients' words before it."""

        async def earlier() -> Sequence[str]:
            lines = await self.answering.history(turn, LOOKED_BACK)
            return [line.text for line in lines if line.role is Speaker.CLIENT]

        told = (brief.instructions, *(line.text for line in (*brief.told, *brief.lines)))
        instead = partial(say, Text.LINK_LEFT_OUT, turn.language or profile.language)
        return Links(KnownLinks(told), earlier, instead, turn.fence.turn, self.telemetry)

    def _judge(self, turn: Turn, profile: Profile, speech: Speech, heard: Heard) -> Stated:
        """What the answer says of itself, held against all that it says in this turn."""
        stated = check_stated(
            heard.answer.stated,
            speech.heard,
            phrases=escalations(profile).values(),
            sources=[source.name for source in profile.sources],
        )
        if stated.promised:
            self.telemetry.record("promised", turn=turn.fence.turn, outcome=stated.outcome)
        return stated

    def _fail(
        self, turn: Turn, profile: Profile, speech: Speech, text: Text, *, cause: str
    ) -> Ending:
        self.telemetry.warn("turn failed", turn=turn.fence.turn, cause=cause)
        speech.aside(OutboxKind.FAILURE, say(text, turn.language or profile.language))
        return Ending(TurnState.FAILED, cause=cause)

    async def _introduce(self, turn: Turn, profile: Profile) -> None:
        """The AI notice comes before the first answer of a chat (EU AI Act, article 50)."""
        channel = self.channels[turn.address.channel]
        pieces = channel.render(ai_notice(channel, turn, profile))
        rows = await self.journal.do(
            Introduce(
                fence=turn.fence,
                chat=turn.chat,
                owner=self.lanes.delivery.owner,
                now=self.clock.now(),
                drafts=drafts(OutboxKind.NOTICE, pieces),
            )
        )
        self.lanes.add(rows, {turn.chat: turn.address})

    async def _alert(self, turn: Turn, profile: Profile, error: SportelloError) -> None:
        bot_id = turn.address.bot_id
        if error.trouble:
            model = self.briefing.model_of(profile)
            await self.hosts.tell_of(error.trouble, bot_id, model=model)
        elif isinstance(error, ModelRefused):
            key = f"refused {day(self.clock.now())}"
            await self.hosts.tell(Text.HOST_REFUSED, bot_id, key=key)

    def _arm_waiting(self, turn: Turn, profile: Profile, patience: Patience) -> Timer | None:
        seconds = profile.waiting_seconds if self.waiting_seconds is None else self.waiting_seconds
        seconds = waiting_seconds(self.channels[turn.address.channel], turn, seconds)
        if seconds <= 0:
            return None
        told_at = turn.opened_at + seconds
        left = seconds_until(told_at, now=self.clock.now(), at_most=seconds)
        message = profile.text_for("waiting_message", turn.language)
        return self.waiting.arm(turn, message, seconds=left, said=patience.renew)

    async def _complete(self, turn: Turn, ending: Ending) -> float | None:
        now, channel = self.clock.now(), self.channels[turn.address.channel]
        last = ending.last or self._last(turn)
        complete = Complete(
            fence=turn.fence,
            chat=turn.chat,
            thread=turn.thread,
            owner=self.lanes.delivery.owner,
            state=ending.state,
            now=now,
            days=days(now),
            spent=_spent(turn, ending.heard),
            stated=ending.stated,
            cause=ending.cause,
            keys=ending.keys,
            client=last.called if last else "",
            counted_for=counted_for(turn, last) if channel.logged else (),
        )
        completed = await self.journal.do(complete)
        if complete.wants_a_person:
            self.attention.wake()
        self.lanes.add(completed.keys, {turn.chat: turn.address})
        self.telemetry.record(
            "turn over", turn=turn.fence.turn, state=ending.state, seconds=now - turn.received_at
        )
        return completed.due

    def _last(self, turn: Turn) -> ClientMessage | None:
        """What was written last; None where that cannot be read."""
        channel, last = self.channels[turn.address.channel], turn.messages[-1]
        try:
            return channel.read(last.payload, bot_id=turn.address.bot_id)
        except ValueError:
            return None


def _in_doubt(stated: Stated, calls: TurnCalls) -> Stated:
    """A person has to look at what nobody knows: so people are told, as of a complaint they are."""
    told = stated.outcome is Outcome.COMPLAINT or not calls.doubtful
    return stated if told else replace(stated, outcome=Outcome.HANDOVER)


def _spent(turn: Turn, heard: Heard | None) -> Spent:
    if heard is None:
        return Spent()
    answer = heard.answer
    return Spent(
        model=answer.model,
        last_item_id=answer.last_item_id,
        input_tokens=answer.usage.input_tokens,
        cached_tokens=answer.usage.cached_tokens,
        output_tokens=answer.usage.output_tokens,
        # What the dead owner of an adopted turn saw first is not known here.
        first_delta_at=None if turn.adopted else heard.first_delta_at,
    )
