"""Where updates come in: stored first, then everything that follows from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from bot.core.texts import Text, say
from bot.errors import DiskFull
from bot.ports import Channel, Clock
from bot.turns.events import Events
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from bot.turns.redact import Redaction
from bot.turns.scheduler import Scheduler
from bot.turns.spares import Spares
from bot.turns.speech import drafts
from bot.turns.typing import Typing
from db.journal import Journal
from db.limits import Quota
from db.operations import Accept, Accepted
from db.records import Address, Draft, Incoming, OutboxKind
from db.window import Window

DISK_FULL: Final = "disk full"
ABOUT_SECONDS: Final = 10  # nobody counts more exactly


@dataclass(frozen=True, slots=True)
class Intake:
    """The channel hands over what it received, and confirms it once `accept` returns."""

    journal: Journal
    channels: Mapping[str, Channel]
    clock: Clock
    scheduler: Scheduler
    events: Events
    lanes: Lanes
    typing: Typing
    window: Window
    redaction: Redaction
    hosts: Hosts
    spares: Spares
    has_room: Callable[[], bool]

    async def accept(
        self, bot_id: int, incoming: Sequence[Incoming], limits: Sequence[Quota] = ()
    ) -> Accepted:
        """Store updates durably (T1), without the secrets in them, and within these limits.

        Raises what the database raises, and DiskFull before the disk is, so that what is under way
        can be finished, and be told: then nothing counts.
        """
        if not self.has_room():
            await self.hosts.tell(Text.HOST_DISK_FULL, bot_id, key=DISK_FULL)
            raise DiskFull
        await self.hosts.mended(DISK_FULL)
        incoming = await self.redaction.redact(bot_id, incoming)
        accepted = await self.journal.do(
            Accept(
                bot_id=bot_id,
                owner=self.lanes.delivery.owner,
                now=self.clock.now(),
                incoming=incoming,
                window=self.window,
                words_in_commit=self._words,
                too_fast_in_commit=self._too_fast,
                limits=limits,
            )
        )
        soon = self.clock.now() + self.window.cap + self.window.quiet
        for chat, due_at in accepted.due.items():
            if due_at <= soon:
                self.typing.start(chat, accepted.addresses[chat])
            self.scheduler.arm(chat, due_at)
        self.spares.expect(accepted.new)
        for event in accepted.events:
            self.events.put(event)
        self.lanes.add(accepted.notices, accepted.addresses)
        return accepted

    def _words(self, address: Address, payload: str) -> str | None:
        """Those of an update as it is stored, and what is attached; None: it cannot be read."""
        try:
            said = self.channels[address.channel].read(payload, bot_id=address.bot_id)
        except ValueError:
            return None
        return said.text if said.attachment is None else f"{said.text}\n{said.attachment.unique_id}"

    def _too_fast(self, address: Address, language: str | None, seconds: float) -> Draft:
        about = ceil(seconds / ABOUT_SECONDS) * ABOUT_SECONDS
        rendered = self.channels[address.channel].render(say(Text.TOO_FAST, language, count=about))
        return drafts(OutboxKind.NOTICE, rendered)[0]
