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
_UNREAD: Final = re.compile(r"^⟦not (?:looked at|heard|read): ([^⟧\n]+)⟧", re.MULTILINE)
_UNSEEN: Final = "could not be looked at"  # says the desk's note
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
        "ru": "В этой демоверсии голосовые сообщения не слышны: лучше написать.",
    },
    IMAGE: {
        "en": "In this demo I can't see pictures: please tell me in words what you need.",
        "it": "In questa demo non posso vedere le immagini: meglio spiegare a parole.",
        "ru": "В этой демоверсии я не вижу изображений: лучше описать словами.",
    },
    FILE: {
        "en": "In this demo I can't open this file: please tell me in words what you need.",
        "it": "In questa demo non posso aprire questo file: meglio spiegare a parole.",
        "ru": "В этой демоверсии я не могу открыть этот файл: лучше объяснить словами.",
    },
}
COULD_NOT: Final[Mapping[str, Mapping[str, str]]] = {  # by how the reason begins
    "too large": {
        "en": "That is too large for me to open: a smaller file would do, or part of it.",
        "it": "È troppo grande da aprire: va bene un file più piccolo, o una parte.",
        "ru": "Это слишком большой файл. Подойдёт файл поменьше или его часть.",
    },
    "too long": {
        "en": "That is too long for me to listen to: five minutes at most, or please write it.",
        "it": "È troppo lungo da ascoltare: cinque minuti al massimo, oppure per iscritto.",
        "ru": "Запись слишком длинная: можно до пяти минут, а лучше написать.",
    },
    "nothing can be heard": {
        "en": "I can't hear anything in it: could you record it again, or write it?",
        "it": "Non si sente nulla: si può registrare di nuovo, o scrivere.",
        "ru": "В записи ничего не слышно: можно записать ещё раз или написать.",
    },
    "it has a password": {
        "en": "The file has a password: please send one without it.",
        "it": "Il file è protetto da una password: meglio inviarlo senza.",
        "ru": "Файл защищён паролем: подойдёт такой же без пароля.",
    },
    "": {
        "en": "I couldn't open that. Could you write what it is about?",
        "it": "Non è stato possibile aprirlo. Meglio scrivere di che si tratta.",
        "ru": "Открыть это не получилось. Лучше написать, о чём речь.",
    },
}
POINTING: Final = re.compile(  # at what a picture shows, and only there
    r"\b(?:this|these|that|picture|photo|quest[oaie]|foto|immagine|это|этот|эта|эти|этом|фото)\b"
    r"(?! (?:week|evening|morning|month|year|settim|sera|mattin|estate|mese|anno|недел|мес))",
    re.IGNORECASE,
)
HAS_READ: Final[Mapping[str, str]] = {  # {name}: to a file without a question
    "en": "I have read “{name}”. What would you like to know about it?",
    "it": "Ho letto «{name}». Che cosa serve sapere?",
    "ru": "Файл «{name}» прочитан. Что о нём рассказать?",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What came with some messages. `missed`: what was not perceived, as keys of CANNOT.

    `refused`: what was not even brought here, as keys of COULD_NOT.
    """

    files: Mapping[str, str]  # texts by name
    missed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def look(told: Sequence[Said]) -> Shown:
    """What came with a client's messages, and what the desk notes; of many files, the latest."""
    lines = [line for line in told if line.role == "user"]
    found = [(_name(line.text, one), one[1]) for line in lines for one in _TEXT.finditer(line.text)]
    files = {name: text.strip() for name, text in found[-_MOST_FILES:]}
    missed = dict.fromkeys(kind for line in lines for kind in line.shown)
    if any(_UNHEARD.search(line.text) for line in lines):
        missed["voice"] = None
    reasons = [why for line in lines for why in _UNREAD.findall(line.text)]
    reasons += [_UNSEEN for line in told if line.role == "developer" and _UNSEEN in line.text]
    refused = (next(filter(why.startswith, COULD_NOT)) for why in reasons)
    return Shown(files, tuple(missed), tuple(dict.fromkeys(refused)))


def _name(text: str, found: re.Match[str]) -> str:
    names = _NAME.findall(text[: found.start()])
    return str(names[-1]) if names else "file"


def without_files(text: str) -> str:
    """A client's own words."""
    return _UNHEARD.sub("", _TEXT.sub("", text)).strip()
