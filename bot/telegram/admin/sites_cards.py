"""What /sites shows: the list, one site with the line for its pages, its look, its limits."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from telegram import CopyTextButton, InlineKeyboardButton

from bot.core.texts import Key, say
from bot.core.texts.web import Sites as Say
from bot.telegram.admin.fields import cut
from bot.telegram.admin.limits_card import Limited, LimitOffer, in_rows, marked, rows_of, told
from bot.telegram.admin.visit import Card, Visit, button, headed
from db.sites import Corner, Site, called
from tenants.origins import MOST, with_or_without_www
from tenants.permissions import Action

NAME: Final = "sites"
LONGEST_COPY: Final = 256  # core.telegram.org/bots/api#copytextbutton
ADDRESS_CHARACTERS: Final = 40
SHOWN: Final = 10  # addresses on a card, which has to fit one screen
COLOURS: Final[Mapping[str, tuple[str, Say]]] = {  # white letters can be read on each
    "#1f6feb": ("🔵", Say.BLUE),
    "#1b7f4b": ("🟢", Say.GREEN),
    "#7b3fb5": ("🟣", Say.VIOLET),
    "#c62828": ("🔴", Say.RED),
    "#6d4c41": ("🟤", Say.BROWN),
    "#222222": ("⚫", Say.BLACK),
}
CORNERS: Final = {Corner.LEFT: Say.LEFT, Corner.RIGHT: Say.RIGHT}
LIMITS: Final = LimitOffer(NAME, (3, 6, 12, 30), Say.CHOOSE_PACE_USUAL)


def off(visit: Visit) -> Card:
    """The process serves no pages."""
    return Card(headed(visit, say(Say.OFF, visit.language)))


def list_of(visit: Visit, sites: Sequence[Site]) -> Card:
    """All of them."""
    lines = [say(Say.LIST if sites else Say.NONE, visit.language)]
    for one in sites:
        state = Say.LINE_ON if one.is_on else Say.LINE_OFF
        lines.append(f"• {say(state, visit.language, site=cut(one.name, ADDRESS_CHARACTERS))}")
    rows = [[_key(visit, cut(one.name, ADDRESS_CHARACTERS), "site", one)] for one in sites]
    rows += [[button(say(Say.ADD, visit.language), NAME, visit.here, "add")]]
    if visit.may(Action.KEYS):
        rows += [[button(say(Say.KEYS, visit.language), "keys", visit.here)]]
    return Card(headed(visit, "\n".join(lines)), rows)


def one_of(visit: Visit, site: Site, line: str, answer_tokens: int) -> Card:
    """A site, and the line that goes into its pages."""
    text = [
        *_about(visit, site, answer_tokens),
        "",
        say(Say.PASTE, visit.language),
        "",
        line,
    ]
    rows: list[list[InlineKeyboardButton]] = []
    if len(line) <= LONGEST_COPY:
        label = say(Say.COPY, visit.language)
        rows += [[InlineKeyboardButton(label, copy_text=CopyTextButton(line))]]
    for at, other in enumerate(others(site)):
        label = say(Say.ALSO, visit.language, address=cut(called([other]), ADDRESS_CHARACTERS))
        rows += [[_key(visit, label, "also", site, at)]]
    switch = (Say.SWITCH_OFF, "off") if site.is_on else (Say.SWITCH_ON, "on")
    rows += [
        [_say(visit, Say.WHERE, "where", site), _say(visit, Say.LOOK, "look", site)],
        [_say(visit, Say.LIMITS, "limits", site), _say(visit, *switch, site)],
        *([[_say(visit, Say.ACCOUNTS, "known", site)]] if visit.may(Action.KEYS) else []),
        [_say(visit, Say.REMOVE, "drop", site), back(visit)],
    ]
    return Card(headed(visit, "\n".join(text)), rows)


def others(site: Site) -> Sequence[str]:
    """Names under which the same pages most likely answer, and which are not listed."""
    if len(site.origins) >= MOST:
        return ()
    guessed = (with_or_without_www(origin) for origin in site.origins)
    return [one for one in dict.fromkeys(guessed) if one and one not in site.origins]


def look(visit: Visit, site: Site) -> Card:
    """Colours and corners, to be tapped."""
    colours = [
        _key(visit, marked(visit, sign, chosen=site.accent == accent), "accent", site, at)
        for at, (accent, (sign, _)) in enumerate(COLOURS.items())
    ]
    corners = [
        _key(
            visit,
            marked(visit, say(text, visit.language).capitalize(), chosen=site.corner is corner),
            *("corner", site, corner),
        )
        for corner, text in CORNERS.items()
    ]
    text = f"{_looks(visit, site)}\n\n{say(Say.ASK_LOOK, visit.language)}"
    return Card(headed(visit, text), [*in_rows(colours, 3), corners, [_back_to(visit, site)]])


def limits(visit: Visit, site: Site, answer_tokens: int) -> Card:
    """Messages a minute, answers a day."""
    lines = [*_limited(visit, site, answer_tokens), "", say(Say.ASK_LIMITS, visit.language)]
    rows = rows_of(visit, LIMITS, _limits_of(site), answer_tokens)
    return Card(headed(visit, "\n".join(lines)), [*rows, [_back_to(visit, site)]])


def really_remove(visit: Visit, site: Site) -> Card:
    """Before it goes."""
    text = say(Say.REALLY_REMOVE, visit.language, site=site.name)
    yes = _say(visit, Say.YES_REMOVE, "gone", site)
    return Card(headed(visit, text), [[yes], [_back_to(visit, site)]])


def back(visit: Visit) -> InlineKeyboardButton:
    """The button that leads to all of them."""
    return button(say(Say.BACK, visit.language), NAME, visit.here, "list")


def _about(visit: Visit, site: Site, answer_tokens: int) -> Iterator[str]:
    yield say(Say.ON if site.is_on else Say.STANDS_STILL, visit.language)
    yield say(Say.ADDRESSES, visit.language, addresses=shown(site.origins))
    yield _looks(visit, site)
    yield from _limited(visit, site, answer_tokens)


def shown(origins: Collection[str]) -> str:
    """Addresses as people write them, as many as fit."""
    names = [cut(called([one]), ADDRESS_CHARACTERS) for one in origins]
    return ", ".join((*names[:SHOWN], *(["…"] if len(names) > SHOWN else [])))


def _looks(visit: Visit, site: Site) -> str:
    sign, name = COLOURS.get(site.accent, ("🎨", Say.OTHER_COLOUR))
    colour, corner = say(name, visit.language), say(CORNERS[site.corner], visit.language)
    return say(Say.LOOKS, visit.language, sign=sign, colour=colour, corner=corner)


def _limited(visit: Visit, site: Site, answer_tokens: int) -> Iterator[str]:
    return told(visit, Say.PACE, Say.PACE_USUAL, _limits_of(site), answer_tokens)


def _limits_of(site: Site) -> Limited:
    return Limited(site.id, site.messages_per_minute, site.daily_tokens)


def _back_to(visit: Visit, site: Site) -> InlineKeyboardButton:
    return _say(visit, Say.BACK, "site", site)


def _say(visit: Visit, label: Key, verb: str, site: Site) -> InlineKeyboardButton:
    return _key(visit, say(label, visit.language), verb, site)


def _key(visit: Visit, label: str, verb: str, site: Site, *more: object) -> InlineKeyboardButton:
    words = " ".join(map(str, (verb, site.id, *more)))
    return button(label, NAME, visit.here, words)
