"""A request as a company's people read it."""

from dataclasses import replace

from bot.core.texts import say
from bot.core.texts.people import Wanted
from bot.turns.request_words import lines_of, text_of
from db.requests import ClientRequest
from db.talks import Talk
from tests.addresses import chat_at
from tests.fakes.channel import BOT

ANNA = Talk(1, 1, 1, chat_at(BOT, 1), "public", "Anna", 0.0, waiting=True)
FIELDS = (("Name", "Anna\nRossi"), ("Day", "2026-12-03"))
ASKED = ClientRequest(4, ANNA, FIELDS, 0.0, None, None)


def test_a_field_stands_on_a_line_and_a_day_in_words() -> None:
    assert lines_of(ASKED, "en", cut=60) == "Name: Anna Rossi\nDay: Thursday, 3 December 2026"


def test_it_says_who_asked_and_once_it_is_done_who_did_it() -> None:
    head = f"Hotel Aurora\n{say(Wanted.HEAD_REQUEST, 'en', name='Anna')}"
    told = f"{head}\n\n{lines_of(ASKED, 'en', cut=60)}"
    assert text_of(ASKED, "Hotel Aurora", "en", cut=60) == told
    done = replace(ASKED, done_at=1.0, done_by="Luca")
    assert text_of(done, "Hotel Aurora", "en", cut=60) == (
        f"{told}\n\n{say(Wanted.DONE_BY, 'en', name='Luca')}"
    )
