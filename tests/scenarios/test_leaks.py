"""A bot's token, or a key of the model's, is pasted where nobody asked for it."""

import pytest

from bot.core.texts import say
from bot.core.texts.client import Access
from bot.core.texts.desk import Bots, Desk
from bot.core.tokens import bullets
from tenants.profile import Profile
from tests.scenarios.admins import ADA, admin, each_language, headed, it
from tests.scenarios.company import BANK, SECRET_KEY, company
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_answer_keys import refused
from tests.scenarios.test_bots import OWN, OWN_TOKEN
from tests.scenarios.versions import appoint

MODEL_KEY = f"sk-{'a1B2' * 9}"
OFFER = headed(it(Bots.OFFER, bot="own_bot"))


async def owner(closed: Stage) -> Person:
    """A host, and a bot in Telegram that nobody added."""
    closed.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    return await admin(closed, secret_key=SECRET_KEY)


async def is_gone(person: Person, secret: str) -> None:
    await person.stage.until(lambda: not any(secret in text for text in person.said()))


@each_language
@pytest.mark.parametrize("secret", [OWN_TOKEN, f"La mia chiave è {MODEL_KEY}"])
async def test_a_client_is_told_that_it_is_for_nobody(
    stage: Stage, language: str, secret: str
) -> None:
    anna = stage.person("Anna", language)
    anna.writes(secret)
    await anna.hears(say(Access.SECRET, language))
    await is_gone(anna, secret)
    await anna.hears()
    assert stage.asked() == []


async def test_what_is_asked_beside_it_is_answered(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Dalle 14:00.")
    anna.writes(f"{OWN_TOKEN} a che ora è il check-in?")
    await anna.hears(it(Access.SECRET), AI_NOTICE, "Dalle 14:00.")
    assert stage.inputs() == [[f"{bullets(OWN_TOKEN)} a che ora è il check-in?"]]
    await is_gone(anna, OWN_TOKEN)


async def test_it_is_said_in_a_group_too(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    anna.writes(f"@aurora_bot {OWN_TOKEN}", to=group)
    await group.hears(it(Access.SECRET))
    assert stage.asked() == []


@pytest.mark.parametrize("role", ["admin", "operator"])
async def test_who_may_add_no_bot_is_told_the_same(closed: Stage, role: str) -> None:
    await closed.opens(secret_key=SECRET_KEY)
    await appoint(closed, ADA, role)
    ada = closed.person("Ada")
    ada.writes(OWN_TOKEN)
    await ada.hears(it(Access.SECRET))
    await is_gone(ada, OWN_TOKEN)


async def test_an_owner_connects_the_bot_with_a_tap(closed: Stage) -> None:
    ada = await owner(closed)
    ada.writes(f"Use this token to access the HTTP API:\n{OWN_TOKEN}\nKeep it secure.")
    await ada.hears(OFFER)
    await is_gone(ada, OWN_TOKEN)

    ada.presses(it(Bots.TAKE, bot="own_bot"))

    await ada.hears(headed(it(Bots.ADDED, bot="own_bot")))
    closed.bots.add(OWN)
    assert it(Bots.TAKE, bot="own_bot") not in ada.buttons()
    await closed.until(lambda: ("bot started", {"bot": OWN}) in closed.telemetry.records)


async def test_words_instead_are_offered_the_same_until_it_is_cancelled(closed: Stage) -> None:
    ada = await owner(closed)
    ada.writes(OWN_TOKEN)
    await ada.hears(OFFER)
    ada.writes("Sì")
    await ada.hears(OFFER)
    ada.writes("/cancel")
    await ada.hears(it(Desk.CANCELLED))

    ada.presses(it(Bots.TAKE, bot="own_bot"))

    await ada.hears(headed(it(Bots.ASK_TOKEN)))


async def test_it_is_no_answer_to_what_was_asked(closed: Stage) -> None:
    ada = await owner(closed)
    ada.writes("/configure company_name")
    await ada.receives(1)
    ada.writes(OWN_TOKEN)
    await ada.hears(OFFER)


async def of_two_companies(closed: Stage) -> Person:
    """One who owns two, and has none in hand: the hotel, whose bot this is, is none of them."""
    closed.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    await closed.opens(secret_key=SECRET_KEY)
    bank = await company(closed)
    shop = await company(closed, "shop", Profile(company_name="Bottega Due"), f"8201:{'b' * 35}")
    for one in (bank, shop):
        await appoint(closed, ADA, "owner", tenant=one.tenant)
    return closed.person("Ada")


async def test_an_owner_of_several_companies_is_asked_which_it_is_for(closed: Stage) -> None:
    ada = await of_two_companies(closed)
    ada.writes(OWN_TOKEN)
    await ada.hears(it(Bots.OFFER_WHICH, bot="own_bot"))
    await is_gone(ada, OWN_TOKEN)
    assert ada.buttons()[:2] == [BANK.company_name, "Bottega Due"]
    ada.writes("Per la bottega")
    await ada.hears(it(Bots.OFFER_WHICH, bot="own_bot"))

    ada.presses("Bottega Due")

    await ada.hears(f"Bottega Due\n\n{it(Bots.ADDED, bot='own_bot')}")
    closed.bots.add(OWN)
    await closed.until(lambda: ("bot started", {"bot": OWN}) in closed.telemetry.records)


async def test_only_companies_are_named_to_which_one_may_add_a_bot(closed: Stage) -> None:
    ada = await of_two_companies(closed)
    await closed.runs("UPDATE admins SET role = 'admin' WHERE tenant_id = 2")
    ada.writes(OWN_TOKEN)
    await ada.hears(it(Bots.OFFER_WHICH, bot="own_bot"))
    assert BANK.company_name not in ada.buttons()
    await closed.runs("UPDATE admins SET role = 'operator'")
    ada.presses("Bottega Due")
    await refused(closed, it(Desk.NOT_ALLOWED, tenant="Bottega Due"))
    ada.writes("/cancel")
    await ada.hears(it(Desk.CANCELLED))
    ada.writes(OWN_TOKEN)
    await ada.hears(it(Access.SECRET))


async def test_a_token_that_telegram_refuses_is_for_no_company(closed: Stage) -> None:
    ada = await of_two_companies(closed)
    closed.telegram.registry.revoke(OWN)
    ada.writes(OWN_TOKEN)
    await ada.hears(it(Bots.BAD_TOKEN))
    closed.will_say("Salve.")
    ada.writes("Buongiorno")
    await ada.hears(AI_NOTICE, "Salve.")


async def test_where_there_is_no_company_yet_a_host_is_told_so(closed: Stage) -> None:
    ada = await owner(closed)
    await closed.runs("UPDATE tenants SET state = 'deleted'")
    ada.writes(OWN_TOKEN)
    await ada.hears(it(Desk.NO_TENANT))


async def test_what_telegram_does_not_know_is_no_offer(closed: Stage) -> None:
    ada = await owner(closed)
    closed.telegram.registry.revoke(OWN)
    ada.writes(OWN_TOKEN)
    await ada.hears(headed(it(Bots.BAD_TOKEN)))
    closed.will_say("Salve.")
    ada.writes("Buongiorno")
    await ada.hears(AI_NOTICE, "Salve.")


async def test_it_does_not_stay_behind_a_command(closed: Stage) -> None:
    ada = await owner(closed)
    ada.writes(f"/token {OWN_TOKEN}")
    await ada.hears(it(Desk.COMMAND_OF_BOTFATHER, command="/token"))
    await is_gone(ada, OWN_TOKEN)
