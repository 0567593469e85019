"""What the offline model does for a client with a tool: asks for what is missing, calls, tells."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from bot.playground.openai.api_error import Json
from bot.playground.openai.draft import Call, Prompt
from bot.playground.openai.items import Said
from bot.playground.openai.offline.errand_words import ASKS, AT_MOST, is_open_still, read_ask
from bot.playground.openai.offline.intents import Intent
from bot.playground.openai.offline.listening import own_words, read_bubbles
from bot.playground.openai.offline.outcomes import read_output
from bot.playground.openai.offline.speaker import Speaker
from bot.playground.openai.offline.values import Kind, Value, read_answer, read_values
from bot.playground.openai.offline.wishes import LISTS_FIELDS, TAKES_REQUESTS, find_tool

_NOW: Final = re.compile(r"\w+ (\d+ \w+ \d+)")
_OTHERS_FIRST: Final = frozenset(  # what is answered whatever was asked before
    {Intent.META, Intent.HUMAN, Intent.IDENTITY, Intent.COMPLAINT, Intent.OFF_TOPIC, Intent.NO}
)
_KINDS: Final = (  # of texts and numbers, by the words that name them
    (Kind.EMAIL, r"e-?mail|почт\w+"),
    (Kind.PHONE, r"phone|mobile|telefon\w*|cellulare|телефон\w*"),
    (Kind.PEOPLE, r"people|persons?|guests?|party|how many come|person[ae]|ospiti|человек|гост\w+"),
    (Kind.NAME, r"name|surname|for whom|nome|cognome|nominativo|имя|фамили\w+|зовут"),
    (Kind.DAY, r"day|date|when|giorno|data|quando|день|дата|когда"),
    (Kind.WISH, r"what|request|wish\w*|wants?|desider\w+|richiest\w+|cosa|что|пожелани\w+"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that the client is asked for. `name`: of the parameter, or the company's field."""

    name: str
    kind: Kind
    words: str  # the tool's own
    is_free: bool = False  # whether any text will do
    is_read: bool = True  # whether it is anything that is read here
    is_required: bool = True
    most: int | None = None

    def ask(self, language: str) -> str:
        texts = ASKS.get(self.kind, ASKS[Kind.WORDS])
        return texts[language].format(asked=self.words)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A client's message, and what our bubble before it asked for."""

    text: str
    asked: tuple[Kind, str] | None


def attend(prompt: Prompt, speaker: Speaker) -> Call | tuple[str, ...] | None:
    """The next call, or the bubbles that ask for what is missing; None: no tool is wanted."""
    if not prompt.functions or speaker.intents & _OTHERS_FIRST:
        return None
    heard = [*_thread(prompt.history, _today(speaker))]
    tool = find_tool(prompt.functions, heard[0].text, speaker.language) if heard else None
    if tool is None:
        return None
    if tool["name"] == TAKES_REQUESTS:
        return _take_request(prompt, speaker, heard)
    wanted = [*_parameters(tool)]
    if any(one.is_required and not one.is_read for one in wanted):
        return None  # a list, or one of several values: nothing that is read here
    given = _gather(wanted, heard, _today(speaker))
    if question := _ask(wanted, given, heard, speaker):
        return question
    arguments = {one.name: given.get(one.name) for one in wanted}
    return Call(tool["name"], json.dumps(arguments, ensure_ascii=False))


def _take_request(
    prompt: Prompt, speaker: Speaker, heard: Sequence[_Heard]
) -> Call | tuple[str, ...] | None:
    """The company's list first, then what is missing of it, then the request."""
    listed = [one.output for one in prompt.called if one.name == LISTS_FIELDS]
    if not listed:
        return Call(LISTS_FIELDS) if LISTS_FIELDS in prompt.tools else None
    names = str(read_output(listed[-1]).get("message", "")).partition(":")[2].strip(" .")
    wanted = [
        Wanted(name.strip(), _kind(name), name.strip(), is_free=True) for name in names.split(";")
    ]
    given = _gather(wanted, heard, _today(speaker))
    if question := _ask(wanted, given, heard, speaker):
        return question
    details = [{"asked": one.name, "answer": str(given[one.name])} for one in wanted]
    return Call(TAKES_REQUESTS, json.dumps({"details": details}, ensure_ascii=False))


def _thread(history: Sequence[Said], today: date | None) -> Iterator[_Heard]:
    """The client's messages from the one that began it: each further one answers a question."""
    turns: list[tuple[str, str]] = []  # our last bubble, and what the client wrote on it
    bubble, words = "", list[str]()
    for line in history:
        if line.role == "user" and (own := own_words(line)):
            words.append(own)
        elif line.role == "assistant" and (bubbles := read_bubbles(line.text)):
            if words:
                turns.append((bubble, "\n".join(words)))
            bubble, words = bubbles[-1], []
    if not words:
        return
    turns.append((bubble, "\n".join(words)))
    start = len(turns) - 1
    while start and _goes_on(*turns[start], today):
        start -= 1
    for before, text in turns[start:]:
        yield _Heard(text, read_ask(before))


def _goes_on(bubble: str, text: str, today: date | None) -> bool:
    """Whether a message answers what the bubble before it asked, or corrects what it told."""
    if asked := read_ask(bubble):
        return "?" not in text or bool(read_answer(text, asked[0], today))
    return is_open_still(bubble) and bool(read_values(text, today))


def _gather(
    wanted: Sequence[Wanted], heard: Sequence[_Heard], today: date | None
) -> Mapping[str, Value]:
    """All that the client said so far; what was said later counts."""
    given: dict[str, Value] = {}
    for one in wanted:
        for at, message in enumerate(heard):
            value = _read(one, message, today, is_first=not at)
            if value is not None and (one.most is None or int(value) <= one.most):
                given[one.name] = value
    return given


def _read(one: Wanted, message: _Heard, today: date | None, *, is_first: bool) -> Value | None:
    if one.kind is Kind.WISH:
        return message.text if is_first else None
    was_asked = message.asked and read_ask(one.ask("en")) == message.asked
    shown = read_values(message.text, today)
    if one.is_free and one.kind is Kind.DAY and Kind.DAY in shown:
        said = (str(shown[kind]) for kind in (Kind.DAY, Kind.TIME) if kind in shown)
        return " ".join(said)
    if one.kind in shown and (was_asked or one.kind is not Kind.NUMBER):
        return shown[one.kind]
    if not was_asked:
        return None
    in_words = one.is_free and one.kind is Kind.DAY
    return read_answer(message.text, Kind.WORDS if in_words else one.kind, today)


def _ask(
    wanted: Sequence[Wanted],
    given: Mapping[str, Value],
    heard: Sequence[_Heard],
    speaker: Speaker,
) -> tuple[str, ...]:
    """For the first thing that is missing; with the reason, where what was said was too much."""
    missing = [one for one in wanted if one.is_required and one.name not in given]
    if not missing:
        return ()
    one = missing[0]
    said = _gather([replace(one, most=None)], heard, _today(speaker))
    most = AT_MOST[speaker.language].format(most=one.most)
    return speaker.greet(((most,) if said else ()) + (one.ask(speaker.language),))


def _parameters(tool: Json) -> Iterator[Wanted]:
    for name, schema in (tool.get("parameters") or {}).get("properties", {}).items():
        words = str(schema.get("description", "")) or name.replace("_", " ")
        variants = schema.get("anyOf") or [schema]
        types = [one for one in variants if one.get("type") != "null"]
        kind = _kind_of(types[0], f"{name} {words}") if len(types) == 1 else None
        yield Wanted(
            name,
            kind or Kind.WORDS,
            words,
            is_read=kind is not None,
            is_required=len(types) == len(variants),
            most=types[0].get("maximum") if kind in (Kind.PEOPLE, Kind.NUMBER) else None,
        )


def _kind_of(schema: Mapping[str, Any], words: str) -> Kind | None:
    """What a parameter holds; None: nothing that is read here."""
    match schema.get("type"), schema.get("format"):
        case "string", "date":
            return Kind.DAY
        case "string", "time":
            return Kind.TIME
        case "string", "email":
            return Kind.EMAIL
        case "string", None if "enum" not in schema:
            kind = _kind(words)
            return kind if kind in (Kind.EMAIL, Kind.PHONE, Kind.NAME) else Kind.WORDS
        case "integer", _:
            return Kind.PEOPLE if _kind(words) is Kind.PEOPLE else Kind.NUMBER
        case _:
            return None


def _kind(words: str) -> Kind:
    bare = words.replace("_", " ").casefold()
    found = (kind for kind, pattern in _KINDS if re.search(rf"\b(?:{pattern})\b", bare))
    return next(found, Kind.WORDS)


def _today(speaker: Speaker) -> date | None:
    found = _NOW.match(speaker.situation.note.now)
    return datetime.strptime(found[1], "%d %B %Y").date() if found else None
