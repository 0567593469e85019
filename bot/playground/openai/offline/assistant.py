"""The offline model: who answers in the playground when there is no key."""

from dataclasses import dataclass, replace

from bot.playground.openai.draft import Call, Draft, Prompt, write_reply
from bot.playground.openai.offline.briefing import read_briefing
from bot.playground.openai.offline.errands import attend
from bot.playground.openai.offline.listening import listen
from bot.playground.openai.offline.outcomes import read_called, tell
from bot.playground.openai.offline.phoning import phone
from bot.playground.openai.offline.speaker import Speaker
from bot.playground.openai.offline.stating import state
from bot.playground.openai.offline.wishes import LISTS_FIELDS


@dataclass(frozen=True, slots=True)
class OfflineModel:
    """Answers a prompt with what it says or calls itself, and nothing else. Pure."""

    def draft(self, prompt: Prompt) -> Draft:
        """The reply as the model writes it, or a call."""
        said, speaker = _speak(prompt)
        if isinstance(said, Call):
            return Draft(call=said)
        stated = state(speaker, said) if prompt.keys else {}
        asked = {key: value for key, value in stated.items() if key in prompt.keys}
        return Draft(write_reply(said, structured=prompt.structured, stated=asked))

    def answer(self, prompt: Prompt) -> tuple[str, ...]:
        """One to three bubbles; those that the client has already seen are left out."""
        said, _ = _speak(prompt)
        return () if isinstance(said, Call) else said


def _speak(prompt: Prompt) -> tuple[tuple[str, ...] | Call, Speaker]:
    prompt = replace(prompt, called=tuple(read_called(prompt)))
    situation = listen(prompt.history)
    speaker = Speaker.of(read_briefing(prompt.instructions), situation)
    said = _run_errand(prompt, speaker) or speaker.speak()
    if isinstance(said, Call):
        return said, speaker
    unseen = tuple(bubble for bubble in said if bubble not in situation.seen)
    return unseen or (speaker.turn(speaker.phrases.anything_else),), speaker


def _run_errand(prompt: Prompt, speaker: Speaker) -> tuple[str, ...] | Call | None:
    """What is done or said with the tools; None: they have no part in the answer."""
    if prompt.called and prompt.called[-1].name == LISTS_FIELDS and prompt.functions:
        return attend(prompt, speaker)
    return tell(prompt, speaker) or phone(prompt, speaker) or attend(prompt, speaker)
