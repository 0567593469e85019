"""Cards, buttons and answers."""

import json

import pytest

from bot.telegram.admin.visit import Card, Step, answer, asked, button, leading_home
from db.chats import ChatWork
from db.tenants import TenantRow

HOTEL = TenantRow(3, "hotel-aurora", 1, "{}")
NOBODY: ChatWork = None  # type: ignore[assignment]  # an answer looks at no chat


def test_a_button_knows_its_command_and_its_tenant() -> None:
    assert button("Nome", "configure", HOTEL, "field name").callback_data == (
        "configure:3:field name"
    )
    assert button("Nuova", "tenants", None).callback_data == "tenants:0:"


def test_what_does_not_fit_a_button_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="holds too much"):
        button("Nome", "configure", HOTEL, "ж" * 30)


@pytest.mark.parametrize(
    ("command", "step", "now"),
    [
        ("bots", "8300", "token 8300"),
        ("bots", "token 8300", "token 8300"),
        ("bots", "created", "created"),
        ("bots", "", ""),
        ("publish", "5.3", "note 5.3"),
        ("configure", "5", "5"),
    ],
)
def test_what_the_release_before_asked_is_asked_still(command: str, step: str, now: str) -> None:
    stored = json.dumps({"command": command, "tenant": 1, "step": step})
    assert asked(stored) == {"command": command, "tenant": 1, "step": now}


def test_the_buttons_of_a_long_card_go_under_its_end() -> None:
    drafts = Card("parola " * 1_000, [[button("Sì", "x", None)]]).drafts()
    assert [draft.position for draft in drafts] == [0, 1]
    assert drafts[0].markup is None
    assert json.loads(drafts[1].markup or "")["inline_keyboard"][0][0]["text"] == "Sì"


def test_a_card_shows_its_text_as_it_is() -> None:
    (draft,) = Card("*ecco* <b>").drafts()
    assert (draft.text, draft.entities) == ("*ecco* <b>", None)


def test_texts_of_an_answer_follow_each_other() -> None:
    drafts = answer("Uno.", "Due.", rows=[[button("Sì", "x", None)]]).work(NOBODY)
    assert [(draft.position, draft.text) for draft in drafts] == [(0, "Uno."), (1, "Due.")]
    assert [draft.markup is None for draft in drafts] == [True, False]


def test_a_card_that_is_over_leads_nowhere_any_more() -> None:
    step = Step(card=Card("✓ Hotel", over=True))
    assert leading_home(step, "it").card == step.card
    assert leading_home(Step(card=Card("✓ Hotel")), "it").card != step.card
