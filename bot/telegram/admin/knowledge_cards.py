"""What /knowledge shows: all of it, one source, and what a change made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.figures import dollars, number, roughly
from bot.core.texts import say
from bot.core.texts.profile import Configure
from bot.core.texts.profile import Knowledge as Say
from bot.telegram.admin.moments import shown_day
from bot.telegram.admin.pages import Page, page_of
from bot.telegram.admin.visit import Card, Visit, button, headed
from tenants.profile import Profile, Source
from tenants.size import PRICES_READ_ON, Size, estimate_tokens
from tenants.sources import key_of

NAME: Final = "knowledge"
PAGE: Final = 12  # sources shown at once: with their names they fit one message
_BEGINNING_CHARACTERS: Final = 600
_LABEL_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """The knowledge as it is drafted."""

    profile: Profile
    drafted: bool
    size: Size
    model: str


def overview(visit: Visit, shown: Shown, *, first: str = "") -> Card:
    """All of it, with the sources from number `first` on."""
    page = page_of(shown.profile.sources, first, size=PAGE)
    rows = [
        [_press(visit, Say.PASTE, "paste"), _press(visit, Say.ADD, "add")],
        [_press(visit, Say.FILE, "file")],
        *([_labelled(visit, f"📄 {one.name}", f"source {key_of(one)}")] for one in page.items),
    ]
    if shown.profile.knowledge:
        rows[1].append(_press(visit, Say.CLEAR, "clear"))
    back = [button(say(Configure.BUTTON_BACK, visit.language), "configure", visit.here)]
    turns = page.turns(lambda label, at: _labelled(visit, label, f"show {at}"))
    text = headed(visit, "\n\n".join(_paragraphs(visit, shown, page)))
    return Card(text, [*rows, *turns, back])


def source_card(visit: Visit, source: Source) -> Card:
    """One source and how it begins."""
    key, beginning = key_of(source), source.text[:_BEGINNING_CHARACTERS].rstrip()
    text = say(
        Say.SOURCE_CARD,
        visit.language,
        **_facts(visit, source),
        beginning=beginning if beginning == source.text else f"{beginning}…",
    )
    rows = [
        [_press(visit, Say.REPLACE, f"replace {key}"), _press(visit, Say.EXTEND, f"extend {key}")],
        [_press(visit, Say.DOWNLOAD, f"get {key}"), _press(visit, Say.REMOVE, f"remove {key}")],
        [_press(visit, Say.BACK, "show")],
    ]
    return Card(headed(visit, text), rows)


def changed(visit: Visit, before: Profile, after: Profile, what: str, *, more: bool) -> Card:
    """What a change made of it; with `more`, what may still follow."""
    language = visit.language
    total = say(
        Say.TOTAL_NOW,
        language,
        old=number(sum(map(len, texts_of(before))), language),
        new=number(sum(map(len, texts_of(after))), language),
        tokens=roughly(sum(map(estimate_tokens, texts_of(after))), language),
    )
    parts = [what, total, *([say(Say.GO_ON, language)] if more else [])]
    ends = _press(visit, Say.DONE, "done") if more else _press(visit, Say.BACK, "show")
    return Card(headed(visit, "\n\n".join(parts)), [[ends]])


def texts_of(profile: Profile) -> list[str]:
    """All that is known: what was written here, and each source."""
    return [profile.knowledge, *(source.text for source in profile.sources)]


def _paragraphs(visit: Visit, shown: Shown, page: Page[Source]) -> Iterator[str]:
    language = visit.language
    yield say(Say.CARD, language)
    yield _pasted(shown.profile.knowledge, language)
    if not page.items:
        yield say(Say.SOURCES_NONE, language)
    if page.count > PAGE:
        numbers = f"{page.first + 1}–{page.first + len(page.items)}"
        yield say(Say.SOURCES, language, total=page.count, shown=numbers)
    if page.items:
        yield "\n".join(say(Say.SOURCE, language, **_facts(visit, one)) for one in page.items)
    yield _price(shown, language)
    if shown.drafted:
        yield say(Say.DRAFTED, language)


def _pasted(knowledge: str, language: str) -> str:
    if not knowledge:
        return say(Say.PASTED_NONE, language)
    return say(
        Say.PASTED,
        language,
        characters=number(len(knowledge), language),
        tokens=roughly(estimate_tokens(knowledge), language),
    )


def _price(shown: Shown, language: str) -> str:
    tokens = roughly(shown.size.prompt_tokens, language)
    if shown.size.price is None:
        return say(Say.PRICE_UNKNOWN, language, tokens=tokens, model=shown.model)
    return say(
        Say.PRICE,
        language,
        tokens=tokens,
        model=shown.model,
        uncached=dollars(shown.size.price.uncached, language),
        cached=dollars(shown.size.price.cached, language),
        day=PRICES_READ_ON,
    )


def _facts(visit: Visit, source: Source) -> dict[str, str]:
    return {
        "name": source.name,
        "characters": number(len(source.text), visit.language),
        "tokens": roughly(estimate_tokens(source.text), visit.language),
        "day": shown_day(source.added_at, visit.language, zone=visit.zone),
    }


def _press(visit: Visit, label: Say, words: str) -> InlineKeyboardButton:
    return button(say(label, visit.language), NAME, visit.here, words)


def _labelled(visit: Visit, label: str, words: str) -> InlineKeyboardButton:
    short = label if len(label) <= _LABEL_CHARACTERS else f"{label[:_LABEL_CHARACTERS]}…"
    return button(short, NAME, visit.here, words)
