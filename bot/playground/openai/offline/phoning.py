"""What the offline model does with a phone call: it passes it on, and hangs up."""

import json
import re
from typing import Final

from bot.playground.openai.draft import Call, Prompt
from bot.playground.openai.offline.intents import Intent
from bot.playground.openai.offline.speaker import Speaker
from bot.playground.openai.offline.words import fold

HANGS_UP: Final = "hang_up"
TRANSFERS: Final = "transfer"

_EXTENSION: Final = re.compile(r"^⟦extension: (\d+) = ([^⟧]*)⟧$", re.MULTILINE)
_PASS_ON: Final = re.compile(
    r"\b(?:pass[aio]\w*|mett\w+ in contatto|put me through|transfer|connect|speak|talk"
    r"|parlare|соедин\w+|переключ\w+|поговорить)\b"
)
_WAIT: Final = {
    "en": "One moment, I'm putting you through.",
    "it": "Un attimo, passo subito la chiamata.",
    "ru": "Минуту, соединяю.",
}


def phone(prompt: Prompt, speaker: Speaker) -> Call | None:
    """The call of a tool, where the caller takes leave or wants somebody else."""
    question = speaker.situation.question
    if TRANSFERS in prompt.tools and (extension := _extension(prompt, speaker)):
        words = {"extension": extension, "announcement": _WAIT[speaker.language]}
        return Call(TRANSFERS, json.dumps(words, ensure_ascii=False))
    if HANGS_UP in prompt.tools and Intent.GOODBYE in speaker.intents and "?" not in question:
        words = {"goodbye": speaker.phrases.goodbye}
        return Call(HANGS_UP, json.dumps(words, ensure_ascii=False))
    return None


def _extension(prompt: Prompt, speaker: Speaker) -> str | None:
    """The one whose name the caller says; the first, of who wants any person."""
    notes = "\n".join(line.text for line in prompt.history if line.role == "developer")
    known = {fold(one[2]): one[1] for one in _EXTENSION.finditer(notes)}
    asked = fold(speaker.situation.question)
    if _PASS_ON.search(asked):
        for name, number in known.items():
            if name and name in asked:
                return number
    return next(iter(known.values()), None) if Intent.HUMAN in speaker.intents else None
