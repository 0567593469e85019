"""A code opens the private assistant, and is found nowhere afterwards."""

import json
from collections.abc import Sequence

import pytest
from pydantic import SecretStr

from bot.core.texts import say
from bot.core.texts.client import Access
from bot.core.tokens import BULLET
from bot.ops.vault import KeyVault
from bot.playground.telegram.records import Upload
from bot.playground.voices import silence, with_words
from bot.turns.redact import Redaction
from db.codes import IssueCode
from db.journal import apply
from db.records import Actor
from db.tenants import SaveProfile
from db.unlocking import TRIES
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

KEY = "una-chiave-lunga-e-casuale-0123456789"
CODE, CHOSEN = "AB12-CD34", "zaffiro99"
VIP = {"knowledge": "La suite costa 900 euro."}
OPENED, REFUSED, HOW, LOCKED, NOT_OPEN = (
    say(text, "it")
    for text in (Access.OPENED, Access.REFUSED, Access.HOW, Access.LOCKED, Access.NOT_OPEN)
)

WAITS = {say(Access.WAIT, "it", count=minutes) for minutes in range(30, 61)}  # a busy machine's


@pytest.fixture
async def stage(closed: Stage) -> Stage:
    """The hotel has an assistant for its best clients."""
    await closed.opens(secret_key=KEY)
    await closed.publishes(assistants={"vip": VIP})
    return closed


async def give_code(stage: Stage, code: str, tenant: int = 1, **rules: object) -> None:
    digests = Redaction(stage.database, KeyVault.open(SecretStr(KEY)), stage.clock, {}).digests(
        code
    )
    issue = IssueCode(
        tenant=tenant,
        assistant="vip",
        digests=digests,
        generated=code == CODE,
        actor=Actor(1, "Ada"),
        now=stage.clock.now(),
        **rules,  # type: ignore[arg-type]  # a test's shorthand
    )
    assert await stage.database.write(lambda c: apply(c, [issue])) != [None]


async def met(stage: Stage, name: str = "Anna") -> Person:
    person = stage.person(name)
    stage.will_say("Salve.")
    person.writes("Buongiorno")
    await person.hears(AI_NOTICE, "Salve.")
    return person


def knows_the_suite(stage: Stage) -> bool:
    return VIP["knowledge"] in stage.asked()[-1]["instructions"]


def shown(stage: Stage, person: Person) -> Sequence[str]:
    everything = stage.telegram.clients.messages(person.chat_id, bot_id=4711)
    return [str(message.get("text")) for message in everything]


async def test_a_code_that_is_said_aloud_stands_nowhere(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    stage.will_say("Lo scriva, per favore.")
    said = with_words(silence(2), f"Il codice è {CODE}")
    anna.sends("voice", file=Upload("voice.oga", "audio/ogg", said))
    await anna.hears("Lo scriva, per favore.")
    assert stage.inputs()[-1][-1].endswith(f"⟦heard in it⟧\nIl codice è {BULLET * len(CODE)}")
    assert not [text for text in await stage.everything_stored() if CODE in text]


async def test_unlock_opens_the_private_assistant(stage: Stage) -> None:
    await give_code(stage, CHOSEN)
    anna = await met(stage)
    anna.writes(f"/unlock {CHOSEN}")
    await anna.hears(OPENED, WELCOME)
    stage.will_say("900 euro.")
    anna.writes("Quanto costa la suite?")
    await anna.hears("900 euro.")
    assert knows_the_suite(stage)
    first, second = (body["conversation"] for body in stage.asked())
    assert first != second


async def test_a_generated_code_opens_it_anywhere_in_a_message_and_the_rest_is_answered(
    stage: Stage,
) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    stage.will_say("900 euro.")
    anna.writes(f"Ho il codice {CODE.lower()}, quanto costa la suite?")
    await anna.hears(OPENED, "900 euro.")
    assert knows_the_suite(stage)
    assert stage.inputs()[-1] == ["Ho il codice, quanto costa la suite?"]


async def test_what_stands_behind_unlock_and_its_code_is_answered_too(stage: Stage) -> None:
    await give_code(stage, CHOSEN)
    anna = await met(stage)
    stage.will_say("900 euro.")
    anna.writes(f"/unlock {CHOSEN} quanto costa la suite?")
    await anna.hears(OPENED, "900 euro.")
    assert stage.inputs()[-1] == ["quanto costa la suite?"]


@pytest.mark.parametrize(
    "written", ["ab12 cd34", "AB12\u200bCD34", "codiceＡＢ１２－ＣＤ３４", "ÁB12-ÇD34"]
)
async def test_a_generated_code_opens_it_however_it_is_written(stage: Stage, written: str) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    stage.will_say("900 euro.")
    anna.writes(f"Ho {written}, quanto costa la suite?")
    await anna.hears(OPENED, "900 euro.")
    assert stage.inputs()[-1][0].endswith("quanto costa la suite?")
    assert "12" not in stage.inputs()[-1][0]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("AB12 CD34", None),
        ("ab12 cd34 quanto costa la suite?", "quanto costa la suite?"),
        ("AB12–CD34: quanto costa la suite?", "quanto costa la suite?"),
        ("zaffiro99 il codice AB12 CD34, quanto costa?", "il codice •••••••••, quanto costa?"),
    ],
)
async def test_what_unlock_takes_for_the_code_is_asked_of_nobody(
    stage: Stage, typed: str, asked: str | None
) -> None:
    await give_code(stage, CODE)
    await give_code(stage, CHOSEN)
    anna = await met(stage)
    if asked:
        stage.will_say("900 euro.")
    anna.writes(f"/unlock {typed}")
    await anna.hears(OPENED, "900 euro." if asked else WELCOME)
    if asked:
        assert stage.inputs()[-1] == [asked]


async def test_where_no_codes_are_given_out_another_companys_is_no_code(stage: Stage) -> None:
    bank = SaveProfile("banca", "{}", "test", stage.clock.now())
    await stage.database.write(lambda c: apply(c, [bank]))
    ((theirs,),) = await stage.rows("SELECT id FROM tenants WHERE name = 'banca'")
    await give_code(stage, CODE, tenant=theirs)
    anna = await met(stage)
    stage.will_say("Prego?")
    anna.writes(f"{CODE} che cos'è?")
    await anna.hears("Prego?")
    assert stage.inputs()[-1] == ["••••••••• che cos'è?"]
    stage.will_say("Mi dica.")
    anna.writes(CODE)
    await anna.hears("Mi dica.")
    # As if she had been asked for something while she had a role.
    await stage.runs("""UPDATE chats SET form = '{"command": "bots", "tenant": 1, "step": ""}'""")
    stage.will_say("Non saprei.")
    anna.writes(f"E {CODE}?")
    await anna.hears("Non saprei.")
    assert stage.inputs()[-1] == ["E •••••••••?"]


async def test_a_code_alone_is_followed_by_a_greeting_alone(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    anna.writes(CODE)
    await anna.hears(OPENED, WELCOME)
    await anna.hears()


async def test_a_private_assistant_greets_in_its_own_words(stage: Stage) -> None:
    own = "Bentornata nel club!"
    await stage.publishes(assistants={"vip": {**VIP, "welcome": own}})
    await give_code(stage, CODE)
    anna = await met(stage)
    anna.writes(CODE)
    await anna.hears(OPENED, own)


async def test_the_message_with_the_code_is_deleted(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    anna.writes(f"/unlock {CODE}")
    await anna.hears(OPENED, WELCOME)
    await stage.until(lambda: not any(CODE in text for text in shown(stage, anna)))


async def test_lock_goes_back_and_both_conversations_are_kept(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    for words, answer in (("la suite?", "900."), ("/lock", LOCKED), ("la camera?", "100.")):
        if not words.startswith("/"):
            stage.will_say(answer)
        anna.writes(words if words != "la suite?" else f"{CODE} {words}")
        await anna.hears(*((OPENED, answer) if answer == "900." else (answer,)))
    stage.will_say("Ancora 900.")
    anna.writes(f"{CODE} e la suite?")
    await anna.hears(OPENED, "Ancora 900.")
    public, private, again_public, again_private = (b["conversation"] for b in stage.asked())
    assert (again_public, again_private) == (public, private)


async def test_words_behind_lock_are_answered_by_the_assistant_for_everybody(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    anna.writes(CODE)
    await anna.hears(OPENED, WELCOME)
    for told in (LOCKED, NOT_OPEN):
        stage.will_say("100.")
        anna.writes("/lock la camera?")
        await anna.hears(told, "100.")
    assert stage.inputs()[1:] == [["la camera?"]] * 2


async def test_lock_without_a_private_assistant_is_harmless(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/lock")
    await anna.hears(NOT_OPEN)


async def test_a_wrong_code_is_answered_alike_where_there_is_no_private_assistant(
    stage: Stage,
) -> None:
    anna = await met(stage)
    anna.writes("/unlock qualcosa")
    await anna.hears(REFUSED)
    await stage.publishes(assistants={})
    anna.writes("/unlock qualcosa")
    await anna.hears(REFUSED)


async def test_unlock_without_a_code_says_how(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/unlock")
    await anna.hears(HOW)


async def test_an_order_number_reaches_the_model(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    stage.will_say("Arriva domani.")
    anna.writes("Dov'è l'ordine XY77-88ZZ?")
    await anna.hears("Arriva domani.")
    assert stage.inputs()[-1] == ["Dov'è l'ordine XY77-88ZZ?"]


async def test_after_too_many_wrong_codes_none_is_looked_at(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    for number in range(TRIES):
        anna.writes(f"/unlock sbagliato{number}")
    await anna.hears(*[REFUSED] * TRIES)
    anna.writes(f"/unlock {CODE}")
    (told,) = await anna.receives(1)
    stage.will_say("Certo.")
    anna.writes(f"{CODE} e la camera?")
    told_again, answer = await anna.receives(2)
    assert {told["text"], told_again["text"]} <= WAITS
    assert answer["text"] == "Certo."
    assert f"{CODE} e la camera?" in shown(stage, anna)  # as an order number would be
    assert not knows_the_suite(stage)
    assert stage.inputs()[-1] == ["e la camera?"]


async def test_the_right_codes_do_not_count_as_tries(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    for _ in range(TRIES + 1):
        anna.writes(f"/unlock {CODE}")
        await anna.hears(OPENED, WELCOME)


async def test_in_a_group_no_code_opens_anything(stage: Stage) -> None:
    await give_code(stage, CHOSEN)
    anna = stage.person("Anna")
    group = stage.group(anna)
    anna.writes(f"/unlock {CHOSEN}", to=group)
    await group.hears(say(Access.IN_PRIVATE, "it"))


async def test_a_photo_may_carry_the_code_in_its_caption(stage: Stage) -> None:
    await give_code(stage, CODE)
    anna = await met(stage)
    stage.will_say("Bella!")
    anna.sends("photo", caption=f"{CODE} è la suite?")
    await anna.hears(OPENED, "Bella!")
    assert stage.inputs()[-1] == ["⟦photo⟧\nè la suite?"]


async def test_without_a_key_a_code_opens_nothing(closed: Stage) -> None:
    await closed.opens()
    assert not KeyVault().sealed
    anna = await met(closed)
    anna.writes(f"/unlock {CHOSEN}")
    await anna.hears(REFUSED)
    assert CHOSEN not in json.dumps(await closed.everything_stored())


@pytest.mark.parametrize("commits", [1, 2])
async def test_killed_in_the_middle_it_is_opened_and_answered_once(
    stage: Stage, commits: int
) -> None:
    await give_code(stage, CODE, single_use=True)
    anna = await met(stage)
    await stage.settles()
    before = stage.commits
    stage.will_say("900 euro.")
    anna.writes(f"{CODE} quanto costa la suite?")
    await stage.until(lambda: stage.commits >= before + commits)
    await stage.dies()
    await stage.opens()
    await anna.hears(OPENED, "900 euro.")
    assert stage.inputs()[-1] == ["quanto costa la suite?"]
    assert await stage.count("SELECT count(*) FROM audit WHERE action = 'code used'") == 1


async def test_the_key_may_be_changed(stage: Stage) -> None:
    await give_code(stage, CODE)
    await stage.closes()
    await stage.opens(secret_key=f"una-chiave-del-tutto-nuova,{KEY}")
    anna = await met(stage)
    anna.writes(CODE)
    await anna.hears(OPENED, WELCOME)


async def test_in_english(stage: Stage) -> None:
    await give_code(stage, CODE)
    bob = stage.person("Bob", language="en")
    stage.will_say("900 euros.")
    bob.writes(f"{CODE} how much is the suite?")
    await bob.hears(say(Access.OPENED, "en"), AI_NOTICE, "900 euros.")
