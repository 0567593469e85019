"""The tools of an assistant: what each does, and a key that switches it on or off."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.calls import Effect
from bot.core.texts import Key, say
from bot.core.texts.profile import Configure
from bot.core.texts.tools import Tools as Say
from bot.ports import Tool
from bot.telegram.admin.configure_cards import NAME, back
from bot.telegram.admin.fields import cut, expected
from bot.telegram.admin.known_tools import KnownTools
from bot.telegram.admin.mcp import NAME as MCP
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed, seen
from tenants.explain import Problem
from tenants.profile import Profile
from tenants.values import NO_TOOLS

FIELD: Final = "tools"
SWITCH: Final = "switch"  # the word of the keys
_MOST: Final = 20  # on one card, which is one message; the names of others are sent
_CHARACTERS: Final = 800  # of what they do, all together
_MOST_FAILED: Final = 8  # of which it is told
_OURS: Final[Mapping[str, tuple[Key, Key]]] = {  # what we know words for in each language
    "opening_hours": (Say.OPENING_HOURS, Say.OPENING_HOURS_DOES),
    "recall": (Say.RECALL, Say.RECALL_DOES),
    "remember": (Say.REMEMBER, Say.REMEMBER_DOES),
    "request_fields": (Say.REQUEST_FIELDS, Say.REQUEST_FIELDS_DOES),
    "take_request": (Say.TAKE_REQUEST, Say.TAKE_REQUEST_DOES),
}


def question(visit: Visit, profile: Profile, known: KnownTools) -> Card:
    """Each tool that there is, on or off."""

    def switch(label: str, looked_at: str) -> InlineKeyboardButton:
        return button(label, NAME, visit.here, f"{SWITCH} {looked_at}")

    rows = [*switches(visit, profile, known, switch)]
    if known.may_add:
        rows.append([button(say(Say.SERVERS, visit.language), MCP, visit.here)])
    return Card(headed(visit, listing(visit, profile, known)), [*rows, [back(visit)]])


def listing(visit: Visit, profile: Profile, known: KnownTools) -> str:
    """What each does, whether it is on, and what failed lately."""
    language = visit.language
    listed = _listed(profile, known)
    longest = _CHARACTERS // max(len(listed), 10)
    failed = sorted(known.failed, key=lambda name: known.failed[name][0])[-_MOST_FAILED:]
    lines = [
        "\n".join(
            filter(
                None,
                (
                    _line(name, profile, known, language, longest),
                    known.failure(visit, name) if name in failed else "",
                ),
            )
        )
        for name in listed
    ]
    return "\n\n".join((expected(FIELD, language), *lines, say(Say.HOW, language)))


def switches(
    visit: Visit,
    profile: Profile,
    known: KnownTools,
    switch: Callable[[str, str], InlineKeyboardButton],
) -> Rows:
    """A key for each; `switch` makes one, of what stands on it and what it is known by."""
    return [
        [switch(_mark(name, profile, known, visit.language), seen(name))]
        for name in _listed(profile, known)
    ]


def switched(profile: Profile, known: KnownTools, looked_at: str) -> Sequence[str]:
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


def _listed(profile: Profile, known: KnownTools) -> list[str]:
    """Those that are on first, so that each can be switched off."""
    on = [name for name in profile.tools if name != NO_TOOLS]
    return [*on, *(name for name in known.names if name not in on)][:_MOST]


def _line(name: str, profile: Profile, known: KnownTools, language: str, longest: int) -> str:
    mark = _mark(name, profile, known, language)
    if server := known.servers.get(name):
        does, effect = say(Say.SERVER_DOES, language, host=cut(server.host, longest)), Effect.READ
    elif tool := known.tools.get(name):
        does, effect = _does(tool, language, longest), tool.effect
    else:
        return say(Say.GONE, language, tool=mark)
    told = say(Say.READS if effect is Effect.READ else Say.CHANGES, language)
    return say(Say.LINE, language, tool=mark, does=does, effect=told)


def _does(tool: Tool, language: str, longest: int) -> str:
    if words := _OURS.get(tool.definition.name):
        return say(words[1], language)
    sentence = re.split(r"(?<=[.!?])\s", tool.definition.description)[0]
    return cut(sentence, longest)


def _mark(name: str, profile: Profile, known: KnownTools, language: str) -> str:
    called = say(_OURS[name][0], language) if name in _OURS else name
    if server := known.servers.get(name):
        called = say(Say.SERVER, language, label=server.label)
    return say(Configure.CHOSEN, language, choice=called) if name in profile.tools else called
