"""The tools of an assistant: what each does, and a key that switches it on or off."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.calls import Effect
from bot.core.texts import say
from bot.core.texts.own_tools import OwnTools as Own
from bot.core.texts.profile import Configure
from bot.core.texts.profile import Tools as Say
from bot.ports import Tool
from bot.telegram.admin.configure_cards import NAME, back, onward
from bot.telegram.admin.fields import cut, does, expected
from bot.telegram.admin.fields import tool as called
from bot.telegram.admin.own_tools_cards import VERB
from bot.telegram.admin.own_tools_cards import called as titled
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed, seen
from tenants.explain import Problem
from tenants.permissions import Role
from tenants.profile import Persona, Profile

FIELD: Final = "tools"
SWITCH: Final = "switch"  # the word of the keys
_MOST: Final = 20  # on one card, which is one message; the names of others are sent
_CHARACTERS: Final = 800  # of what they do, all together


def question(
    visit: Visit, profile: Profile, tools: Mapping[str, Tool], own: Mapping[str, int] | None = None
) -> Card:
    """Each tool that there is, on or off.

    `own`: the number of each that the company has declared; None: it may declare none.
    """
    language = visit.language
    text = told(profile, tools, language)
    rows = [*keys(visit, profile, tools, NAME, SWITCH)]
    if own is not None:
        rows += [[_open(visit, name, number)] for name, number in own.items()]
        rows += [[button(say(Own.ADD, language), NAME, visit.here, f"{VERB} add")]]
    elif visit.role is Role.HOST:
        text = "\n\n".join((text, say(Own.OFF_HERE, language)))
    return Card(headed(visit, text), [*rows, [back(visit), *onward(visit, FIELD)]])


def _open(visit: Visit, name: str, number: int) -> InlineKeyboardButton:
    label = say(Own.EDIT, visit.language, name=titled(name))
    return button(label, NAME, visit.here, f"{VERB} show {number}")


def told(profile: Persona, tools: Mapping[str, Tool], language: str) -> str:
    """What each does."""
    listed = _listed(profile, tools)
    longest = _CHARACTERS // max(len(listed), 10)
    lines = (_line(name, profile, tools, language, longest) for name in listed)
    return "\n\n".join((expected(FIELD, language), "\n".join(lines)))


def keys(
    visit: Visit, profile: Persona, tools: Mapping[str, Tool], command: str, verb: str
) -> Rows:
    """A key for each; `verb` begins its words."""
    each = [
        button(_mark(name, profile, visit.language), command, visit.here, f"{verb} {seen(name)}")
        for name in _listed(profile, tools)
    ]
    return [each[at : at + 2] for at in range(0, len(each), 2)]


def switched(profile: Persona, tools: Mapping[str, Tool], looked_at: str) -> str:
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


def _listed(profile: Persona, tools: Mapping[str, Tool]) -> list[str]:
    """Those that are on first, so that each can be switched off."""
    return [*profile.tools, *(name for name in tools if name not in profile.tools)][:_MOST]


def _line(
    name: str, profile: Persona, tools: Mapping[str, Tool], language: str, longest: int
) -> str:
    """Of a host's own what it does is in the words of whoever wrote it, so its effect is said."""
    tool, mark = tools.get(name), _mark(name, profile, language)
    if tool is None:
        return say(Say.GONE, language, tool=mark)
    if ours := does(name, language):
        return say(Say.OURS, language, tool=mark, does=ours)
    effect = Say.READS if tool.effect is Effect.READ else Say.CHANGES
    sentence = cut(re.split(r"(?<=[.!?])\s", tool.definition.description)[0], longest)
    return say(Say.LINE, language, tool=mark, does=sentence, effect=say(effect, language))


def _mark(name: str, profile: Persona, language: str) -> str:
    said = called(name, language)
    return say(Configure.CHOSEN, language, choice=said) if name in profile.tools else said
