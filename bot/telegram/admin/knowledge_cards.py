"""What /knowledge shows: all of it, one source, and what a change made of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.configure import Configure
from bot.core.texts.figures import dollars, number, roughly
from bot.core.texts.knowledge import Knowledge as Say
from bot.telegram.admin.moments import day
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


def overview(visit: Visit, shown: Shown, *, first: int = 0) -> Card:
    """All of it, with the sources from number `first` on."""
    sources = shown.profile.sources
    first = first if 0 <= first < len(sources) else 0
    page = sources[first : first + PAGE]
    rows = [
        [_press(visit, Say.PASTE, "paste"), _press(visit, Say.ADD, "add")],
        [_press(visit, Say.FILE, "file")],
        *([_labelled(visit, f"📄 {one.name}", f"source {key_of(one)}")] for one in page),
    ]
    if shown.profile.knowledge:
        rows[1].append(_press(visit, Say.CLEAR, "clear"))
    if turns := _page_turns(visit, first, len(sources)):
        rows.append(turns)
    rows.append([button(say(Configure.BUTTON_BACK, visit.language), "configure", visit.here)])
    return Card(headed(visit, "\n\n".join(_paragraphs(visit, shown, page, first))), rows)


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


def _paragraphs(visit: Visit, shown: Shown, page: Sequence[Source], first: int) -> Iterator[str]:
    language, sources = visit.language, shown.profile.sources
    yield say(Say.CARD, language)
    yield _pasted(shown.profile.knowledge, language)
    if not page:
        yield say(Say.SOURCES_NONE, language)
    if len(sources) > PAGE:
        numbers = f"{first + 1}–{first + len(page)}"
        yield say(Say.SOURCES, language, total=len(sources), shown=numbers)
    if page:
        yield "\n".join(say(Say.SOURCE, language, **_facts(visit, one)) for one in page)
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
        "day": day(source.added_at, visit.language),
    }


def _page_turns(visit: Visit, first: int, count: int) -> list[InlineKeyboardButton]:
    turns = []
    if first > 0:
        turns.append(_labelled(visit, "‹", f"show {max(0, first - PAGE)}"))
    if first + PAGE < count:
        turns.append(_labelled(visit, "›", f"show {first + PAGE}"))
    return turns


def _press(visit: Visit, label: Say, words: str) -> InlineKeyboardButton:
    return button(say(label, visit.language), NAME, visit.here, words)


def _labelled(visit: Visit, label: str, words: str) -> InlineKeyboardButton:
    short = label if len(label) <= _LABEL_CHARACTERS else f"{label[:_LABEL_CHARACTERS]}…"
    return button(short, NAME, visit.here, words)
