"""A short answer that a client taps: it is the client's message, and is shown as chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.texts import Text, say
from bot.front.answers import Answers
from bot.front.event import ClientEvent
from bot.turns.confirming import is_by_same
from bot.turns.keys import chosen_key, turn_of
from db.calls import who_was_asked
from db.chats import ChatWork
from db.records import Draft, Message, UpdateKind, keys_under
from db.taps import Tap, judge_tap

_REFUSALS = {
    Tap.TAKEN: Text.KEY_TAKEN,
    Tap.OLD: Text.KEY_OLD,
    Tap.NOT_YOURS: Text.KEY_NOT_YOURS,
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Those of answers, on every channel."""

    answers: Answers

    async def tapped(self, event: ClientEvent, data: str, label: str) -> str:
        """Take a tap; the result is what to say to whoever tapped if it does not count.

        `label`: what stands on the key; empty where the channel does not say.
        """
        channel, turn = self.answers.channels[event.channel], turn_of(data)
        refused: list[Tap] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            row = event.stored.row
            if not label or turn is None or event.pressed is None:
                refused[:] = (Tap.OLD,)
                return ()
            tap = chat.read(judge_tap, chat=chat.chat, event=row, turn=turn, under=event.pressed)
            if tap is Tap.COUNTS and not self._is_for(chat, event, turn):
                tap = Tap.NOT_YOURS
            if tap is not Tap.COUNTS:
                refused[:] = (tap,)
                return ()
            chat.ask_again(event.stored.payload)
            return (keys_under(event.pressed, channel.keys(chosen_key(label, data))),)

        await self.answers.events.handle(event.stored, work)
        if not refused:
            return ""
        return say(_REFUSALS[refused[0]], await self.answers.here.speaks(event))

    def _is_for(self, chat: ChatWork, event: ClientEvent, turn: int) -> bool:
        """Whether whoever taps may: what is to be done is confirmed by whom it was asked."""
        channel, stored = self.answers.channels[event.channel], event.stored
        if stored.address is None or channel.is_private(stored.address):
            return True
        asked = chat.read(who_was_asked, turn)
        tap = Message(stored.row, UpdateKind.EVENT, None, stored.payload)
        return asked is None or is_by_same(channel, asked, tap, stored.bot_id)
