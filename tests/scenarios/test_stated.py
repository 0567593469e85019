"""What an answer says of itself, in whatever form it comes, on both databases."""

import json

import pytest

from bot.playground.openai import FaultKind, Then
from tests.scenarios.encounters import met
from tests.scenarios.stage import Stage

BUBBLES = ("Dalle 14:00.", "Con o senza colazione?")
REPLY = {
    "messages": BUBBLES,
    "buttons": ["Con", "Senza"],
    "outcome": "asked",
    "about": "Orario del check-in",
    "sources": ["Listino", "Internet"],
}
RAW = json.dumps(REPLY, ensure_ascii=False)
NOTHING = (None, None, None, None)


async def told(stage: Stage) -> tuple[object, ...]:
    """Of the last turn, once it is over."""
    await stage.settles()
    query = "SELECT outcome, about, buttons, sources FROM turns ORDER BY id DESC LIMIT 1"
    (row,) = await stage.rows(query)
    return tuple(row)


async def test_all_of_it_is_stored_with_the_turn(stage: Stage) -> None:
    await stage.publishes(sources=[{"name": "Listino", "text": "Camere dalle 14:00."}])
    anna = await met(stage)
    stage.will_say(raw=RAW)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert await told(stage) == (
        "asked",
        "Orario del check-in",
        '["Con", "Senza"]',
        '["Listino"]',
    )


@pytest.mark.parametrize(
    "kind", [FaultKind.KEYS_MISSING, FaultKind.KEYS_TURNED, FaultKind.KEYS_MISTYPED]
)
async def test_an_odd_form_says_nothing_and_is_a_whole_reply(stage: Stage, kind: FaultKind) -> None:
    anna = await met(stage)
    stage.openai_fails(kind)
    stage.will_say(raw=RAW)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert await told(stage) == NOTHING
    assert len(stage.asked()) == 1


@pytest.mark.parametrize("kind", [FaultKind.INCOMPLETE, FaultKind.CUT])
@pytest.mark.parametrize("cut", ['"buttons"', '"Con"', "asked", ' "about"', ' "sources"'])
async def test_a_cut_says_what_was_whole(stage: Stage, kind: FaultKind, cut: str) -> None:
    anna = await met(stage)
    after = RAW.index(cut)
    stage.openai_fails(kind, after_deltas=after, then=Then.DROP)
    stage.will_say(raw=RAW, delay_ms=1.0)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    outcome, about, buttons, sources = await told(stage)
    assert outcome == ("asked" if '"asked"' in RAW[:after] else None)
    assert about == (REPLY["about"] if "check-in" in RAW[:after] else None)
    assert buttons == ('["Con", "Senza"]' if "]," in RAW[RAW.index('"buttons"') : after] else None)
    assert sources is None
    assert len(stage.asked()) == 1
