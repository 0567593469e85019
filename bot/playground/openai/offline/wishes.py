"""Which of the offered tools a client's words ask for, by the words of its name and description."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.playground.openai.api_error import Json
from bot.playground.openai.offline.intents import strip_courtesies
from bot.playground.openai.offline.values import Kind, read_values
from bot.playground.openai.offline.words import fold, read_terms, stem_word
from tenants.hours_words import MONTH_OF, WEEKDAYS, folded

TAKES_REQUESTS: Final = "take_request"
LISTS_FIELDS: Final = "request_fields"
TELLS_HOURS: Final = "opening_hours"

_ACTIONS: Final = {  # what is done, in the words of three languages
    "book": r"prenot\w+|riserv\w+|book(?:ing|ings)?|reserv\w+|(?:за)?брон\w+|запис\w+|запиш\w+",
    "cancel": r"annull\w+|disdi\w+|disdett\w+|cancel\w*|отмен\w+",
    "change": r"spost\w+|modific\w+|cambi\w+|change|move|resched\w+|перенес\w+|измен\w+",
    "order": r"ordin(?:are|o|iamo)|order|заказ\w+",
    "call": r"richiam\w+|call (?:me |us )?back|callback|перезвон\w+",
    "free": r"liber[oiae]|disponibil\w+|free|availab\w+|свободн\w+",
    "open": r"apert[oiae]|open|opening|открыт\w*|работаете",
}
_THINGS: Final = {  # for what
    "table": r"tavol\w+|tables?|стол(?:ик)?(?:а|и|у|ом|ов|ы)?",
    "room": r"camer[ae]|stanz[ae]|rooms?|номер(?:а|ов|е)?(?! телефона)|комнат\w+",
    "appointment": r"appuntament\w+|appointments?|прием\w*",
    "visit": r"visit[ae]|visits?|визит\w*|экскурси\w+",
    "car": r"auto|macchin[ae]|cars?|машин\w+",
    "taxi": r"taxi|такси",
    "spa": r"spa|massaggi\w*|massages?|массаж\w*",
}
_KNOWN: Final[Mapping[str, re.Pattern[str]]] = {
    word: re.compile(rf"\b(?:{pattern})\b") for word, pattern in {**_ACTIONS, **_THINGS}.items()
}
_WISH: Final = re.compile(
    r"\b(?:vorre\w+|vogli\w+|desider\w+|mi piacerebbe|potre\w+|mi serv\w+|ci serv\w+"
    r"|(?:i|we)(?:'d| would) like|(?:i|we) want|could (?:i|we|you)|i need|we need|please"
    r"|хо(?:чу|тим|тел\w*|телось)|нужно|нужен|нужна|можно (?:ли )?за\w+"
    r"|могу (?:ли )?(?:я )?за\w+)\b"
)
_WANTS_TO_KNOW: Final = re.compile(r"\b(?:sapere|chieder\w+|know|ask|whether|узнать|спросить)\b")
_MAY: Final = re.compile(r"\b(?:posso|possiamo|si puo|can (?:i|we|you)|may (?:i|we))\b")
_ASKS_HOW: Final = re.compile(
    r"\b(?:come|quanto|quanta|quanti|quale|quali|perche|devo|bisogna|how|what|which|why|must"
    r"|need to|do i|does|как|сколько|какой|какая|почему|надо ли|нужно ли)\b(?! te\b| noi\b)"
)
_FILLING: Final = (
    "giorno ora sera pomeriggio mattina cena pranzo persona persone posto domani oggi nome"
    " stasera verso circa serata time day evening morning afternoon night dinner lunch person"
    " people around tomorrow today tonight name want need please время день вечер утро обед"
    " ужин человек имя завтра сегодня прошу пожалуйста нужно хочу вечером утром днем vorrei"
    " vorremmo potrei potremmo posso possiamo serve voglio desidero piacerebbe like хотел"
    " хотела хотели бы можно могу"
)


def find_tool(tools: Sequence[Json], words: str, language: str) -> Json | None:
    """The one tool that the words ask for beyond doubt; None: none of them."""
    wanted = [tool for tool in tools if _is_wanted(tool, words, language)]
    if wanted:
        return wanted[0]
    taking = (tool for tool in tools if tool["name"] == TAKES_REQUESTS)
    return next(taking, None) if _asks_to_do(words) else None


def _is_wanted(tool: Json, words: str, language: str) -> bool:  # noqa: PLR0911 - a table
    if tool["name"] == TAKES_REQUESTS:
        return False
    told = tool["name"].replace("_", " ")
    asked, named = _known_in(words), _known_in(told)
    if tool["name"] == TELLS_HOURS:
        return asked == {"open"} and "?" in words
    if not named:
        return _is_spelled_out(told, words, language)
    if not asked & named & _ACTIONS.keys() or asked - named - _known_in(tool.get("description")):
        return False
    if "free" in named:  # to look is nobody's harm
        return named <= asked
    if _asks_how(words):
        return False
    return named <= asked or not list(_left(words, language))


def _asks_to_do(words: str) -> bool:
    """Whether something is to be done, and not only asked about."""
    does = _known_in(words) & (_ACTIONS.keys() - {"free", "open"})
    polite = _WISH.search(fold(words)) or "?" not in words
    return bool(does and polite and not _asks_how(words))


def _asks_how(words: str) -> bool:
    folded = fold(words)
    if _WISH.search(folded):
        return bool(_WANTS_TO_KNOW.search(folded))
    return bool(_ASKS_HOW.search(folded)) or ("?" in words and not _MAY.search(folded))


def _is_spelled_out(name: str, words: str, language: str) -> bool:
    """Whether each word of a tool's name is among those of the client."""
    stems = {stem_word(word, language) for word in re.findall(r"[^\W\d_]+", fold(words))}
    wanted = {stem_word(word, language) for word in fold(name).split()}
    return wanted <= stems and bool(_WISH.search(fold(words)))


def _known_in(words: str | None) -> set[str]:
    folded = fold(words or "")
    return {word for word, pattern in _KNOWN.items() if pattern.search(folded)}


def _left(words: str, language: str) -> Iterator[str]:
    """What the words speak of besides what is known, and besides days, times and numbers."""
    text = fold(strip_courtesies(words))
    for pattern in _KNOWN.values():
        text = pattern.sub(" ", text)
    told = " ".join(re.findall(r"[^\W\d_]{3,}", text))
    shown = {
        str(value).casefold()
        for kind, value in read_values(words, None).items()
        if kind is Kind.NAME
    }
    for word in told.split():
        is_known = word in _FILLING.split() or any(word in one for one in shown)
        if not is_known and read_terms(word, language) and not _is_of_the_calendar(word):
            yield word


def _is_of_the_calendar(word: str) -> bool:
    return folded(word) in MONTH_OF or folded(word) in WEEKDAYS
