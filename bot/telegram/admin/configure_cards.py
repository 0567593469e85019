"""What /configure shows: a tenant's card, the question about a field, what became of an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.figures import dollars, roughly
from bot.core.texts import say
from bot.core.texts.profile import Configure as Say
from bot.telegram.admin.fields import choice, expected, label, shown
from bot.telegram.admin.problems import told
from bot.telegram.admin.state import LISTED, State
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed
from tenants.explain import Problem
from tenants.fields import FIELDS
from tenants.permissions import Action, may
from tenants.profile import Profile
from tenants.size import Size
from tenants.values import Kind

NAME: Final = "configure"
KNOWLEDGE: Final = "knowledge"  # a field with a command of its own
# Characters of a value on the card: fewer, the more fields there are, for it is one message. A full
# line takes old and new, of two units a character, and 172 units for all else; few lines are full.
ONE_LINE: Final = (5_600 // len(LISTED) - 172) // 4
IN_QUESTION: Final = 1_500  # so that the question is one message whatever the value holds
IN_ANSWER: Final = 150
LINES_IN_ANSWER: Final = 18
PROBLEMS_IN_ANSWER: Final = 10
AUTHOR: Final = 20


def overview(visit: Visit, state: State, size: Size) -> Card:
    """The card: each field and a button for it, what they come to, what is drafted and by whom."""
    language = visit.language
    lines = [say(Say.VERSION, language, version=visit.here.version), ""]
    lines += [_line(state, name, language) for name in LISTED if _is_listed(state, name)]
    lines += ["", cost(size, language), *_drafted(state, language)]
    if may(visit.role, Action.CONFIGURE):
        lines += ["", say(Say.HINT, language)]
    return Card(headed(visit, "\n".join(lines)), _buttons(visit, state))


def cost(size: Size, language: str) -> str:
    """How much the model reads for each answer, and for how much money."""
    tokens = roughly(size.prompt_tokens, language)
    if size.price is None:
        return say(Say.SIZE, language, tokens=tokens)
    uncached, cached = (
        dollars(price, language) for price in (size.price.uncached, size.price.cached)
    )
    return say(Say.COST, language, tokens=tokens, uncached=uncached, cached=cached)


def question(visit: Visit, state: State, name: str) -> Card:
    """What is asked about a field: its value, what is expected, an example."""
    language, asked = visit.language, FIELDS[name]
    value = shown(state.profile, name, language, longest=IN_QUESTION)
    text = say(
        Say.QUESTION,
        language,
        field=label(name, language),
        value=value,
        expected=expected(name, language),
    )
    how = Say.TAP_VALUE if asked.kind is Kind.CHOICE else Say.SEND_VALUE
    rows = [[_choice_button(visit, state, name, value)] for value in asked.choices]
    default = _button(visit, say(Say.BUTTON_DEFAULT, language), f"default {name}")
    return Card(headed(visit, f"{text}\n\n{say(how, language)}"), [*rows, [default, back(visit)]])


def several(visit: Visit) -> Card:
    """The question for several fields at once."""
    return Card(headed(visit, say(Say.SEND_SEVERAL, visit.language)), [[back(visit)]])


def changed(visit: Visit, before: Profile, after: Profile, names: Iterable[str]) -> Card:
    """What a change came to: old and new value of each field."""
    language = visit.language
    differ = [name for name in names if _differs(before, after, name)]
    lines = [_change(before, after, name, language) for name in differ[:LINES_IN_ANSWER]]
    end = say(Say.DRAFTED if differ else Say.UNCHANGED, language)
    return Card(headed(visit, "\n".join((*lines, *([""] if lines else []), end))), [[back(visit)]])


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


def back(visit: Visit) -> InlineKeyboardButton:
    """The button that leads to the card."""
    return _button(visit, say(Say.BUTTON_BACK, visit.language), "card")


def _line(state: State, name: str, language: str) -> str:
    new = _flat(shown(state.profile, name, language, longest=ONE_LINE))
    if state.draft is None or name not in state.changed:
        return say(Say.LINE, language, field=label(name, language), value=new)
    old = _flat(shown(state.published, name, language, longest=ONE_LINE))
    author = state.draft.touched[name].author[:AUTHOR]
    named = label(name, language)
    return say(Say.LINE_CHANGED, language, field=named, old=old, new=new, author=author)


def _is_listed(state: State, name: str) -> bool:
    """What is not typed has a line only if there is any."""
    return name in FIELDS or name in state.changed or bool(getattr(state.profile, name))


def _drafted(state: State, language: str) -> list[str]:
    if not state.changed:
        return [say(Say.NO_DRAFT, language)]
    lines = [say(Say.DRAFT, language, count=len(state.changed))]
    if state.left_out:
        names = ", ".join(label(name, language) for name in state.left_out)
        lines += [say(Say.LEFT_OUT, language, fields=names)]
    return lines


def _buttons(visit: Visit, state: State) -> Rows:
    rows: list[list[InlineKeyboardButton]] = []
    language = visit.language
    history = button(say(Say.BUTTON_HISTORY, language), "history", visit.here)
    export = _button(visit, say(Say.BUTTON_EXPORT, language), "export")
    if not may(visit.role, Action.CONFIGURE):
        return [[export, history]]
    fields = [_field_button(visit, state, name) for name in FIELDS]
    rows += [fields[at : at + 2] for at in range(0, len(fields), 2)]
    rows += [[_button(visit, say(Say.BUTTON_IMPORT, language), "several"), export]]
    rows += [[button(say(Say.BUTTON_PREVIEW, language), "preview", visit.here), history]]
    if state.changed:
        discard = _button(visit, say(Say.BUTTON_DISCARD, language), "discard")
        publish = button(say(Say.BUTTON_PUBLISH, language), "publish", visit.here)
        rows += [[publish, discard] if may(visit.role, Action.PUBLISH) else [discard]]
    return rows


def _field_button(visit: Visit, state: State, name: str) -> InlineKeyboardButton:
    mark = "✎ " if name in state.changed else ""
    text = mark + label(name, visit.language)
    if name == KNOWLEDGE:
        return button(text, KNOWLEDGE, visit.here)
    return _button(visit, text, f"ask {name}")


def _choice_button(visit: Visit, state: State, name: str, value: str) -> InlineKeyboardButton:
    text = choice(value, visit.language)
    if getattr(state.profile, name) == value:
        text = say(Say.CHOSEN, visit.language, choice=text)
    return _button(visit, text, f"set {name} {value}")


def _button(visit: Visit, text: str, words: str) -> InlineKeyboardButton:
    return button(text, NAME, visit.here, words)


def _change(before: Profile, after: Profile, name: str, language: str) -> str:
    old, new = (_flat(shown(one, name, language, longest=IN_ANSWER)) for one in (before, after))
    return say(Say.CHANGED, language, field=label(name, language), old=old, new=new)


def _differs(before: Profile, after: Profile, name: str) -> bool:
    old, new = (one.model_dump(include={name}) for one in (before, after))
    return old != new


def _flat(text: str) -> str:
    """In one line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return " · ".join(filter(None, lines))
