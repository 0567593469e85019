"""/language: which language the product speaks in a chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.texts import LANGUAGES, Text, say
from bot.front.answers import Answers
from bot.front.event import ClientEvent
from bot.ports import AnswerKey
from bot.turns.events import Work
from db.chats import ChatWork
from db.records import Draft

AS_TOLD = ""
PREFIX = "language:"  # of a key; then the language, or AS_TOLD


@dataclass(frozen=True, slots=True)
class Languages:
    """The command, and the keys of its question."""

    answers: Answers

    async def typed(self, event: ClientEvent, words: str) -> None:
        """`/language en` chooses, `/language` asks."""
        language = named(words)
        if language is None:
            question = Text.LANGUAGE_UNKNOWN if words else Text.LANGUAGE_ASK
            answer = await self._question(event, question)
            await self.answers.events.handle(event.stored, lambda _: answer)
        else:
            await self.answers.events.handle(event.stored, await self._choice(event, language))

    async def pressed(self, event: ClientEvent, key: str) -> None:
        """A key of the question; the first press counts."""
        choose = await self._choice(event, named(key.removeprefix(PREFIX)) or AS_TOLD)

        def work(chat: ChatWork) -> Sequence[Draft]:
            is_first = event.pressed is None or chat.is_first_press(event.pressed)
            return choose(chat) if is_first else ()

        await self.answers.events.handle(event.stored, work)

    async def _question(self, event: ClientEvent, text: Text) -> tuple[Draft, ...]:
        language = await self.answers.here.speaks(event)
        labels = {say(Text.LANGUAGE_NAME, one): one for one in LANGUAGES}
        labels[say(Text.LANGUAGE_AS_TOLD, language)] = AS_TOLD
        keys = [[AnswerKey(label, f"{PREFIX}{one}")] for label, one in labels.items()]
        return self.answers.drafts(event, say(text, language), keys=keys)

    async def _choice(self, event: ClientEvent, language: str) -> Work:
        """Choose it, and say so in it."""
        if language == AS_TOLD:
            profile = await self.answers.here.profile(event.stored.address)
            told = say(Text.LANGUAGE_FOLLOWED, event.language or profile.language)
        else:
            told = say(Text.LANGUAGE_CHOSEN, language)
        answer = self.answers.drafts(event, told)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.speak(language or None)
            return answer

        return work


def named(words: str) -> str | None:
    """The language of that tag, such as "en" or "en-GB", or of that name, as itself calls it."""
    wanted = words.strip().casefold()
    base = wanted.replace("_", "-").split("-")[0]
    names = {say(Text.LANGUAGE_NAME, one).casefold(): one for one in LANGUAGES}
    return next((one for one in (wanted, base) if one in LANGUAGES), names.get(wanted))
