"""The tools of an assistant: what each does, and a key that switches it on or off."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.calls import Effect
from bot.core.texts import say
from bot.core.texts.profile import Configure
from bot.core.texts.profile import Tools as Say
from bot.ports import Tool
from bot.telegram.admin.configure_cards import NAME, back
from bot.telegram.admin.fields import cut, does, expected
from bot.telegram.admin.fields import tool as called
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed, seen
from tenants.explain import Problem
from tenants.profile import Profile

FIELD: Final = "tools"
SWITCH: Final = "switch"  # the word of the keys
_MOST: Final = 20  # on one card, which is one message; the names of others are sent
_CHARACTERS: Final = 800  # of what they do, all together


def question(visit: Visit, profile: Profile, tools: Mapping[str, Tool]) -> Card:
    """Each tool that there is, on or off."""
    language = visit.language
    listed = _listed(profile, tools)
    longest = _CHARACTERS // max(len(listed), 10)
    lines = [_line(name, profile, tools, language, longest) for name in listed]
    text = "\n\n".join((expected(FIELD, language), *lines, say(Say.HOW, language)))
    rows: Rows = [[_key(visit, profile, name)] for name in listed]
    return Card(headed(visit, text), [*rows, [back(visit)]])


def switched(profile: Profile, tools: Mapping[str, Tool], looked_at: str) -> str:
    """The names as they are typed, with the one that was pressed on or off; "" without any."""
    pressed = {name for name in (*tools, *profile.tools) if seen(name) == looked_at}
    return " ".join({*profile.tools} ^ pressed)


def not_there(before: Profile, after: Profile, tools: Collection[str]) -> Sequence[Problem]:
    """What a change brings that the server has not got; what was named before may stay."""
    known = {*tools, *(name for _, named in _named(before) for name in named)}
    return [
        Problem("no_tool", place, {"words": ", ".join(absent), "names": ", ".join(tools)})
        for place, named in _named(after)
        if (absent := [name for name in named if name not in known])
    ]


def _named(profile: Profile) -> Iterator[tuple[tuple[str, ...], Sequence[str]]]:
    yield (FIELD,), profile.tools
    for name, own in profile.assistants.items():
        yield ("assistants", name, FIELD), own.tools


def _listed(profile: Profile, tools: Mapping[str, Tool]) -> list[str]:
    """Those that are on first, so that each can be switched off."""
    return [*profile.tools, *(name for name in tools if name not in profile.tools)][:_MOST]


def _line(
    name: str, profile: Profile, tools: Mapping[str, Tool], language: str, longest: int
) -> str:
    tool = tools.get(name)
    if tool is None:
        return say(Say.GONE, language, tool=_mark(name, profile, language))
    effect = Say.READS if tool.effect is Effect.READ else Say.CHANGES
    return say(
        Say.LINE,
        language,
        tool=_mark(name, profile, language),
        does=_does(tool, language, longest),
        effect=say(effect, language),
    )


def _does(tool: Tool, language: str, longest: int) -> str:
    sentence = re.split(r"(?<=[.!?])\s", tool.definition.description)[0]
    return does(tool.definition.name, language) or cut(sentence, longest)


def _mark(name: str, profile: Profile, language: str) -> str:
    said = called(name, language)
    return say(Configure.CHOSEN, language, choice=said) if name in profile.tools else said


def _key(visit: Visit, profile: Profile, name: str) -> InlineKeyboardButton:
    return button(_mark(name, profile, visit.language), NAME, visit.here, f"{SWITCH} {seen(name)}")
