"""What /configure shows about fields: a line, the question about one, what became of an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.profile import Configure as Say
from bot.telegram.admin.fields import brief, choice, cut, expected, label, shown
from bot.telegram.admin.problems import told
from bot.telegram.admin.state import State
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed
from tenants.explain import Problem
from tenants.fields import FIELDS, Field
from tenants.permissions import Action, may
from tenants.profile import Profile
from tenants.values import Group, Kind

NAME: Final = "configure"
NAMED: Final = "company_name"  # cards are headed by it: it is never left empty by a tap
KNOWLEDGE: Final = "knowledge"  # a field with a command of its own
ONE_LINE: Final = 30  # characters, on a phone: of a value in a list no more is shown than fits
LEAST_OF_VALUE: Final = 8
WHOLE: Final = 12  # a word of so many is not cut: a line may wrap for it
IN_QUESTION: Final = 1_500  # so that the question is one message whatever the value holds
IN_ANSWER: Final = 150
LINES_IN_ANSWER: Final = 18
PROBLEMS_IN_ANSWER: Final = 10


def question(visit: Visit, state: State, name: str) -> Card:
    """What is asked about a field: its value, what is expected, an example."""
    language, asked = visit.language, FIELDS[name]
    value = shown(state.profile, name, language, longest=IN_QUESTION)
    rows = [[_choice_button(visit, state, name, value)] for value in asked.choices]
    rows += [[_reset_button(visit, name)]] if name != NAMED else []
    rows += [[back(visit), *onward(visit, name)]]
    return Card(headed(visit, asked_about(asked, value, language)), rows)


def asked_about(field: Field, value: str, language: str) -> str:
    """A field, what it says now, what is expected with an example, and how to answer."""
    text = say(
        Say.QUESTION,
        language,
        field=label(field.name, language),
        value=value,
        expected=expected(field.name, language),
    )
    how = Say.TAP_VALUE if field.kind is Kind.CHOICE else Say.SEND_VALUE
    return f"{text}\n\n{say(how, language)}"


def _reset_button(visit: Visit, name: str) -> InlineKeyboardButton:
    """Back to what we suggest; where that is nothing, the button says so."""
    suggested = FIELDS[name].host or getattr(Profile(), name)
    label = Say.BUTTON_DEFAULT if suggested else Say.BUTTON_EMPTY
    return _button(visit, say(label, visit.language), f"default {name}")


def several(visit: Visit) -> Card:
    """The question for several fields at once."""
    return Card(headed(visit, say(Say.SEND_SEVERAL, visit.language)), [[back(visit)]])


def changed(visit: Visit, before: Profile, after: Profile, names: Iterable[str]) -> Card:
    """What a change came to: old and new value of each field."""
    language = visit.language
    names = tuple(names)
    differ = [name for name in names if _differs(before, after, name)]
    lines = [_change(before, after, name, language) for name in differ[:LINES_IN_ANSWER]]
    end = say(Say.DRAFTED if differ else Say.UNCHANGED, language)
    text = headed(visit, "\n".join((*lines, *([""] if lines else []), end)))
    return Card(text, _after(visit, names, drafted=bool(differ)))


def refused(visit: Visit, found: Sequence[tuple[int, Problem]], *, asked: bool) -> Card:
    """What to mend; nothing was changed."""
    language = visit.language
    lines = [say(Say.REFUSED, language), "", *islice(told(found, language), PROBLEMS_IN_ANSWER)]
    if (more := len(found) - PROBLEMS_IN_ANSWER) > 0:
        lines.append(say(Say.MORE_PROBLEMS, language, count=more))
    if asked:
        lines += ["", say(Say.TRY_AGAIN, language)]
    return Card(headed(visit, "\n".join(lines)), [[back(visit)]])


def doubted(visit: Visit, card: Card, models: Sequence[str]) -> Card:
    """The card, and of which models the server does not say that it has them."""
    if not models:
        return card
    doubt = say(Say.MODEL_UNSURE, visit.language, models=", ".join(models))
    return replace(card, text=f"{card.text}\n\n{doubt}")


def really_discard(visit: Visit, state: State) -> Card:
    """Before the draft is thrown away."""
    text = say(Say.DISCARD_ASK, visit.language, count=len(state.changed))
    names = ", ".join(label(name, visit.language) for name in state.changed)
    revision = state.draft.revision if state.draft else 0
    yes = _button(visit, say(Say.BUTTON_DISCARD_YES, visit.language), f"discard yes {revision}")
    return Card(headed(visit, f"{text}\n{names}"), [[yes, back(visit)]])


def fields_of(group: Group) -> Sequence[str]:
    """The fields that stand together; knowledge is no matter of one answer."""
    return [one for one in FIELDS if one != KNOWLEDGE and FIELDS[one].group is group]


def following(name: str) -> str | None:
    """The field that is asked about after this one, in the order that the groups list them."""
    names = [one for group in Group for one in fields_of(group)]
    at = names.index(name) + 1 if name in names else len(names)
    return names[at] if at < len(names) else None


def back(visit: Visit) -> InlineKeyboardButton:
    """The button that leads to the card."""
    return _button(visit, say(Say.BUTTON_BACK, visit.language), "card")


def onward(visit: Visit, name: str) -> Sequence[InlineKeyboardButton]:
    """The button that leads to the next field; none behind the last."""
    after = following(name)
    return [_button(visit, say(Say.BUTTON_NEXT, visit.language), f"ask {after}")] if after else []


def line(state: State, name: str, language: str, *, lines: int) -> str:
    """A field in a list: how its value begins, be it drafted or published."""
    form = Say.LINE_CHANGED if name in state.changed else Say.LINE
    field = label(name, language)
    room = lines * ONE_LINE - len(say(form, language, field=field, value="…"))
    value = flat(brief(state.profile, name, language, longest=10 * ONE_LINE))
    longest = max(room, WHOLE if len(value) <= WHOLE else LEAST_OF_VALUE)
    return say(form, language, field=field, value=cut(value, longest))


def _choice_button(visit: Visit, state: State, name: str, value: str) -> InlineKeyboardButton:
    text = choice(value, visit.language)
    if getattr(state.profile, name) == value:
        text = say(Say.CHOSEN, visit.language, choice=text)
    return _button(visit, text, f"set {name} {value}")


def _after(visit: Visit, names: Sequence[str], *, drafted: bool) -> Rows:
    """What is likely to follow a change."""
    rows = []
    if drafted and may(visit.role, Action.PUBLISH):
        rows.append([button(say(Say.BUTTON_PUBLISH, visit.language), "publish", visit.here)])
    return [*rows, [back(visit), *(onward(visit, names[0]) if len(names) == 1 else ())]]


def _button(visit: Visit, text: str, words: str) -> InlineKeyboardButton:
    return button(text, NAME, visit.here, words)


def _change(before: Profile, after: Profile, name: str, language: str) -> str:
    old, new = (flat(shown(one, name, language, longest=IN_ANSWER)) for one in (before, after))
    return say(Say.CHANGED, language, field=label(name, language), old=old, new=new)


def _differs(before: Profile, after: Profile, name: str) -> bool:
    old, new = (one.model_dump(include={name}) for one in (before, after))
    return old != new


def flat(text: str) -> str:
    """In one line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return " · ".join(filter(None, lines))
