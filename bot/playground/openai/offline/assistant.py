"""The offline model: who answers in the playground when there is no key."""

from dataclasses import dataclass

from bot.playground.openai.draft import Draft, Prompt, write_reply
from bot.playground.openai.offline.briefing import read_briefing
from bot.playground.openai.offline.listening import listen
from bot.playground.openai.offline.speaker import Speaker
from bot.playground.openai.offline.stating import state


@dataclass(frozen=True, slots=True)
class OfflineModel:
    """Answers a prompt with what it says itself, and nothing else. Pure."""

    def draft(self, prompt: Prompt) -> Draft:
        """The reply as the model writes it."""
        bubbles, speaker = _speak(prompt)
        stated = state(speaker, bubbles) if prompt.keys else {}
        asked = {key: value for key, value in stated.items() if key in prompt.keys}
        return Draft(write_reply(bubbles, structured=prompt.structured, stated=asked))

    def answer(self, prompt: Prompt) -> tuple[str, ...]:
        """One to three bubbles; those that the client has already seen are left out."""
        return _speak(prompt)[0]


def _speak(prompt: Prompt) -> tuple[tuple[str, ...], Speaker]:
    situation = listen(prompt.history)
    speaker = Speaker.of(read_briefing(prompt.instructions), situation)
    unseen = tuple(bubble for bubble in speaker.speak() if bubble not in situation.seen)
    return unseen or (speaker.turn(speaker.phrases.anything_else),), speaker
