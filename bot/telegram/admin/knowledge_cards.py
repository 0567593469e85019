"""What /knowledge shows: all of it, one source, and what a change made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.profile import CompanyCard, Configure
from bot.core.texts.profile import Knowledge as Say
from bot.telegram.admin.company_card import cost, pages
from bot.telegram.admin.moments import shown_day
from bot.telegram.admin.pages import Page, page_of
from bot.telegram.admin.visit import Card, Visit, button, headed
from tenants.permissions import Action, may
from tenants.profile import Profile, Source
from tenants.size import Size
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
    total = say(Say.TOTAL_NOW, language, pages=pages(_all_of(after), language))
    parts = [what, *([total] if _all_of(after) else []), say(Say.DRAFTED, language)]
    if more:
        parts.append(say(Say.GO_ON, language))
    follows = [button(say(CompanyCard.TRY, language), "preview", visit.here)]
    if may(visit.role, Action.PUBLISH):
        follows += [button(say(Configure.BUTTON_PUBLISH, language), "publish", visit.here)]
    end = _press(visit, Say.DONE, "done") if more else _press(visit, Say.BACK, "show")
    return Card(headed(visit, "\n\n".join(parts)), [follows, [end]])


def really(visit: Visit, text: str, words: str) -> Card:
    """Before something goes; `words`: of the button that does it."""
    rows = [[_press(visit, Say.YES_REMOVE, words), _press(visit, Say.BACK, "show")]]
    return Card(headed(visit, text), rows)


def _all_of(profile: Profile) -> str:
    """All that is known: what was written here, and each source."""
    return "\n".join([profile.knowledge, *(source.text for source in profile.sources)]).strip()


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
    if costs := cost(shown.size.price, language):
        yield costs
    if shown.drafted:
        yield say(Say.DRAFTED, language)


def _pasted(knowledge: str, language: str) -> str:
    if not knowledge:
        return say(Say.PASTED_NONE, language)
    return say(Say.PASTED, language, pages=pages(knowledge, language))


def _facts(visit: Visit, source: Source) -> dict[str, str]:
    return {
        "name": source.name,
        "pages": pages(source.text, visit.language),
        "day": shown_day(source.added_at, visit.language, zone=visit.zone),
    }


def _press(visit: Visit, label: Say, words: str) -> InlineKeyboardButton:
    return button(say(label, visit.language), NAME, visit.here, words)


def _labelled(visit: Visit, label: str, words: str) -> InlineKeyboardButton:
    short = label if len(label) <= _LABEL_CHARACTERS else f"{label[:_LABEL_CHARACTERS]}…"
    return button(short, NAME, visit.here, words)
