"""What /questions shows: what could not be answered, and one question of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.labels import one_line
from bot.core.texts import say
from bot.core.texts.people import Questions as Say
from bot.core.texts.people import Wanted
from bot.core.texts.profile import Configure
from bot.telegram.admin.moments import moment, shown_day
from bot.telegram.admin.pages import Page, page_of
from bot.telegram.admin.visit import Card, Visit, button, headed
from db.unanswered import Unanswered
from tenants.permissions import Action, may

NAME: Final = "questions"
PAGE: Final = 8  # they fit one phone screen
LABEL: Final = 40  # characters of a question on a key


@dataclass(frozen=True, slots=True)
class Alike:
    """Questions that ask the same, the newest first; `title` is the newest as it was put."""

    title: str
    questions: Sequence[Unanswered]

    @property
    def row(self) -> int:
        """The newest one's."""
        return self.questions[0].row


def shown_on(alike: Sequence[Alike], first: str = "") -> Sequence[Unanswered]:
    """The questions whose words the list shows, from number `first` on."""
    return [one.questions[0] for one in _page(alike, first).items]


def list_card(visit: Visit, alike: Sequence[Alike], first: str = "") -> Card:
    """What could not be answered, each with its key."""
    page = _page(alike, first)
    text = say(Say.LIST if alike else Say.NONE, visit.language)
    turns = page.turns(lambda label, at: button(label, NAME, visit.here, f"list {at}"))
    return Card(headed(visit, text), [*([_key(visit, one)] for one in page.items), *turns])


def _page(alike: Sequence[Alike], first: str) -> Page[Alike]:
    return page_of(alike, first, size=PAGE)


def _key(visit: Visit, one: Alike) -> InlineKeyboardButton:
    day = shown_day(one.questions[0].at, visit.language, zone=visit.zone)
    label = f"{len(one.questions)}× {one_line(one.title, LABEL)} · {day}"
    return button(label, NAME, visit.here, f"one {one.row}")


def question_card(visit: Visit, one: Alike, ways: Sequence[str]) -> Card:
    """One question, how often and when, and how it was asked."""
    language, last = visit.language, one.questions[0]
    at = moment(last.at, language, zone=visit.zone)
    often = say(Say.ASKED, language, count=len(one.questions), at=at)
    asked = "\n".join(f"👤 {way}" for way in ways)
    text = "\n\n".join(filter(None, (one.title, often, asked)))
    read = button(say(Wanted.READ, language), "chats", visit.here, f"read {last.talk}")
    rows = [
        [_press(visit, Say.WRITE, f"write {one.row}")],
        [_press(visit, Say.NOT_OURS, f"settle {one.row}"), read],
        [_press(visit, Say.ALL, "list 0")],
    ]
    return Card(headed(visit, text), rows)


def written_card(visit: Visit, others: Sequence[Alike]) -> Card:
    """The answer is in the draft: to those who publish, and to the next question."""
    rows = []
    if may(visit.role, Action.PUBLISH):
        publish = say(Configure.BUTTON_PUBLISH, visit.language)
        rows.append([button(publish, "publish", visit.here)])
    for following in others[:1]:
        rows.append([_press(visit, Say.NEXT, f"one {following.row}")])
    return Card(headed(visit, say(Say.WRITTEN, visit.language)), rows)


def gone_card(visit: Visit) -> Card:
    """It was settled meanwhile."""
    return Card(headed(visit, say(Say.GONE, visit.language)), [[_press(visit, Say.ALL, "list 0")]])


def _press(visit: Visit, label: Say, words: str) -> InlineKeyboardButton:
    return button(say(label, visit.language), NAME, visit.here, words)
