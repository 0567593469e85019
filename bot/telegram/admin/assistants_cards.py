"""What /assistants shows: the list, an assistant with its codes, a code."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.core.texts import say
from bot.core.texts.profile import Assistants as Say
from bot.core.texts.profile import CompanyCard, Configure
from bot.telegram.admin import tools_cards
from bot.telegram.admin.configure_cards import IN_QUESTION, KNOWLEDGE, asked_about
from bot.telegram.admin.fields import choice, label, shown
from bot.telegram.admin.known_tools import KnownTools
from bot.telegram.admin.moments import shown_day
from bot.telegram.admin.pages import Page, page_of
from bot.telegram.admin.state import State
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed
from db.codes import Code
from tenants.fields import FIELDS, Field
from tenants.profile import Persona, Private, Profile
from tenants.values import Group

NAME: Final = "assistants"
REST: Final = "rest"  # the word of the key to the fields that matter less
_REST: Final = frozenset({Group.NOTICES, Group.TOOLS, Group.EXPERTS})
VALUE_CHARACTERS: Final = 120
# By the places that they are declared with, which stay, the buttons know them: an assistant's name
# takes the room of theirs.
OWN_FIELDS: Final = {
    field.place: field for field in FIELDS.values() if field.name in Persona.model_fields
}


def everyone(visit: Visit, state: State, first: str = "") -> Card:
    """A button for each private assistant."""
    page = page_of([*state.profile.assistants], first)
    text = Say.LIST if page.count else Say.LIST_EMPTY
    rows = [
        *(
            [button(state.profile.called(name), NAME, visit.here, f"show {name}")]
            for name in page.items
        ),
        *page.turns(lambda label, at: button(label, NAME, visit.here, f"list +{at}")),
        [_button(visit, Say.NEW_BUTTON, "new")],
    ]
    return Card(headed(visit, say(text, visit.language, count=page.count)), rows)


def assistant(
    visit: Visit, state: State, name: str, codes: Sequence[Code], first: str = ""
) -> Card:
    """What an assistant has for itself, and its codes, from number `first` on."""
    page = page_of([*enumerate(codes, 1)], first)
    language, called = visit.language, state.profile.called(name)
    lines = [say(Say.CARD, language, name=called)]
    lines += _own(state, name, language)
    if state.published.assistants.get(name) != state.profile.assistants.get(name):
        lines += ["", say(Say.UNPUBLISHED, language)]
    lines += ["", say(Say.CODES if codes else Say.NO_CODES, language)]
    lines += [_line(visit, number, code) for number, code in page.items]
    return Card(headed(visit, "\n".join(lines)), _buttons(visit, name, page))


def own_fields(visit: Visit, state: State, name: str, *, rest: bool = False) -> Card:
    """Which field shall be its own; those that are so already are marked.

    What matters most, and behind another key the rest: one screen of a phone holds it.
    """
    own = state.profile.assistants[name].model_fields_set
    keys = [
        button(
            ("✎ " if field.name in own else "") + label(field.name, visit.language),
            NAME,
            visit.here,
            f"ask {name} {place}",
        )
        for place, field in OWN_FIELDS.items()
        if (field.group in _REST) is rest
    ]
    lines = [
        say(Say.CARD, visit.language, name=state.profile.called(name)),
        *_own(state, name, visit.language),
    ]
    text = "\n".join((*lines, "", say(Say.WHICH_FIELD, visit.language)))
    rows = [keys[at : at + 2] for at in range(0, len(keys), 2)]
    back = _button(visit, Say.BACK_BUTTON, f"edit {name}" if rest else f"show {name}")
    more = button(say(CompanyCard.MORE, visit.language), NAME, visit.here, f"{REST} {name}")
    return Card(headed(visit, text), [*rows, [back] if rest else [back, more]])


def question(visit: Visit, state: State, name: str, field: Field) -> Card:
    """A field of its own: what it says now, and what is expected."""
    language, place = visit.language, field.place
    value = shown(state.profile.assistant(name), field.name, language, longest=IN_QUESTION)
    title = say(Say.CARD, language, name=state.profile.called(name))
    lines = [title, "", asked_about(field, value, language)]
    in_place = field.name == KNOWLEDGE and state.profile.knowledge
    lines += ["", say(Say.IN_PLACE, language)] if in_place else []
    rows = [
        [button(choice(one, language), NAME, visit.here, f"set {name} {place} {number}")]
        for number, one in enumerate(field.choices)
    ]
    if in_place:
        rows += [[button(say(Say.ADD_BUTTON, language), NAME, visit.here, f"add {name} {place}")]]
    rows += [_same(visit, name, field), _onward(visit, name, field)]
    return Card(headed(visit, "\n".join(lines)), rows)


def tools(visit: Visit, profile: Profile, name: str, known: KnownTools) -> Card:
    """Each tool that there is, on or off for this assistant."""
    own, field = profile.assistant(name), FIELDS[tools_cards.FIELD]
    title = say(Say.CARD, visit.language, name=profile.called(name))
    text = f"{title}\n\n{tools_cards.told(visit, own, known)}"
    same = button(
        say(Say.SAME_BUTTON, visit.language), NAME, visit.here, f"same {name} {field.place}"
    )
    rows = tools_cards.keys(visit, own, known, NAME, f"tool {name}")
    return Card(headed(visit, text), [*rows, [same], _onward(visit, name, field)])


def field_changed(visit: Visit, name: str, field: Field) -> Card:
    """It is drafted; the next field, or back to the assistant."""
    text = say(Say.CHANGED, visit.language)
    publish = button(say(Configure.BUTTON_PUBLISH, visit.language), "publish", visit.here)
    return Card(headed(visit, text), [[publish], _onward(visit, name, field)])


def saying_in_whose_place(
    visit: Visit, state: State, told: Card, values: Mapping[str, Any]
) -> Card:
    """The card; and of a text that has nothing of everybody's, that this is not known any more."""
    text, shared = values.get(KNOWLEDGE), state.profile.knowledge
    if not text or not shared or shared in text:
        return told
    return replace(told, text=f"{told.text}\n\n{say(Say.KNOWS_ALONE, visit.language)}")


def _same(visit: Visit, name: str, field: Field) -> list[InlineKeyboardButton]:
    return [_button(visit, Say.SAME_BUTTON, f"same {name} {field.place}")]


def _onward(visit: Visit, name: str, field: Field) -> list[InlineKeyboardButton]:
    keys = [_button(visit, Say.BACK_BUTTON, f"edit {name}")]
    if after := min((place for place in OWN_FIELDS if place > field.place), default=None):
        following = say(Configure.BUTTON_NEXT, visit.language)
        keys.append(button(following, NAME, visit.here, f"ask {name} {after}"))
    return keys


def created(visit: Visit, name: str, called: str) -> Card:
    """A new one, and what it needs next."""
    told = say(Say.CREATED, visit.language, name=called)
    back = [_button(visit, Say.BACK_BUTTON, f"show {name}")]
    return Card(headed(visit, told), [*_first_steps(visit, name), back])


def code(visit: Visit, number: int, about: Code, called: str) -> Card:
    """What can be done with a code of the assistant that people call so."""

    def make(text: Say, words: str) -> InlineKeyboardButton:
        return _button(visit, text, words)

    row = about.row
    once, person = about.single_use, about.per_person
    rows = [
        [make(Say.ROTATE_BUTTON, f"turn {row}"), make(Say.REVOKE_BUTTON, f"revoke {row}")],
        [
            make(Say.OFTEN_BUTTON if once else Say.ONCE_BUTTON, f"once {row} {int(not once)}"),
            make(
                Say.ANYBODY_BUTTON if person else Say.PERSON_BUTTON,
                f"each {row} {int(not person)}",
            ),
        ],
        [make(Say.WEEK_BUTTON, f"ends {row} 7"), make(Say.MONTH_BUTTON, f"ends {row} 30")],
        [make(Say.ALWAYS_BUTTON, f"ends {row} 0")],
        [make(Say.BACK_BUTTON, f"show {about.assistant}")],
    ]
    title = say(Say.CARD, visit.language, name=called)
    return Card(headed(visit, f"{title}\n\n{_line(visit, number, about)}"), rows)


def after_code(visit: Visit, name: str) -> InlineKeyboardMarkup:
    """Under a new code: back to the assistant, and on to what makes it answer."""
    publish = button(say(Configure.BUTTON_PUBLISH, visit.language), "publish", visit.here)
    return InlineKeyboardMarkup([[publish], [_button(visit, Say.BACK_BUTTON, f"show {name}")]])


def really_delete(visit: Visit, name: str, called: str) -> Card:
    """Before an assistant goes."""
    rows = [
        [
            _button(visit, Say.YES_BUTTON, f"gone {name}"),
            _button(visit, Say.BACK_BUTTON, f"show {name}"),
        ]
    ]
    return Card(headed(visit, say(Say.REALLY_DELETE, visit.language, name=called)), rows)


def note(visit: Visit, text: Say, *, back: str = "list", **values: object) -> Card:
    """A sentence, and the way back."""
    told = say(text, visit.language, **values)
    return Card(headed(visit, told), [[_button(visit, Say.BACK_BUTTON, back)]])


def _own(state: State, name: str, language: str) -> list[str]:
    own = state.profile.assistants.get(name, Private())
    merged = state.profile.assistant(name)
    fields = [field for field in Persona.model_fields if field in own.model_fields_set]
    if not fields:
        return [say(Say.OWN_NOTHING, language)]
    return [
        f"{label(field, language)}: {shown(merged, field, language, longest=VALUE_CHARACTERS)}"
        for field in fields
    ]


def _line(visit: Visit, number: int, about: Code) -> str:
    return say(
        Say.CODE,
        visit.language,
        number=number,
        kind=say(Say.GENERATED if about.generated else Say.CHOSEN, visit.language),
        day=shown_day(about.created_at, visit.language, zone=visit.zone),
        rules="".join(f", {rule}" for rule in _rules(visit, about)),
    )


def _rules(visit: Visit, about: Code) -> list[str]:
    language, rules = visit.language, []
    if about.single_use:
        rules.append(say(Say.SINGLE_USE, language))
    if about.per_person:
        rules.append(say(Say.TAKEN if about.person else Say.PER_PERSON, language))
    if about.expires_at is not None:
        over = about.expires_at <= visit.now
        until = say(Say.UNTIL, language, day=shown_day(about.expires_at, language, zone=visit.zone))
        rules.append(say(Say.EXPIRED, language) if over else until)
    if about.used_at is not None:
        rules.append(
            say(Say.USED, language, day=shown_day(about.used_at, language, zone=visit.zone))
        )
    return rules


def _buttons(visit: Visit, name: str, page: Page[tuple[int, Code]]) -> Rows:
    numbers = [
        button(
            say(Say.CODE_BUTTON, visit.language, number=number),
            NAME,
            visit.here,
            f"code {code.row}",
        )
        for number, code in page.items
    ]
    generate, choose, edit = _first_steps(visit, name)
    return [
        generate,
        choose,
        *(numbers[at : at + 3] for at in range(0, len(numbers), 3)),
        *page.turns(lambda label, at: button(label, NAME, visit.here, f"more {name} {at}")),
        edit,
        [
            _button(visit, Say.DELETE_BUTTON, f"drop {name}"),
            _button(visit, Say.BACK_BUTTON, "list"),
        ],
    ]


def _first_steps(visit: Visit, name: str) -> Sequence[Sequence[InlineKeyboardButton]]:
    """A code, and something of its own."""
    return (
        [_button(visit, Say.GENERATE_BUTTON, f"make {name}")],
        [_button(visit, Say.CHOOSE_BUTTON, f"own {name}")],
        [_button(visit, Say.EDIT_BUTTON, f"edit {name}")],
    )


def _button(visit: Visit, text: Say, words: str) -> InlineKeyboardButton:
    return button(say(text, visit.language), NAME, visit.here, words)
