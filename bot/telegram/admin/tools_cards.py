"""The tools of an assistant: what each does, and a key that switches it on or off."""

import re
from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.calls import Effect
from bot.core.texts import Key, say
from bot.core.texts.profile import Configure
from bot.core.texts.profile import Tools as Say
from bot.ports import Tool
from bot.telegram.admin.configure_cards import NAME, back
from bot.telegram.admin.fields import cut, expected
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed, seen
from tenants.profile import Profile

FIELD: Final = "tools"
SWITCH: Final = "switch"  # the word of the keys
_MOST: Final = 30  # on one card; the names of others are sent
_CHARACTERS: Final = 100  # of what one does
_OURS: Final[Mapping[str, tuple[Key, Key]]] = {  # what we know words for in each language
    "opening_hours": (Say.OPENING_HOURS, Say.OPENING_HOURS_DOES),
    "recall": (Say.RECALL, Say.RECALL_DOES),
    "remember": (Say.REMEMBER, Say.REMEMBER_DOES),
    "request_fields": (Say.REQUEST_FIELDS, Say.REQUEST_FIELDS_DOES),
    "take_request": (Say.TAKE_REQUEST, Say.TAKE_REQUEST_DOES),
}


def question(visit: Visit, profile: Profile, tools: Mapping[str, Tool]) -> Card:
    """Each tool that there is, on or off."""
    language = visit.language
    lines = [_line(name, profile, tools, language) for name in _listed(profile, tools)]
    text = "\n\n".join((expected(FIELD, language), *lines, say(Say.HOW, language)))
    rows: Rows = [[_key(visit, profile, name)] for name in _listed(profile, tools)]
    return Card(headed(visit, text), [*rows, [back(visit)]])


def switched(profile: Profile, tools: Mapping[str, Tool], looked_at: str) -> str:
    """The names as they are typed, with the one that was pressed on or off; "" without any."""
    pressed = {name for name in (*tools, *profile.tools) if seen(name) == looked_at}
    return " ".join({*profile.tools} ^ pressed)


def _listed(profile: Profile, tools: Mapping[str, Tool]) -> list[str]:
    """Those that are on first, so that each can be switched off."""
    return [*profile.tools, *(name for name in tools if name not in profile.tools)][:_MOST]


def _line(name: str, profile: Profile, tools: Mapping[str, Tool], language: str) -> str:
    tool = tools.get(name)
    if tool is None:
        return say(Say.GONE, language, tool=_mark(name, profile, language))
    effect = Say.READS if tool.effect is Effect.READ else Say.CHANGES
    return say(
        Say.LINE,
        language,
        tool=_mark(name, profile, language),
        does=_does(tool, language),
        effect=say(effect, language),
    )


def _does(tool: Tool, language: str) -> str:
    if words := _OURS.get(tool.definition.name):
        return say(words[1], language)
    sentence = re.split(r"(?<=[.!?])\s", tool.definition.description)[0]
    return cut(sentence, _CHARACTERS)


def _mark(name: str, profile: Profile, language: str) -> str:
    called = say(_OURS[name][0], language) if name in _OURS else name
    return say(Configure.CHOSEN, language, choice=called) if name in profile.tools else called


def _key(visit: Visit, profile: Profile, name: str) -> InlineKeyboardButton:
    return button(_mark(name, profile, visit.language), NAME, visit.here, f"{SWITCH} {seen(name)}")
