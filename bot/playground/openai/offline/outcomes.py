"""What the offline model tells of the calls that were made: no more than their outputs say."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.playground.openai.draft import Prompt
from bot.playground.openai.items import Called, Said
from bot.playground.openai.offline import errand_words as say
from bot.playground.openai.offline.intents import Intent
from bot.playground.openai.offline.language import detect_language
from bot.playground.openai.offline.phoning import HANGS_UP, TRANSFERS
from bot.playground.openai.offline.speaker import Speaker
from bot.playground.openai.offline.wishes import TAKES_REQUESTS, TELLS_HOURS

# As the engine tells a conversation of calls that it does not hold.
_NOTE: Final = re.compile(r"^Call (\d+), `(\w+)`, (.*)$", re.MULTILINE)
_QUOTE: Final = re.compile(r"⟦call (\d+): (\{.*?\}) (\{\"data\".*?)⟧", re.DOTALL)
_DECLINED: Final = "is not done: it was not confirmed"
_EARLIER: Final = "of an earlier turn"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def read_called(prompt: Prompt) -> Sequence[Called]:
    """The calls of this turn: the conversation holds them, or is told of them."""
    beside = "\n".join(_beside(prompt.history))
    notes = {number: (name, how) for number, name, how in _NOTE.findall(beside)}
    return prompt.called or [
        Called(notes[number][0], arguments, output)
        for number, arguments, output in _QUOTE.findall(beside)
        if number in notes and not notes[number][1].startswith(_EARLIER)
    ]


def tell(prompt: Prompt, speaker: Speaker) -> tuple[str, ...] | None:
    """The bubbles that follow the last call, or what the client declined; None: there is none."""
    if called := prompt.called:
        return speaker.greet((_say(called[-1], speaker.language), *_offer(called[-1], speaker)))
    if Intent.NO in speaker.intents and _DECLINED in "\n".join(_beside(prompt.history)):
        return (say.DECLINED[speaker.language],)
    return None


def read_output(output: str) -> Mapping[str, Any]:
    """What a tool gave back: `status`, `message` and more; empty where it is in another form."""
    try:
        told = json.loads(output)
    except ValueError:
        return {}
    data = told.get("data") if isinstance(told, dict) else None
    return data if isinstance(data, dict) else {}


def _beside(history: Sequence[Said]) -> Iterator[str]:
    """What stands beside the client's words since our last answer."""
    for line in reversed(history):
        if line.role == "assistant":
            return
        if line.role == "developer" or line.text.startswith("⟦call "):
            yield line.text


def _say(one: Called, language: str) -> str:  # noqa: PLR0911 - a table
    told = read_output(one.output)
    message = str(told.get("message", ""))
    is_own = (detect_language(message) or "en") == language
    if told.get("status") != "success":
        if "unknown whether" in message:
            return say.IN_DOUBT[language]
        reason = message.partition(":")[0].rstrip(".") if is_own and _is_reason(message) else ""
        return f"{say.NOT_DONE[language]} {reason}.".removesuffix(" .")
    if message.startswith("Nothing is done yet"):
        return say.TO_CONFIRM[language]
    if one.name == TAKES_REQUESTS:
        return say.PASSED_ON[language]
    if one.name in (HANGS_UP, TRANSFERS):
        return say.DONE_ALONE[language]
    if one.name == TELLS_HOURS:
        return _say_hours(told, language)
    lists = [value for value in told.values() if isinstance(value, list)]
    if lists:
        found = ", ".join(map(str, lists[0]))
        return say.FOUND[language].format(told=found) if found else say.NOTHING_FOUND[language]
    if is_own and message:
        return message
    values = ", ".join(_values(one.arguments, language))
    return say.DONE[language].format(told=values) if values else say.DONE_ALONE[language]


def _is_reason(message: str) -> bool:
    """Whether a failure is the tool's own, whose words before the colon are for everybody."""
    return ":" in message and not message.startswith(("This ", "These "))


def _say_hours(told: Mapping[str, Any], language: str) -> str:
    day = say.say_day(str(told["day"])[-10:], language)
    spans = ", ".join(map(str, told.get("open", ())))
    if spans:
        text = say.OPEN_ON[language]
    else:
        text = (say.CLOSED_ON if told.get("message") == "Closed." else say.OPEN_ALL_DAY)[language]
    said = text.format(day=day, told=spans)
    return said[:1].upper() + said[1:]


def _values(arguments: str, language: str) -> Iterator[str]:
    try:
        given = json.loads(arguments)
    except ValueError:
        return
    for value in given.values():
        if isinstance(value, str) and _DAY.fullmatch(value):
            yield say.say_day(value, language)
        elif isinstance(value, str | int):
            yield str(value)


def _offer(one: Called, speaker: Speaker) -> tuple[str, ...]:
    """Another day, where it was a day that did not do."""
    told = read_output(one.output)
    failed = told.get("status") == "failure" and "unknown whether" not in str(told.get("message"))
    return (say.OTHER_TIME[speaker.language],) if failed and _DAY.search(one.arguments) else ()
