"""Everything that the product itself says, in the client's language."""

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import FaultKind
from tenants.profile import Profile
from tests.scenarios.people import STORY, Person
from tests.scenarios.stage import Stage

OURS: list[tuple[str | None, str]] = [("it", "it"), ("en-US", "en"), ("ru", "ru")]
OTHERS = [("de", "en"), (None, "it")]  # not ours: English; untold: the company's
OUR_OTHERS = [pytest.param(*one, marks=pytest.mark.long) for one in OURS[1:]]
each_language = pytest.mark.parametrize(("spoken", "answered"), [OURS[0], *OUR_OTHERS])
any_language = pytest.mark.parametrize(("spoken", "answered"), [*OURS, *OTHERS])

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def words(field: str, language: str) -> str:
    return str(getattr(Profile.model_validate({"language": language}), field))


async def met(stage: Stage, spoken: str | None, answered: str) -> Person:
    """A client of an Italian company, who has started the bot."""
    await stage.publishes(welcome="", ai_notice="")
    person = stage.person("Kim", spoken)
    person.writes("/start")
    await person.hears(words("welcome", answered), words("ai_notice", answered))
    return person


@pytest.mark.parametrize(
    ("writes", "text"),
    [
        ("/new", Text.NEW),
        ("/help", Text.HELP),
        ("/forget", Text.FORGET_ASK),
        ("/book", Text.UNKNOWN_COMMAND),
    ],
)
@each_language
async def test_a_command_is_answered_in_it(
    stage: Stage, spoken: str | None, answered: str, writes: str, text: Text
) -> None:
    kim = await met(stage, spoken, answered)
    kim.writes(writes)
    await kim.hears(say(text, answered))


@pytest.mark.parametrize(
    ("button", "text"),
    [(Text.FORGET_YES, Text.FORGOTTEN), (Text.FORGET_NO, Text.FORGET_CANCELLED)],
)
@each_language
async def test_a_button_speaks_it(
    stage: Stage, spoken: str | None, answered: str, button: Text, text: Text
) -> None:
    kim = await met(stage, spoken, answered)
    kim.writes("/forget")
    await kim.hears(say(Text.FORGET_ASK, answered))
    kim.presses(say(button, answered))
    await kim.hears(say(text, answered))


@each_language
async def test_an_old_button_says_in_it_that_it_is_old(
    stage: Stage, spoken: str | None, answered: str
) -> None:
    kim = await met(stage, spoken, answered)
    kim.finds_button("?", data="old")
    kim.presses("?")
    await stage.until(lambda: stage.answered_presses() == 1)
    (answer,) = stage.telegram.calls.of("answerCallbackQuery")
    assert answer.params["text"] == say(Text.BUTTON_EXPIRED, answered)


@any_language
async def test_what_nobody_can_open_is_answered_in_it(
    stage: Stage, spoken: str | None, answered: str
) -> None:
    kim = await met(stage, spoken, answered)
    kim.shares(story=STORY)
    await kim.hears(say(Text.NOT_UNDERSTOOD, answered))


@any_language
async def test_the_ai_notice_before_a_first_answer_is_in_it(
    stage: Stage, spoken: str | None, answered: str
) -> None:
    await stage.publishes(welcome="", ai_notice="")
    kim = stage.person("Kim", spoken)
    stage.will_say("14:00.")
    kim.writes("Check-in?")
    await kim.hears(words("ai_notice", answered), "14:00.")


@any_language
async def test_a_failure_is_told_in_it(stage: Stage, spoken: str | None, answered: str) -> None:
    kim = await met(stage, spoken, answered)
    stage.openai_fails(FaultKind.STATUS, status=400, code="invalid_prompt")
    stage.warns("turn failed", "refused")
    kim.writes("Check-in?")
    await kim.hears(say(Text.FAILURE, answered))


@each_language
async def test_an_empty_reply_is_told_in_it(
    stage: Stage, spoken: str | None, answered: str
) -> None:
    kim = await met(stage, spoken, answered)
    stage.will_say()
    kim.writes("Check-in?")
    await kim.hears(say(Text.EMPTY_REPLY, answered))


@each_language
async def test_the_waiting_message_is_in_it(
    closed: Stage, spoken: str | None, answered: str
) -> None:
    await closed.opens(waiting_seconds=1)
    kim = await met(closed, spoken, answered)
    closed.will_say("14:00.", first_ms=300)
    kim.writes("Check-in?")
    await kim.hears(words("waiting_message", answered), "14:00.")


@each_language
async def test_too_fast_is_told_in_it(closed: Stage, spoken: str | None, answered: str) -> None:
    closed.clock.speed = 1  # however busy the machine is, a minute is long
    await closed.opens(turns_per_minute=1)
    kim = await met(closed, spoken, answered)
    closed.will_say("14:00.")
    kim.writes("Check-in?")
    await kim.hears("14:00.")
    closed.will_say("11:00.")
    kim.writes("Check-out?")
    await kim.hears(say(Text.TOO_FAST, answered, count=60))
    closed.clock.skips(60)
    await kim.hears("11:00.")


@each_language
async def test_the_daily_limit_is_told_in_it(
    closed: Stage, spoken: str | None, answered: str
) -> None:
    await closed.opens(daily_token_limit=1)
    kim = await met(closed, spoken, answered)
    closed.will_say("14:00.")
    kim.writes("Check-in?")
    await kim.hears("14:00.")
    closed.warns("turn failed", "cap")
    kim.writes("Check-out?")
    await kim.hears(say(Text.DAILY_CAP, answered))
