"""A turn whose client is on the phone: what is said there, and what its tools do with the call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.core.texts import Text, say
from bot.errors import ToolError
from bot.ports import Channel, Clock, PhoneCall, Switchboard
from bot.turns.lanes import Lanes
from bot.turns.patience import Patience
from bot.turns.speech import drafts
from db.operations import FAREWELL
from db.records import OutboxKind, Turn
from tenants.profile import Profile

WAITING_SECONDS: Final = 2.0  # silence on the phone is longer than in writing
SPOKEN_CHARACTERS: Final = 13  # in a second, by a voice that takes its time
BREATH_SECONDS: Final = 1.0  # until a voice begins
LONGEST_EXTENSION: Final = 6  # digits: of a number inside
LOOK_SECONDS: Final = 0.25
_GOES_ON: Final = "The caller goes on speaking, or is gone: nothing was done."


def waiting_seconds(channel: Channel, turn: Turn, seconds: float) -> float:
    """After how long the waiting message is said, of what the company wants; 0: never."""
    if channel.phone_call(turn.address) is not None:
        return min(seconds, WAITING_SECONDS)
    return 0.0 if channel.is_awaited(turn.address) else seconds


def ai_notice(channel: Channel, turn: Turn, profile: Profile) -> str:
    """The company's own, or ours: on the phone a short one."""
    if channel.phone_call(turn.address) is None or "ai_notice" in profile.model_fields_set:
        return profile.text_for("ai_notice", turn.language)
    return say(Text.AI_NOTICE_SPOKEN, turn.language or profile.language)


@dataclass(frozen=True, slots=True)
class Phones:
    """Which turn is a call that tools may do something with."""

    switchboard: Switchboard | None
    lanes: Lanes
    channels: Mapping[str, Channel]
    clock: Clock

    def of(self, turn: Turn, profile: Profile, patience: Patience) -> PhoneCall | None:
        """A turn's; None: it is none, or nothing here reaches the phone stack."""
        channel = self.channels[turn.address.channel]
        own = channel.phone_call(turn.address)
        if own is None or self.switchboard is None:
            return None
        return TurnsCall(
            own, self.switchboard, self.lanes, channel, self.clock, turn, profile, patience
        )


@dataclass(slots=True)
class TurnsCall:
    """A `bot.ports.tools.PhoneCall`."""

    own: str  # as the phone stack names it
    switchboard: Switchboard
    lanes: Lanes
    channel: Channel
    clock: Clock
    turn: Turn
    profile: Profile
    patience: Patience
    _said: list[str] = field(init=False)

    def __post_init__(self) -> None:
        asides = (row for row in self.turn.rows if row.kind is OutboxKind.NOTICE)
        self._said = [row.text for row in asides if row.position >= FAREWELL]

    @property
    def extensions(self) -> Mapping[str, str]:
        return extensions(self.profile)

    async def speak(self, words: str) -> None:
        self._check()
        pieces = [one for one in self.channel.render(words) if one.text not in self._said]
        lane, start = self.lanes.open(self.turn.chat, self.turn.address), FAREWELL + len(self._said)
        self._said += [one.text for one in pieces]
        self.lanes.say(lane, drafts(OutboxKind.NOTICE, pieces, start=start))
        await lane.settled()
        ends = self.clock.boottime() + BREATH_SECONDS + len(words) / SPOKEN_CHARACTERS
        while (left := ends - self.clock.boottime()) > 0:
            await self.clock.sleep(min(left, LOOK_SECONDS))
            self._check()

    async def hang_up(self) -> None:
        await self.switchboard.hang_up(self.own)

    async def transfer(self, extension: str) -> None:
        await self.switchboard.transfer(self.own, extension)

    def _check(self) -> None:
        if self.patience.stopped:
            raise ToolError(_GOES_ON)


def extensions(profile: Profile) -> Mapping[str, str]:
    """To whom the company lets calls be passed on, by number; a line without one names nobody."""
    found: dict[str, str] = {}
    for line in profile.extensions:
        numbers = re.findall("[0-9]+", line)
        if len(numbers) == 1 and len(numbers[0]) <= LONGEST_EXTENSION:
            found[numbers[0]] = line.replace(numbers[0], "").strip(" :-=.,+")
    return found
