"""The tools of an assistant: what each does, and a key that switches it on or off."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.calls import Effect
from bot.core.texts import say
from bot.core.texts.own_tools import OwnTools as Own
from bot.core.texts.profile import Configure
from bot.core.texts.tools import Tools as Say
from bot.telegram.admin.configure_cards import NAME, back, onward
from bot.telegram.admin.fields import cut, does, expected
from bot.telegram.admin.fields import tool as called
from bot.telegram.admin.known_tools import KnownTools
from bot.telegram.admin.mcp import NAME as MCP
from bot.telegram.admin.own_tools_cards import VERB
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed, seen
from bot.turns.call_words import readable
from tenants.explain import Problem
from tenants.permissions import Role
from tenants.profile import Persona, Profile
from tenants.values import NO_TOOLS

FIELD: Final = "tools"
SWITCH: Final = "switch"  # the word of the keys
_MOST: Final = 20  # on one card, which is one message; the names of others are sent
_CHARACTERS: Final = 800  # of what they do, all together
_MOST_FAILED: Final = 8  # of which it is told
_TITLE: Final = 64  # characters of what a host calls a tool


def question(visit: Visit, profile: Profile, known: KnownTools) -> Card:
    """Each tool that there is, on or off; what the company may declare."""
    language, text = visit.language, told(visit, profile, known)
    rows = [*keys(visit, profile, known, NAME, SWITCH)]
    if known.own is not None:
        rows += [[_open(visit, name, number)] for name, number in known.own.items()]
        rows += [[button(say(Own.ADD, language), NAME, visit.here, f"{VERB} add")]]
        rows += [[button(say(Say.SERVERS, language), MCP, visit.here)]]
    elif visit.role is Role.HOST:
        text = "\n\n".join((text, say(Own.OFF_HERE, language)))
    return Card(headed(visit, text), [*rows, [back(visit), *onward(visit, FIELD)]])


def _open(visit: Visit, name: str, number: int) -> InlineKeyboardButton:
    label = say(Own.EDIT, visit.language, name=readable(name))
    return button(label, NAME, visit.here, f"{VERB} show {number}")


def told(visit: Visit, profile: Persona, known: KnownTools) -> str:
    """What each does, whether it is on, and what failed lately."""
    listed = _listed(profile, known)
    longest = _CHARACTERS // max(len(listed), 10)
    failed = sorted(known.failed, key=lambda name: known.failed[name][0])[-_MOST_FAILED:]
    lines = []
    for name in listed:
        lines.append(_line(name, profile, known, visit.language, longest))
        if name in failed:
            lines.append(known.failure(visit, name))
    return "\n\n".join((expected(FIELD, visit.language), "\n".join(lines)))


def keys(visit: Visit, profile: Persona, known: KnownTools, command: str, verb: str) -> Rows:
    """A key for each; `verb` begins its words."""
    language = visit.language
    each = [
        button(_mark(name, profile, known, language), command, visit.here, f"{verb} {seen(name)}")
        for name in _listed(profile, known)
    ]
    return [each[at : at + 2] for at in range(0, len(each), 2)]


def switched(profile: Persona, known: KnownTools, looked_at: str) -> Sequence[str]:
    """The names, with the one that was pressed on or off."""
    pressed = {name for name in (*known.names, *profile.tools) if seen(name) == looked_at}
    return sorted(({*profile.tools} - {NO_TOOLS}) ^ pressed)


def not_there(before: Profile, after: Profile, tools: Collection[str]) -> Sequence[Problem]:
    """What a change brings that the server has not got; what was named before may stay."""
    known = {NO_TOOLS, *tools, *(name for _, named in _named(before) for name in named)}
    return [
        Problem("no_tool", place, {"words": ", ".join(absent), "names": ", ".join(tools)})
        for place, named in _named(after)
        if (absent := [name for name in named if name not in known])
    ]


def _named(profile: Profile) -> Iterator[tuple[tuple[str, ...], Sequence[str]]]:
    yield (FIELD,), profile.tools
    for name, own in profile.assistants.items():
        yield ("assistants", name, FIELD), own.tools


def _listed(profile: Persona, known: KnownTools) -> list[str]:
    """Those that are on first, so that each can be switched off."""
    on = [name for name in profile.tools if name != NO_TOOLS]
    return [*on, *(name for name in known.names if name not in on)][:_MOST]


def _line(name: str, profile: Persona, known: KnownTools, language: str, longest: int) -> str:
    """Of a host's own what it does is in the words of whoever wrote it, so its effect is said."""
    mark = _mark(name, profile, known, language)
    if server := known.servers.get(name):
        what = say(Say.SERVER_DOES, language, host=cut(server.host, longest))
        return say(Say.OURS, language, tool=mark, does=what)
    tool = known.tools.get(name)
    if tool is None:
        return say(Say.GONE, language, tool=mark)
    if ours := does(name, language):
        return say(Say.OURS, language, tool=mark, does=ours)
    effect = Say.READS if tool.effect is Effect.READ else Say.CHANGES
    sentence = cut(re.split(r"(?<=[.!?])\s", tool.definition.description)[0], longest)
    return say(Say.LINE, language, tool=mark, does=sentence, effect=say(effect, language))


def _mark(name: str, profile: Persona, known: KnownTools, language: str) -> str:
    server = known.servers.get(name)
    if server:
        said = say(Say.SERVER, language, label=server.label)
    else:  # the company's own as on its card
        tool = known.tools.get(name)
        title = cut(tool.definition.titles.get(language, {}).get(name, ""), _TITLE) if tool else ""
        said = readable(name) if name in (known.own or ()) else title or called(name, language)
    return say(Configure.CHOSEN, language, choice=said) if name in profile.tools else said
