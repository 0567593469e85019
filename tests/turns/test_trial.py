"""Test questions on two versions: bounded, counted, and gone soon."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import pytest

from bot.core.texts import Text, say
from bot.errors import GiveUp, Why
from bot.ports import ModelEvent, Question
from bot.turns.budget import Allowance
from bot.turns.housekeeping import LONGEST_SECONDS
from bot.turns.patience import SECONDS
from bot.turns.trial import AT_ONCE, ERASED_AFTER_SECONDS, Compared, Trial
from db.chores import due_erasures
from db.engine import Database
from db.journal import Journal
from db.versions import tokens_used
from tenants.profile import Profile
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel, answer, reply
from tests.fakes.telemetry import FakeTelemetry

WHY = Why(status=400, code="invalid_value", request_id="req_1")
OLD = Profile(sector="locanda")
DAYS = ("2026-11-20", "2026-11-21")
QUESTIONS = tuple(f"Domanda {n}?" for n in range(10))
NEW = Profile(sector="hotel", test_questions=QUESTIONS)


@dataclass(slots=True)
class Answering(FakeModel):
    """Answers each question with its own words, and notes how many it hears at once."""

    at_once: int = 0
    most: int = 0
    deaf_to: set[str] = field(default_factory=set)
    silent_on: set[str] = field(default_factory=set)

    async def ask(self, question: Question) -> AsyncGenerator[ModelEvent, None]:
        self.asked.append(question)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            (line,) = question.lines
            if line.text in self.deaf_to:
                raise GiveUp("broken").because(WHY)
            if line.text in self.silent_on:
                await asyncio.Event().wait()
            version = "nuova" if "sector: hotel" in question.instructions else "vecchia"
            yield answer(f"{line.text} {version}")
        finally:
            self.at_once -= 1


@pytest.fixture
def model() -> Answering:
    return Answering()


def trial(model: FakeModel, journal: Journal, database: Database, limit: int = 0) -> Trial:
    clock = FakeClock()
    allowance = Allowance(database, clock, limit)
    return Trial(model, journal, clock, FakeTelemetry(), "gpt-6-luna", "none", allowance)


async def compare(made: Trial, new: Profile = NEW) -> tuple[list[Compared], list[int]]:
    heard: list[int] = []

    async def progress(done: int) -> None:
        heard.append(done)

    compared = await made.compare(OLD, new, key="tenant-1", progress=progress)
    return list(compared), heard


async def test_each_question_is_asked_on_both_versions(
    model: Answering, journal: Journal, database: Database
) -> None:
    compared, heard = await compare(trial(model, journal, database))
    assert compared == [Compared(q, (f"{q} vecchia",), (f"{q} nuova",)) for q in QUESTIONS]
    assert heard == [*range(1, 11)]
    assert {question.cache_key for question in model.asked} == {"tenant-1-old", "tenant-1-new"}


@pytest.mark.parametrize(("chosen", "asked"), [(None, "gpt-6-luna"), ("own-model", "own-model")])
async def test_it_is_asked_as_by_a_client_who_writes_for_the_first_time(
    model: Answering, journal: Journal, database: Database, chosen: str | None, asked: str
) -> None:
    await trial(model, journal, database).answer(NEW.changed({"model": chosen}), "?", "tenant-1")
    (question,) = model.asked
    assert (question.model, question.opens) == (asked, True)
    assert "⟦first_turn: yes⟧" in question.told[0].text


async def test_only_a_few_are_asked_at_once(
    model: Answering, journal: Journal, database: Database
) -> None:
    await compare(trial(model, journal, database))
    assert 1 <= model.most <= AT_ONCE


async def test_a_question_that_fails_takes_no_other_along(
    model: Answering, journal: Journal, database: Database
) -> None:
    model.deaf_to = {QUESTIONS[3]}
    made = trial(model, journal, database)
    compared, heard = await compare(made)
    assert compared[3] == Compared(QUESTIONS[3], None, None)
    assert all(one.old and one.new for one in compared if one.question != QUESTIONS[3])
    assert len(heard) == len(QUESTIONS)
    assert isinstance(made.telemetry, FakeTelemetry)
    told = [("trial unanswered", {"cause": "GiveUp 400 invalid_value req_1"})] * 2
    assert made.telemetry.warnings == told


@pytest.mark.parametrize("patience", [SECONDS, 21600.0])
async def test_conversations_are_to_be_erased_before_they_are_used_and_not_while_they_are(
    model: Answering, journal: Journal, database: Database, patience: float
) -> None:
    made = replace(trial(model, journal, database), patience_seconds=patience)
    await compare(made, NEW.changed({"test_questions": ["?"]}))
    later = made.clock.now() + patience + ERASED_AFTER_SECONDS
    sooner, due = [
        await database.read(due_erasures, now=now, longest_wait=LONGEST_SECONDS)
        for now in (later - 1, later)
    ]
    assert sooner == ()
    assert {one.id for one in due} == set(model.items)


async def test_tokens_count_and_the_days_limit_holds(
    model: Answering, journal: Journal, database: Database
) -> None:
    made = trial(model, journal, database, limit=120)  # a FakeModel's answer uses as many
    compared, _ = await compare(made, NEW.changed({"test_questions": ["?"]}))
    assert compared == [Compared("?", ("? vecchia",), None)]
    used = await database.read(lambda connection: tokens_used(connection, DAYS))
    assert used == 120


async def test_a_question_that_is_answered_holds_no_connection(
    model: Answering, journal: Journal, database: Database
) -> None:
    held: list[int] = []

    async def progress(_: int) -> None:
        held.append(model.at_once)

    one = Profile(test_questions=("Domanda?",))
    await trial(model, journal, database).compare(OLD, one, key="tenant-1", progress=progress)
    assert held == [0]


async def test_a_model_that_never_answers_a_question_holds_up_no_other(
    model: Answering, journal: Journal, database: Database
) -> None:
    made = trial(model, journal, database)
    assert isinstance(made.clock, FakeClock)
    model.silent_on.add(QUESTIONS[3])
    comparing = asyncio.ensure_future(compare(made))
    while not comparing.done():
        await asyncio.sleep(0)
        made.clock.jump(made.clock.boottime() + 1)
    compared, _ = comparing.result()
    assert [one.question for one in compared if one.new is None] == [QUESTIONS[3]]


async def test_a_link_that_nobody_gave_is_left_out_as_for_a_client(
    journal: Journal, database: Database
) -> None:
    profile = Profile(knowledge="Siamo su hotel-aurora.it.", language="it")
    model = FakeModel()
    said = ("Su hotel-aurora.it.", "Su tripadvisor.it.", "Su strange.com.")
    model.will(reply(*said))
    answered = await trial(model, journal, database).answer(
        profile, "Siete su tripadvisor.it?", "tenant-1"
    )
    assert answered == (*said[:2], f"Su {say(Text.LINK_LEFT_OUT, 'it')}.")
