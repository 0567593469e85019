"""The card of a company, and what stands behind it: groups of fields, more, what experts want."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.figures import dollars, euros, number, roughly
from bot.core.texts import Key, say
from bot.core.texts.profile import CompanyCard as Say
from bot.core.texts.profile import Configure
from bot.telegram.admin.configure_cards import KNOWLEDGE, NAME, fields_of, flat, line
from bot.telegram.admin.fields import choice, label
from bot.telegram.admin.moments import moment
from bot.telegram.admin.pending import pending
from bot.telegram.admin.state import State, author_of
from bot.telegram.admin.visit import Card, Visit, button, headed
from bot.telegram.links import clients_link
from db.company_now import CompanyNow
from tenants.permissions import Action, may
from tenants.profile import Profile
from tenants.size import ANSWERS, Price, Size
from tenants.values import Group

PAGE_CHARACTERS: Final = 1_800  # of a page of text, as people count them
SOURCES: Final = 4  # named on the card; it has to fit one screen
NAME_CHARACTERS: Final = 40
VALUE_CHARACTERS: Final = 60
_LABELS: Final = {
    Group.COMPANY: Say.GROUP_COMPANY,
    Group.ASSISTANT: Say.GROUP_ASSISTANT,
    Group.NOTICES: Say.GROUP_NOTICES,
    Group.TOOLS: Say.GROUP_TOOLS,
    Group.EXPERTS: Say.GROUP_EXPERTS,
}
_LINES: Final = dict.fromkeys(Group, 2) | {
    Group.ASSISTANT: 1
}  # for each field; the card fits one screen
_ELSEWHERE: Final[Sequence[tuple[Say, str, Action]]] = (
    (Say.BOTS, "bots", Action.BOTS),
    (Say.SITES, "sites", Action.SITES),
    (Say.PEOPLE, "admins", Action.ADMINS),
    (Say.PRIVATE, "assistants", Action.ASSISTANTS),
    (Say.VERSIONS, "history", Action.VIEW),
    (Say.TRAIL, "audit", Action.AUDIT),
)


def overview(visit: Visit, state: State, now: CompanyNow) -> Card:
    """Who, what it knows, published or not, what is missing; it fits one screen of a phone."""
    waits = pending(now, visit.roles, visit.language)
    keys = [[one.key(now)] for one in waits if one.command != KNOWLEDGE]
    if may(visit.role, Action.CONFIGURE):
        keys += [
            [_elsewhere(visit, Say.KNOWLEDGE, KNOWLEDGE), _elsewhere(visit, Say.TRY, "preview")]
        ]
    keys += [[_group_key(visit, Group.COMPANY), _group_key(visit, Group.ASSISTANT)]]
    keys += [[_key(visit, Say.MORE, "more")]]
    lines = [*_about(visit, state, now), *(f"❗ {one.said}" for one in waits)]
    if state.left_out:
        fields = ", ".join(label(name, visit.language) for name in state.left_out)
        lines.append(say(Configure.LEFT_OUT, visit.language, fields=fields))
    return Card(headed(visit, "\n".join(lines)), keys)


def more(visit: Visit, state: State) -> Card:
    """The rest, in groups."""
    keys = [[_group_key(visit, Group.NOTICES), _group_key(visit, Group.TOOLS)]]
    allowed = [one for one in _ELSEWHERE if visit.may(one[2])]
    other = [_elsewhere(visit, text, command) for text, command, _ in allowed]
    keys += [other[at : at + 2] for at in range(0, len(other), 2)]
    keys += [[_group_key(visit, Group.EXPERTS)]]
    if state.changed and may(visit.role, Action.CONFIGURE):
        keys += [[_key(visit, Configure.BUTTON_DISCARD, "discard")]]
    return Card(headed(visit, say(Say.MORE_ABOUT, visit.language)), [*keys, [_back(visit)]])


def group(visit: Visit, state: State, which: Group, size: Size) -> Card:
    """The fields of a group: their values, and a button for each."""
    language = visit.language
    names = fields_of(which)
    lines = [say(_LABELS[which], language), ""]
    each = _LINES[which]
    lines += [line(state, name, language, lines=each) for name in names]
    if state.draft and (mine := [name for name in names if name in state.changed]):
        by = dict.fromkeys(state.draft.touched[name].author[:NAME_CHARACTERS] for name in mine)
        lines.append(say(Configure.DRAFTED_BY, language, authors=", ".join(by)))
    keys = [_field_key(visit, state, name) for name in names]
    changes = may(visit.role, Action.CONFIGURE)
    rows = [keys[at : at + 2] for at in range(0, len(keys), 2) if changes]
    if which is Group.EXPERTS:
        hint = [say(Configure.HINT, language)] if changes else []
        lines += ["", *_costs(size, language), *hint]
        rows += [_for_experts(visit)]
    return Card(headed(visit, "\n".join(lines)), [*rows, [_back(visit)]])


def cost(price: Price | None, language: str) -> str:
    """What answers cost, in a round figure; nothing where the model's price is not known."""
    if price is None:
        return ""
    answers = number(ANSWERS, language)
    return say(Say.COST, language, euros=euros(price.euros, language), answers=answers)


def pages(text: str, language: str) -> str:
    """How long a text is, in pages."""
    return say(Say.PAGES, language, count=max(1, ceil(len(text) / PAGE_CHARACTERS)))


def link_for_clients(now: CompanyNow) -> str:
    """Where clients find it: its own bot, else the one that leads to any company; "" is nowhere."""
    return clients_link(now.own_bot, now.shared, now.tenant.name)


def _about(visit: Visit, state: State, now: CompanyNow) -> Iterator[str]:
    language, profile = visit.language, state.profile
    if profile.sector:
        yield f"🏢 {_short(profile.sector)}"
    choices = (choice(one, language) for one in (profile.language, profile.address))
    yield f"🗣 {' · '.join((_short(profile.assistant_name), *choices))}"
    yield _known(profile, language)
    if now.version:
        at = moment(now.version.created_at, language, zone=visit.zone)
        yield say(Say.PUBLISHED, language, at=at, author=author_of(now.version)[:NAME_CHARACTERS])
    if link := link_for_clients(now):
        yield say(Say.LINK, language, link=link)


def _known(profile: Profile, language: str) -> str:
    """What it knows, by name."""
    told = []
    if profile.knowledge:
        told.append(say(Say.WRITTEN, language, pages=pages(profile.knowledge, language)))
    for source in profile.sources[:SOURCES]:
        name, length = source.name[:NAME_CHARACTERS], pages(source.text, language)
        told.append(say(Say.SOURCE, language, name=name, pages=length))
    if (rest := len(profile.sources) - SOURCES) > 0:
        told.append(say(Say.MORE_SOURCES, language, count=rest))
    if not told:
        return say(Say.KNOWS_NOTHING, language)
    return say(Say.KNOWS, language, what="; ".join(told))


def _short(value: str) -> str:
    return flat(value)[:VALUE_CHARACTERS]


def _costs(size: Size, language: str) -> Iterator[str]:
    tokens = roughly(size.prompt_tokens, language)
    if size.price is None:
        yield say(Configure.SIZE, language, tokens=tokens)
        return
    yield cost(size.price, language)
    uncached, cached = (dollars(one, language) for one in (size.price.uncached, size.price.cached))
    yield say(Configure.COST, language, tokens=tokens, uncached=uncached, cached=cached)


def _for_experts(visit: Visit) -> list[InlineKeyboardButton]:
    several = _key(visit, Configure.BUTTON_IMPORT, "several")
    export = _key(visit, Configure.BUTTON_EXPORT, "export")
    return [several, export] if may(visit.role, Action.CONFIGURE) else [export]


def _field_key(visit: Visit, state: State, name: str) -> InlineKeyboardButton:
    text = ("✎ " if name in state.changed else "") + label(name, visit.language)
    return button(text, NAME, visit.here, f"ask {name}")


def _group_key(visit: Visit, which: Group) -> InlineKeyboardButton:
    return _key(visit, _LABELS[which], f"group {which}")


def _elsewhere(visit: Visit, text: Say, command: str) -> InlineKeyboardButton:
    return button(say(text, visit.language), command, visit.here)


def _back(visit: Visit) -> InlineKeyboardButton:
    return _key(visit, Configure.BUTTON_BACK, "card")


def _key(visit: Visit, text: Key, words: str) -> InlineKeyboardButton:
    return button(say(text, visit.language), NAME, visit.here, words)
