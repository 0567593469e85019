"""What all lanes share: the way out of the process, and what became of each message."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.waits import DELIVERY, seconds_until
from bot.errors import (
    ChatGone,
    ChatMoved,
    GiveUp,
    InDoubt,
    LeaseLost,
    MarkupRejected,
    RetryLater,
    Unauthorized,
)
from bot.ports import Channel, Clock, Outgoing, Telemetry, Vault
from bot.turns.doubt import Doubts
from bot.turns.lease import Lease
from bot.turns.typing import Typing
from db.journal import Journal
from db.operations import CloseChat, MoveChat
from db.records import Address, OutboxKind, OutboxRow, OutboxState, Settled

UNAUTHORIZED_SECONDS = 60.0
LEASE_LOST_SECONDS = 1.0
SHORTEST_REST_SECONDS = 0.001  # below what a clock near 2**31 seconds tells apart safely


@dataclass(slots=True)
class Delivery:
    """Sends one message and says how its row stands afterwards."""

    journal: Journal
    channels: Mapping[str, Channel]
    clock: Clock
    lease: Lease
    typing: Typing
    doubts: Doubts
    telemetry: Telemetry
    vault: Vault

    @property
    def owner(self) -> str:
        """This process, in the tables."""
        return self.lease.owner

    def message(self, row: OutboxRow, address: Address) -> Outgoing:
        """A row as the channel takes it. Raises SecretLost when it cannot be decrypted."""
        secret = row.kind is OutboxKind.SECRET
        text = self.vault.decrypt(row.text) if secret else row.text
        return Outgoing(address, text, row.entities, row.markup, row.reply_to, str(row.row))

    async def send(self, row: OutboxRow, address: Address) -> Settled:
        """Send a row marked `sending`. Raises ChatGone once the chat is closed in the tables."""
        try:
            self.lease.check()
            message_id = await self.channels[address.channel].send(self.message(row, address))
        except InDoubt:
            self.doubts.left_open(row.row)
            return Settled(row.row, OutboxState.DOUBT)
        except (RetryLater, GiveUp, LeaseLost) as error:
            return await self._refused(row, address, error)
        return Settled(row.row, OutboxState.SENT, message_id=message_id)

    async def settle_doubt(self, row: OutboxRow, address: Address) -> Settled:
        """Find out about a row in doubt. Raises ChatGone once the chat is closed in the tables."""
        try:
            return await self.doubts.settle(row, self.message(row, address))
        except InDoubt:
            return self._later(row, OutboxState.DOUBT, 1.0, cause="in doubt")
        except RetryLater as error:
            return self._later(row, OutboxState.DOUBT, error.after, cause=error.cause)
        except LeaseLost:
            return self._later(row, OutboxState.DOUBT, LEASE_LOST_SECONDS, cause="lease")
        except GiveUp as error:
            return await self._refused(row, address, error)

    async def show_keys(self, row: OutboxRow, address: Address) -> Settled:
        """Put a row's keys under its message. Raises ChatGone once the chat is closed."""
        try:
            self.lease.check()
            channel = self.channels[address.channel]
            await channel.show_keys(address, row.reply_to or "", row.markup or "")
        except (RetryLater, GiveUp, LeaseLost) as error:
            return await self._refused(row, address, error)
        return Settled(row.row, OutboxState.SENT)

    def rests_until(self, row: OutboxRow) -> float:
        """When a row may go, by the clock that never jumps.

        Never longer than its rest was when it was written down, whatever the clock says now.
        """
        moment = row.not_before or 0.0
        span = moment - (row.intent_at or 0.0)
        at_most = span if span > 0 else math.inf
        left = seconds_until(moment, now=self.clock.now(), at_most=at_most)
        return self.clock.boottime() + left

    async def _refused(self, row: OutboxRow, address: Address, error: Exception) -> Settled:
        match error:
            case RetryLater(after=after, cause=cause):
                return self._later(row, OutboxState.QUEUED, after, cause=cause)
            case LeaseLost():
                return self._later(row, OutboxState.QUEUED, LEASE_LOST_SECONDS, cause="lease")
            case ChatGone():
                await self.journal.do(CloseChat(row.chat, self.clock.now()))
                raise error
            case ChatMoved(new_chat_id=new):
                await self.journal.do(MoveChat(row.chat, new, self.clock.now()))
                return Settled(row.row, OutboxState.QUEUED, moved_to=new)
            case MarkupRejected() if row.entities is not None:
                self.telemetry.warn("markup rejected", row=row.row)
                return Settled(row.row, OutboxState.QUEUED, plain=True)
            case Unauthorized():
                self.telemetry.warn("token refused", channel=address.channel)
                return self._later(row, OutboxState.QUEUED, UNAUTHORIZED_SECONDS, cause="token")
            case _:
                self.telemetry.warn("message refused", row=row.row, cause=str(error))
                return Settled(row.row, OutboxState.FAILED, cause=str(error))

    def _later(self, row: OutboxRow, state: OutboxState, after: float, *, cause: str) -> Settled:
        delay = DELIVERY.delay(row.attempts, at_least=after) or after
        self.telemetry.record("message delayed", row=row.row, cause=cause, seconds=delay)
        return Settled(row.row, state, not_before=self.clock.now() + delay, cause=cause)
