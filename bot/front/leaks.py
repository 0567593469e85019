"""A bot's token, or a key of the model's, in a message of somebody who was not asked for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.secrets import says_more
from bot.core.texts.client import Access as Say
from bot.front.answers import Answers
from bot.front.event import ClientEvent
from db.chats import ChatWork
from db.records import Draft


@dataclass(frozen=True, slots=True)
class Leaks:
    """For everybody; the channel takes the message away where it can."""

    answers: Answers

    async def told(self, event: ClientEvent) -> None:
        """That this is a secret; what else the message says is answered."""
        payload = event.stored.payload
        said = self.answers.channels[event.channel].words(payload).said
        asks = says_more("".join(said[:1]))
        answer = await self.answers.say(event, Say.SECRET)

        def work(chat: ChatWork) -> Sequence[Draft]:
            if asks:
                chat.ask_again(payload)
            return answer

        await self.answers.events.handle(event.stored, work)
