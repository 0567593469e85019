"""How a client's command or key is answered: its effect and the answer in one commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.texts import Key, say
from bot.front.event import ClientEvent
from bot.front.here import Here
from bot.ports import AnswerKey, Channel
from bot.turns.events import Events, Work
from bot.turns.speech import drafts
from db.chats import ChatWork
from db.records import Draft, OutboxKind


@dataclass(frozen=True, slots=True)
class Answers:
    """What the commands of clients share."""

    events: Events
    channels: Mapping[str, Channel]
    here: Here

    def drafts(
        self, event: ClientEvent, *messages: str, keys: Sequence[Sequence[AnswerKey]] = ()
    ) -> tuple[Draft, ...]:
        """Messages as the channel shows them; the keys go under the last."""
        channel = self.channels[event.channel]
        pieces = [piece for message in messages for piece in channel.render(message)]
        rows = drafts(OutboxKind.COMMAND, pieces)
        return (*rows[:-1], replace(rows[-1], markup=channel.keys(keys))) if keys else rows

    async def say(self, event: ClientEvent, text: Key) -> tuple[Draft, ...]:
        """A text of the product's in the language that is spoken in the chat."""
        return self.drafts(event, say(text, await self.here.speaks(event)))

    async def obey(self, event: ClientEvent, work: Work) -> None:
        """Carry out a command: the words behind it are then a message of the chat as it is."""

        def work_and_ask(chat: ChatWork) -> Sequence[Draft]:
            said = work(chat)
            if event.asks:
                chat.ask_again(event.stored.payload)
            else:
                chat.lacks_words()
            return said

        await self.events.handle(event.stored, work_and_ask)
