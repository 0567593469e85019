"""What the model is told of the moment: made once for a turn, before its words.

What is ours to know is a note of ours; what somebody typed goes along as the client's, in labels:
whoever wrote it, it is no instruction. Both are stored with the turn as soon as an answer begins
(T2b), so that whoever goes on with that answer says the same.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.core.labels import Label
from bot.ports import Channel, ClientMessage, Clock, Line, Speaker
from bot.turns.duty import readers
from bot.turns.open_now import opening_at
from bot.turns.phone import extensions
from bot.turns.speech import mark_of
from bot.turns.zones import clock_of
from db.duty import roles_reached
from db.engine import Database
from db.facts import LINK, Fact, facts_of
from db.records import PUBLIC, Turn
from db.transcript import Missed, missed
from tenants.profile import Profile

Told = tuple[Line, ...]
_NOTHING: Final = Missed()
_LANGUAGE_LENGTH: Final = 35  # the longest language tag that RFC 5646, 4.4.1 asks to support
_NAME_LENGTH: Final = 64
_FACT_LENGTH: Final = 240
_BUBBLE_LENGTH: Final = 4_096
_END_LENGTH: Final = 200  # characters of the last bubble that was said: enough to find it
# The instructions are the same for all chats: what does not hold in this one stands here, whole.
_NOBODY: Final = (
    "of the company can be told now that this client needs a person. So promise no call and no"
    " message from anybody, and do not say that you pass something on"
)
_PHONE: Final = (
    "yes: the client hears your reply read out, and speaks to you. Say it in one or two short"
    " sentences, with words alone: no list, no link, no sign that is not spoken. A digit alone is"
    " a key that was pressed. What you read is a transcript, which may have misheard"
)
_STOPPED: Final = (
    "yes: the client had you stop your last reply, and has not seen all of it. Do not take it up"
    " again unless asked"
)
_REACH_US: Final = (
    "; give `contact` instead, in one more bubble if `escalation_phrase` does not have it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`at`: seconds since the epoch. `name`, `page`, `facts` from a link: as somebody says."""

    at: float
    language: str | None
    first_turn: bool
    name: str = ""
    page: str = ""  # of the company's site, as people read its address
    group: bool = False
    facts: Sequence[Fact] = ()
    missed: Missed = _NOTHING
    phone: bool = False
    extensions: Mapping[str, str] = field(default_factory=dict)  # names, by numbers
    nobody: bool = False  # of the company can be told that somebody needs a person
    mark: str = ""  # before each bubble, and before nothing that the model is told


@dataclass(frozen=True, slots=True)
class Telling:
    """Knows what to tell, and what was told."""

    database: Database
    channels: Mapping[str, Channel]
    clock: Clock

    async def of(self, turn: Turn, profile: Profile, heard: ClientMessage) -> Told:
        """What a turn whose last message is `heard` is told."""
        if turn.told is not None:
            return read_told(turn.told)
        channel = self.channels[turn.address.channel]
        on_phone = channel.phone_call(turn.address) is not None
        # Of a turn whose owner died before an answer began, only the tables know: a first one's
        # conversation is the thread's by then.
        before = await self._missed(turn) if turn.missed or turn.adopted else _NOTHING
        moment = Moment(
            at=self.clock.now(),
            language=turn.language or heard.language,
            first_turn=not turn.resumed or before is None,
            name=heard.sender,
            page=heard.page,
            group=not channel.is_private(turn.address),
            phone=on_phone,
            extensions=extensions(profile) if on_phone else {},
            facts=await self._facts(turn) if turn.known or turn.adopted else (),
            missed=before or _NOTHING,
            nobody=await self._reaches_nobody(turn),
            mark=mark_of(turn.purpose),
        )
        return make_told(profile, moment)

    async def _facts(self, turn: Turn) -> Sequence[Fact]:
        return await self.database.read(facts_of, chat=turn.chat, tenant=turn.tenant)

    async def _reaches_nobody(self, turn: Turn) -> bool:
        """As it was when the turn was claimed; those who are off duty will be told."""
        reached = turn.reached
        if reached is None:
            now = self.clock.now()
            reached = (await self.database.read(roles_reached, [turn.tenant], now=now))[turn.tenant]
        return readers(private=turn.assistant != PUBLIC).isdisjoint(reached)

    async def _missed(self, turn: Turn) -> Missed | None:
        return await self.database.read(missed, thread=turn.thread, before_turn=turn.fence.turn)


def make_told(profile: Profile, moment: Moment) -> Told:
    """A note of ours; and what others typed, if there is any."""
    note = "\n".join(map(str, _note(profile, moment)))
    typed = "\n".join(map(str, _typed(moment)))
    return (Line(Speaker.DESK, note), *([Line(Speaker.CLIENT, typed)] if typed else []))


def write_told(told: Told) -> str:
    """As it is stored."""
    return json.dumps([[line.role, line.text] for line in told], ensure_ascii=False)


def read_told(stored: str) -> Told:
    """What `write_told` wrote."""
    return tuple(Line(Speaker(role), text) for role, text in json.loads(stored))


def _note(profile: Profile, moment: Moment) -> Iterator[Label]:
    at = datetime.fromtimestamp(moment.at, clock_of(profile.time_zone))
    yield Label("now", _day_and_time(at))
    opening = opening_at(profile.hours, at) if profile.hours else None
    if opening:
        until = f", until {_day_and_time(opening.until)}" if opening.until else ""
        yield Label("open_now", ("yes" if opening.is_open else "no") + until)
    yield Label("first_turn", "yes" if moment.first_turn else "no")
    if moment.group:
        yield Label("group", "yes")
    if moment.phone:
        yield Label("phone", _PHONE, len(_PHONE))
        for number, name in moment.extensions.items():
            yield Label("extension", f"{number} = {name}")
    if moment.nobody:
        text = _NOBODY + (_REACH_US if profile.contact else "")
        yield Label("nobody", text, len(text))
    if moment.missed.stopped:
        yield Label("stopped", _STOPPED, len(_STOPPED))
    for fact in moment.facts:
        if fact.is_trusted:
            yield Label("known", f"{fact.name} = {fact.value}", _FACT_LENGTH)


def _typed(moment: Moment) -> Iterator[Label]:
    """The bubbles were ours; but what is in them, a client may have had the model say."""
    if moment.language:
        yield Label("language", moment.language[:_LANGUAGE_LENGTH])
    if moment.name:
        yield Label("name", moment.name, _NAME_LENGTH)
    if moment.page:
        yield Label("writes_on_page", moment.page)
    for fact in moment.facts:
        if fact.added_by == LINK:
            yield Label(fact.name, fact.value)
        elif not fact.is_trusted:
            yield Label("noted", f"{fact.name} = {fact.value}", _FACT_LENGTH)
    for bubble in moment.missed.undelivered:
        yield Label("undelivered", bubble.removeprefix(moment.mark), _BUBBLE_LENGTH)
    if end := moment.missed.seen_until:
        shown = end.removeprefix(moment.mark)[-_END_LENGTH:]
        text = f"all of your last reply that came after: {shown}"
        yield Label("not_shown", text, len(text))


def _day_and_time(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B} {at.year}, {at.hour}:{at.minute:02}"
