"""What a client shows and says beside words: files are read, the rest is honestly left aside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.playground.openai.items import Said
from bot.playground.openai.parts import FILE, IMAGE

_TEXT: Final = re.compile(
    r"^⟦(?:the beginning of the )?text in it⟧\n(.*?)(?=^⟦|\Z)", re.DOTALL | re.MULTILINE
)
_NAME: Final = re.compile(r"^⟦(?:\w+ )?document: ([^⟧\n]+)⟧$", re.MULTILINE)
_UNREAD: Final = re.compile(r"^⟦not (?:looked at|heard|read): ", re.MULTILINE)
_MOST_FILES: Final = 3

# What is heard in a recording to which nobody can listen here.
DEAF: Final[Mapping[str, str]] = {
    "en": "[voice message: this demo cannot hear]",
    "it": "[messaggio vocale: questa demo non può ascoltare]",
    "ru": "[голосовое сообщение: в этой демоверсии его не слышно]",
}
_UNHEARD: Final = re.compile("|".join(map(re.escape, DEAF.values())))

CANNOT: Final[Mapping[str, Mapping[str, str]]] = {  # by what came, and language
    "voice": {
        "en": "In this demo I can't hear voice messages: please put it in writing.",
        "it": "In questa demo non posso ascoltare i messaggi vocali: meglio scrivere.",
        "ru": "В этой демоверсии я не слышу голосовых сообщений: напишите, пожалуйста, словами.",
    },
    IMAGE: {
        "en": "In this demo I can't see pictures: please tell me in words what you need.",
        "it": "In questa demo non posso vedere le immagini: meglio scrivere a parole.",
        "ru": "В этой демоверсии я не вижу картинок: опишите, пожалуйста, словами.",
    },
    FILE: {
        "en": "In this demo I can't open this file: please tell me in words what you need.",
        "it": "In questa demo non posso aprire questo file: meglio scrivere a parole.",
        "ru": "В этой демоверсии я не могу открыть этот файл: опишите, пожалуйста, словами.",
    },
    "unread": {
        "en": "I couldn't make anything of what you sent: please tell me in words what you need.",
        "it": "Quello che è arrivato non si può leggere né ascoltare: meglio scrivere a parole.",
        "ru": "Не получилось разобрать то, что Вы прислали: опишите, пожалуйста, словами.",
    },
}
HAS_READ: Final[Mapping[str, str]] = {  # {name}: to a file without a question
    "en": "I have read “{name}”. What would you like to know about it?",
    "it": "Ho letto «{name}». Cosa c'è da sapere in proposito?",
    "ru": "Файл «{name}» прочитан. Что о нём рассказать?",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What came with some messages. `missed`: what was not perceived, as keys of CANNOT."""

    files: Mapping[str, str]  # texts by name
    missed: tuple[str, ...] = ()


def look(lines: Sequence[Said]) -> Shown:
    """What came with a client's messages; of many files, the latest."""
    found = [(_name(line.text, one), one[1]) for line in lines for one in _TEXT.finditer(line.text)]
    files = {name: text.strip() for name, text in found[-_MOST_FILES:]}
    missed = dict.fromkeys(kind for line in lines for kind in line.shown)
    for kind, sign in (("voice", _UNHEARD), ("unread", _UNREAD)):
        if any(sign.search(line.text) for line in lines):
            missed[kind] = None
    return Shown(files, tuple(missed))


def _name(text: str, found: re.Match[str]) -> str:
    names = _NAME.findall(text[: found.start()])
    return str(names[-1]) if names else "file"


def without_files(text: str) -> str:
    """A client's own words."""
    return _UNHEARD.sub("", _TEXT.sub("", text)).strip()
