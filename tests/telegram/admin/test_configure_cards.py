from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls import Effect, ToolDefinition
from bot.core.texts import LANGUAGES
from bot.core.texts.tools import Tools
from bot.telegram.admin import tools_cards
from bot.telegram.admin.company_card import group, more, overview
from bot.telegram.admin.configure_cards import (
    changed,
    question,
    really_discard,
    refused,
)
from bot.telegram.admin.known_tools import KnownTools
from bot.telegram.admin.state import State, state_with
from bot.telegram.admin.visit import Card, Visit
from bot.telegram.wire import utf16_length
from db.company_now import CompanyNow
from db.drafts import Drafted, Touch, Version
from db.tenants import TenantRow
from tenants.explain import Problem
from tenants.fields import FIELDS, Field
from tenants.permissions import Role
from tenants.profile import Profile
from tenants.size import Price, Size
from tenants.values import Group, Kind
from tests.fakes.clock import NOON
from tests.tenants.strategies import profiles

NOTHING: Any = None
MESSAGE_UNITS = 4096
EMOJI = "🙂"


def longest(field: Field) -> Any:
    """What takes the most room; a choice has none."""
    match field.kind:
        case Kind.LINE | Kind.TEXT:
            return EMOJI * min(field.limit, 100_000)
        case Kind.MESSAGE:
            return EMOJI * (field.limit // 2)
        case Kind.LINES:
            return [EMOJI * 500] * field.limit
        case Kind.SECONDS | Kind.DAYS:
            return field.limit - 0.000_001
        case Kind.HOURS:
            return [f"{day} Jan 2026 9:00-{day % 9 + 10}:00, 20:00-2:00" for day in range(1, 32)]
        case Kind.CHOICE | Kind.ZONE | Kind.TOOLS:
            return None


FULL = {name: longest(field) for name, field in FIELDS.items()} | {
    "tools": [f"{at:064}" for at in range(FIELDS["tools"].limit)],
    "request_fields": [EMOJI * 60] * FIELDS["request_fields"].limit,
    "extensions": [EMOJI * 60] * FIELDS["extensions"].limit,
    "sources": [{"name": EMOJI * 100 + str(at), "text": "a"} for at in range(100)],
    "assistants": {f"{at:032}": {} for at in range(100)},
}
LARGEST = Size(400_000, 999_999, 999_999, Price(1999.99, 199.99, 9999.9))
languages = st.sampled_from(LANGUAGES)


def visit(language: str, role: Role = Role.ADMIN) -> Visit:
    profile = Profile(company_name=EMOJI * 100)
    tenant = TenantRow(1, "hotel", 7, profile.model_dump_json())
    return Visit(NOTHING, 1001, "Ada", language, role, tenant, NOON, profile, [role])


def state(before: Profile, after: Profile, author: str = "Ada") -> State:
    said = after.model_dump(mode="json")
    changes = {name: said.get(name) for name in Profile.model_fields}
    touched = dict.fromkeys(changes, Touch(author, 1001, NOON))
    return State(before, after, Drafted(1, 7, changes, touched))


def now(drafted: State) -> CompanyNow:
    told = Version(7, EMOJI * 128, None, NOON)
    return CompanyNow(visit("en").here, drafted.draft, told, (), "shared_bot")


@given(languages, st.sampled_from(Group))
def test_the_fullest_cards_are_one_message(language: str, which: Group) -> None:
    full = Profile.model_validate(FULL)
    drafted = state(full, full, author=EMOJI * 128)
    texts = [overview(visit(language), drafted, now(drafted)).text]
    texts += [group(visit(language), drafted, which, LARGEST).text]
    assert max(map(utf16_length, texts)) <= MESSAGE_UNITS


WORDS = "The breakfast room is open from seven to half past ten in the morning. " * 9
ROOM = 650  # of a screen of 390 x 844, in its pixels, between what stands above and below a chat


def words(field: Field) -> Any:
    """What a company writes; a choice has been tapped."""
    match field.kind:
        case Kind.LINE | Kind.TEXT | Kind.MESSAGE:
            return WORDS[: field.limit].strip()
        case Kind.LINES:
            return [WORDS[:50]] * field.limit
        case Kind.CHOICE:
            return field.choices[0]
        case _:
            return longest(field)


def height(card: Card, language: str) -> int:
    """About as high as a phone shows it, in pixels."""
    card = card.leading_home(language)
    lines = [part for line in card.text.split("\n") for part in wrap(line, 30) or [""]]
    keys = [max(len(one.text) * len(row) for one in row) for row in card.rows]
    return 22 * len(lines) + sum(42 if length <= 34 else 62 for length in keys)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", Group)
def test_a_group_of_fields_fits_one_screen_of_a_phone(language: str, which: Group) -> None:
    said = {name: words(field) for name, field in FIELDS.items()} | {"company_name": "Hotel Aurora"}
    full = Profile.model_validate({name: one for name, one in said.items() if one is not None})
    hotel = replace(visit(language), profile=full)
    assert height(group(hotel, state(full, full), which, LARGEST), language) <= ROOM


def test_a_single_word_is_not_cut() -> None:
    italian = Profile(company_name="Hotel Aurora")
    card = group(visit("it"), State(italian, italian), Group.ASSISTANT, LARGEST)
    assert "Nome dell’assistente: Assistente\n" in card.text


@given(languages, st.sampled_from(sorted(FIELDS)))
def test_the_longest_question_is_one_message(language: str, name: str) -> None:
    full = Profile.model_validate(FULL)
    asked = question(visit(language), State(full, full), name)
    assert utf16_length(asked.text) <= MESSAGE_UNITS


@dataclass(frozen=True)
class LongTool:
    """Of a tool what the card shows of it."""

    definition: ToolDefinition
    effect: Effect = Effect.WRITE


@given(languages, st.booleans())
def test_the_longest_list_of_tools_is_one_message(language: str, on: bool) -> None:
    names = [f"{at:064}" for at in range(50)]
    there: Any = {name: LongTool(ToolDefinition(name, EMOJI * 500, {})) for name in names[20:]}
    profile = Profile(tools=tuple(names[:20])) if on else Profile()
    failed = {name: (float(at), Tools.FAILED_LOCKED) for at, name in enumerate(names)}
    known = KnownTools(there, failed=failed, own={})
    card = tools_cards.question(visit(language), profile, known)
    assert utf16_length(card.text) <= MESSAGE_UNITS
    assert len(card.rows) == 13


@pytest.mark.parametrize(("language", "called"), [("it", "Prenota"), ("en", "book_table")])
def test_a_hosts_tool_is_called_by_its_title(language: str, called: str) -> None:
    titles = {"it": {"book_table": "Prenota"}}
    there: Any = {"book_table": LongTool(ToolDefinition("book_table", "Books.", {}, titles))}
    card = tools_cards.question(visit(language), Profile(), KnownTools(there))
    assert called in [key.text for row in card.rows for key in row]
    assert f"{called}:" in card.text


@given(languages)
def test_the_longest_answer_is_shown_whole(language: str) -> None:
    told = changed(visit(language), Profile(), Profile.model_validate(FULL), Profile.model_fields)
    assert len(told.drafts()) <= 3


@given(profiles, profiles, languages, st.sampled_from(Role))
def test_any_draft_has_cards_whose_buttons_fit(
    before: Profile, after: Profile, language: str, role: Role
) -> None:
    visited, drafted = visit(language, role), state(before, after)
    cards = [overview(visited, drafted, now(drafted)), more(visited, drafted)]
    cards += [group(visited, drafted, which, LARGEST) for which in Group]
    for shown in cards:
        pressed = [str(button.callback_data) for row in shown.rows for button in row]
        assert len(set(pressed)) == len(pressed)


def test_a_change_of_what_is_no_field_any_more_can_be_thrown_away() -> None:
    draft = Drafted(1, 7, {"slogan": "Salve"}, {"slogan": Touch("Ada", 1001, NOON)})
    drafted = state_with(Profile(), draft)
    card = more(visit("en"), drafted)
    assert "configure:1:discard" in [str(one.callback_data) for row in card.rows for one in row]
    assert "slogan" in really_discard(visit("en"), drafted).text


def test_of_many_problems_the_first_are_told() -> None:
    found = [(line, Problem("float_type", ("waiting_seconds",))) for line in range(1, 100)]
    text = refused(visit("en"), found, asked=False).text
    assert "Line 10: " in text
    assert "Line 11: " not in text
    assert "… and 89 more." in text
