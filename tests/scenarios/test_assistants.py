"""/assistants: an admin makes a private assistant, gives out its codes, and takes them back."""

import re

import pytest

from bot.core.texts import say
from bot.core.texts.client import Access
from bot.core.texts.profile import Assistants as Say
from bot.core.texts.profile import Configure
from bot.telegram.admin.fields import choice, expected, label
from db.codes import IssueCode
from db.journal import apply
from db.records import Actor
from tenants.fields import FIELDS
from tests.databases import SEEDED_AT
from tests.scenarios.admins import ADA, KEY, headed, it, opens_assistants
from tests.scenarios.cards import sees
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

OPENED, REFUSED = say(Access.OPENED, "it"), say(Access.REFUSED, "it")
CHOSEN = "zaffiro99"


@pytest.fixture
async def ada(closed: Stage) -> Person:
    return await opens_assistants(closed)


async def create(ada: Person, name: str = "vip") -> None:
    ada.presses(it(Say.NEW_BUTTON))
    await ada.shows(headed(it(Say.ASK_NAME)))
    ada.writes(name)
    await ada.hears(headed(it(Say.CREATED, name=name)))


async def published(stage: Stage, ada: Person) -> None:
    """The assistant is there, and its card is on the screen."""
    await stage.publishes(assistants={"vip": {"knowledge": "La suite costa 900 euro."}})
    ada.writes("/assistants vip")
    await ada.receives(1)


async def generate(ada: Person) -> str:
    ada.presses(it(Say.GENERATE_BUTTON))
    (message,) = await ada.receives(1)
    code = str(re.findall(r"\w{4}-\w{4}", message["text"])[0])
    assert message["text"] == headed(it(Say.NEW_CODE, name="vip", code=code)).replace("`", "")
    assert it(Configure.BUTTON_PUBLISH) in ada.buttons()
    return code


async def opens(stage: Stage, code: str, name: str = "Anna") -> bool:
    """Whether the code opens the assistant for somebody new."""
    anna = stage.person(name)
    anna.writes(f"/unlock {code}")
    (answer,) = await anna.receives(1)
    is_open = {OPENED: True, REFUSED: False}[answer["text"]]
    if is_open:
        await anna.hears(WELCOME)
    return is_open


async def test_an_assistant_is_made_given_something_of_its_own_and_listed(
    closed: Stage, ada: Person
) -> None:
    await create(ada)
    ada.writes("/assistants vip conoscenze: La suite costa 900 euro.")
    await ada.hears(headed(it(Say.CHANGED)))
    ada.writes("/assistants")
    await ada.hears(headed(it(Say.LIST, count=1)))
    ada.presses("vip")
    await ada.shows(
        headed(
            "\n".join(
                (
                    it(Say.CARD, name="vip"),
                    "Conoscenze: La suite costa 900 euro.",
                    "",
                    it(Say.UNPUBLISHED),
                    "",
                    it(Say.NO_CODES),
                )
            )
        )
    )
    rows = await closed.rows("SELECT changes FROM drafts ORDER BY revision DESC LIMIT 1")
    assert rows == [('{"assistants":{"vip":{"knowledge":"La suite costa 900 euro."}}}',)]


async def test_a_new_assistant_is_given_what_it_needs_by_tapping(
    closed: Stage, ada: Person
) -> None:
    await create(ada)
    await generate(ada)
    ada.presses(it(Say.EDIT_BUTTON))
    await sees(ada, it(Say.WHICH_FIELD))
    ada.presses(label("knowledge", "it"))
    await sees(ada, expected("knowledge", "it"))
    ada.writes("La suite costa 900 euro.")
    await ada.hears(headed(it(Say.CHANGED)))
    assert await closed.count("SELECT count(*) FROM codes WHERE assistant = 'vip'") == 1
    rows = await closed.rows("SELECT changes FROM drafts ORDER BY revision DESC LIMIT 1")
    assert rows == [('{"assistants":{"vip":{"knowledge":"La suite costa 900 euro."}}}',)]


async def test_a_choice_of_its_own_is_a_tap_and_the_next_field_another(
    closed: Stage, ada: Person
) -> None:
    await published(closed, ada)
    ada.presses(it(Say.EDIT_BUTTON))
    await sees(ada, it(Say.WHICH_FIELD))
    ada.presses(label("address", "it"))
    await sees(ada, expected("address", "it"))
    ada.presses(choice("informal", "it"))
    await sees(ada, it(Say.CHANGED))
    (row,) = await closed.rows("SELECT changes FROM drafts WHERE changes <> '{}'")
    assert '"address":"informal"' in row[0]
    ada.presses(say(Configure.BUTTON_NEXT, "it"))
    await closed.until(lambda: it(Say.SAME_BUTTON) in ada.buttons())
    ada.presses(it(Say.BACK_BUTTON))
    await sees(ada, it(Say.WHICH_FIELD))
    ada.presses("✎ " + label("address", "it"))
    await sees(ada, expected("address", "it"))
    ada.presses(it(Say.SAME_BUTTON))
    await closed.until(lambda: it(Say.SAME_BUTTON) not in ada.buttons())
    assert await closed.count("SELECT count(*) FROM drafts WHERE changes <> '{}'") == 0


async def test_a_key_means_the_field_that_it_named_or_nothing(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    for words in (f"set vip {FIELDS['address'].place} 1", f"set vip {FIELDS['address'].place} 9"):
        ada.finds_button("Prima", data=f"assistants:1:{words}")
        ada.presses("Prima")
        await closed.until(lambda: "Prima" not in ada.buttons())
    (row,) = await closed.rows("SELECT changes FROM drafts WHERE changes <> '{}'")
    assert '"address":"informal"' in row[0]


@pytest.mark.parametrize("name", ["public", "code", "vip"])
async def test_a_name_that_is_taken_is_asked_again(ada: Person, name: str) -> None:
    await create(ada)
    ada.writes("/assistants")
    await ada.receives(1)
    ada.presses(it(Say.NEW_BUTTON))
    await ada.stage.settles()
    ada.writes(name)
    await ada.hears(headed(it(Say.NAME_TAKEN)))


async def test_what_is_the_whole_companys_is_no_assistants_own(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    ada.writes("/assistants vip pausa: Chiuso")
    (answer,) = await ada.receives(1)
    assert answer["text"].startswith("Hotel Aurora\n\n")
    assert await closed.count("SELECT count(*) FROM drafts WHERE changes <> '{}'") == 0


async def test_what_is_its_own_may_be_sent_when_asked(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    ada.writes("/assistants vip benvenuto")
    await ada.hears(headed(it(Say.ASK_FIELDS, name="vip")))
    ada.writes("benvenuto: Bentornata!\nconoscenze: -")
    await ada.hears(headed(it(Say.CHANGED)))
    rows = await closed.rows("SELECT changes FROM drafts WHERE changes <> '{}'")
    assert rows == [('{"assistants":{"vip":{"welcome":"Bentornata!"}}}',)]


async def test_of_a_text_that_telegram_cuts_nothing_is_its_own(closed: Stage, ada: Person) -> None:
    closed.clock.speed = 1.0  # the parts come one right after the other
    await published(closed, ada)
    ada.finds_button("Benvenuto", data=f"assistants:1:ask vip {FIELDS['welcome'].place}")
    ada.presses("Benvenuto")
    await sees(ada, expected("welcome", "it"))
    ada.writes("x" * 4096)
    ada.writes("e il resto.")
    await ada.hears(headed(it(Say.CUT)))
    await closed.settles()
    assert closed.asked() == []
    assert await closed.count("SELECT count(*) FROM drafts WHERE changes <> '{}'") == 0


async def test_a_generated_code_opens_it_and_stays_nowhere(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    code = await generate(ada)
    assert await opens(closed, code.lower())
    assert code not in "".join(await closed.everything_stored())


async def test_a_chosen_code_opens_it_and_is_deleted(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    ada.presses(it(Say.CHOOSE_BUTTON))
    await ada.shows(headed(it(Say.HOW_TO_CHOOSE, name="vip")))
    ada.writes(f"/assistants code vip {CHOSEN}")
    await ada.hears(headed(it(Say.CODE_ADDED, name="vip")))
    assert await opens(closed, CHOSEN.upper())
    assert CHOSEN not in "".join(await closed.everything_stored())
    await closed.until(lambda: CHOSEN not in str(_shown_to_ada(closed)))


def _shown_to_ada(stage: Stage) -> object:
    return stage.telegram.clients.messages(ADA, bot_id=BOT)


@pytest.mark.parametrize("code", ["corto", "due parole", "AB12-CD34"])
async def test_a_code_that_will_not_do_is_refused(closed: Stage, ada: Person, code: str) -> None:
    await published(closed, ada)
    ada.writes(f"/assistants code vip {code}")
    await ada.hears(headed(it(Say.CODE_BAD)))


async def test_a_code_is_chosen_once(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    for answer in (it(Say.CODE_ADDED, name="vip"), it(Say.CODE_IN_USE)):
        ada.writes(f"/assistants code vip {CHOSEN}")
        await ada.hears(headed(answer))


async def code_card(ada: Person) -> None:
    ada.writes("/assistants vip")
    await ada.receives(1)
    ada.presses(it(Say.CODE_BUTTON, number=1))
    # The card is edited once its press is handled.
    await ada.stage.until(lambda: it(Say.ROTATE_BUTTON) in ada.buttons())


async def test_a_replaced_code_opens_nothing_and_the_new_one_does(
    closed: Stage, ada: Person
) -> None:
    await published(closed, ada)
    old = await generate(ada)
    await code_card(ada)
    ada.presses(it(Say.ROTATE_BUTTON))
    (message,) = await ada.receives(1)
    new = re.findall(r"\w{4}-\w{4}", message["text"])[0]
    assert [await opens(closed, code) for code in (old, new)] == [False, True]


async def test_a_revoked_code_opens_nothing(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    code = await generate(ada)
    await code_card(ada)
    ada.presses(it(Say.REVOKE_BUTTON))
    await ada.shows(headed(it(Say.CODE_REVOKED)))
    assert not await opens(closed, code)


async def test_many_codes_are_listed_page_by_page(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    issues = [
        IssueCode(
            tenant=1,
            assistant="vip",
            digests=(str(number),),
            generated=True,
            actor=Actor(ADA, "Ada"),
            now=SEEDED_AT,
        )
        for number in range(25)
    ]
    await closed.database.write(lambda connection: apply(connection, issues))
    ada.writes("/assistants vip")
    await ada.receives(1)
    last = it(Say.CODE_BUTTON, number=25)
    assert last not in ada.buttons()
    ada.presses("›")
    await closed.until(lambda: last in ada.buttons())
    ada.presses(last)
    await closed.until(lambda: it(Say.ROTATE_BUTTON) in ada.buttons())


async def test_a_code_for_one_use_opens_once(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    code = await generate(ada)
    await code_card(ada)
    ada.presses(it(Say.ONCE_BUTTON))
    await closed.settles()
    assert [await opens(closed, code, name) for name in ("Anna", "Bruno")] == [True, False]


async def test_an_assistant_is_deleted_with_its_codes(closed: Stage, ada: Person) -> None:
    await published(closed, ada)
    code = await generate(ada)
    ada.presses(it(Say.DELETE_BUTTON))
    await ada.shows(headed(it(Say.REALLY_DELETE, name="vip")))
    ada.presses(it(Say.YES_BUTTON))
    await ada.shows(headed(it(Say.DELETED, name="vip")))
    assert not await opens(closed, code)
    assert await closed.rows("SELECT changes FROM drafts WHERE changes <> '{}'") == [
        ('{"assistants":null}',)
    ]


async def test_without_a_key_no_assistant_is_made(closed: Stage) -> None:
    await closed.opens(admin_ids=(ADA,))
    ada = closed.person("Ada")
    ada.writes("/assistants")
    await ada.hears(headed(it(Say.LIST_EMPTY)))
    ada.presses(it(Say.NEW_BUTTON))
    await ada.shows(headed(it(Say.NO_KEY)))
    ada.writes(f"/assistants code vip {CHOSEN}")
    await ada.hears(headed(it(Say.NO_KEY)))


async def test_who_is_inside_a_deleted_assistant_is_answered_by_everybodys(
    closed: Stage, ada: Person
) -> None:
    await published(closed, ada)
    code = await generate(ada)
    anna = closed.person("Anna")
    anna.writes(f"/unlock {code}")
    await anna.hears(OPENED, WELCOME)
    await closed.publishes(assistants={})
    closed.will_say("Salve.")
    anna.writes("Quanto costa la suite?")
    await anna.hears(AI_NOTICE, "Salve.")
    assert "900" not in closed.asked()[-1]["instructions"]


async def test_in_english(closed: Stage) -> None:
    await closed.opens(admin_ids=(ADA,), secret_key=KEY)
    ada = closed.person("Ada", language="en")
    ada.writes("/assistants")
    await ada.hears(headed(say(Say.LIST_EMPTY, "en")))
    ada.presses(say(Say.NEW_BUTTON, "en"))
    await ada.shows(headed(say(Say.ASK_NAME, "en")))
    ada.writes("vip")
    await ada.hears(headed(say(Say.CREATED, "en", name="vip")))
    ada.writes("/assistants vip welcome: Welcome back!")
    await ada.hears(headed(say(Say.CHANGED, "en")))
