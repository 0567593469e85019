"""/bots: an owner adds a bot by pasting its token, gives it a new one, and removes it."""

import json

import pytest
from sqlalchemy import update

from bot.core.texts import Text, say
from bot.core.texts.desk import Bots, Desk
from db.models import admins, chats
from tests.scenarios.admins import ADA, admin, both_languages, headed
from tests.scenarios.company import BANK_BOT, BANK_TOKEN, SECRET_KEY, Company, company
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, TOKEN, Stage
from tests.scenarios.versions import TENANT, appoint

OWN = 8300
OWN_TOKEN = f"{OWN}:AAowntokenowntokenowntokenowntokenow"


def listed(*lines: str, language: str = "it") -> str:
    shared = say(Bots.SHARED, language, bot="aurora_bot")
    return headed("\n".join([say(Bots.LIST, language), *(f"• {one}" for one in (shared, *lines))]))


async def owner(stage: Stage, language: str = "it", key: str | None = SECRET_KEY) -> Person:
    """Who has just looked at the bots of the hotel; it has one in Telegram that nobody added."""
    stage.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    ada = await admin(stage, language, secret_key=key)
    ada.writes("/bots")
    await ada.hears(listed(language=language))
    return ada


async def asked(ada: Person, language: str = "it") -> Person:
    ada.presses(say(Bots.ADD, language))
    await ada.hears(headed(say(Bots.ASK_TOKEN, language)))
    return ada


async def added(stage: Stage, language: str = "it") -> Person:
    """An owner who has added the bot, which listens now."""
    ada = await asked(await owner(stage, language), language)
    ada.writes(OWN_TOKEN)
    await ada.hears(headed(say(Bots.ADDED, language, bot="own_bot")))
    stage.bots.add(OWN)
    await stage.until(lambda: stage.telemetry.records.count(("bot started", {"bot": OWN})) > 0)
    return ada


async def about(ada: Person) -> None:
    """The card of the bot."""
    ada.writes("/bots")
    await ada.receives(1)
    ada.presses("@own_bot")
    await ada.shows(
        headed(f"{say(Bots.ACTIVE, 'it', bot='own_bot')}\n\n{say(Bots.WHAT_TO_CHANGE, 'it')}")
    )


@both_languages
async def test_a_pasted_token_brings_a_bot_that_answers(closed: Stage, language: str) -> None:
    ada = await added(closed, language)

    await met(closed, ada.at(OWN), AI_NOTICE)
    ada.writes("/bots")
    active = say(Bots.ACTIVE, language, bot="own_bot")
    await ada.hears(listed(active, language=language))


async def met(stage: Stage, person: Person, *notice: str) -> None:
    stage.will_say("Salve.")
    person.writes("Buongiorno")
    await person.hears(*notice, "Salve.")


async def test_the_message_with_the_token_is_gone_and_the_token_nowhere(closed: Stage) -> None:
    ada = await added(closed)

    await closed.until(lambda: not any(OWN_TOKEN in text for text in ada.said()))
    assert ada.calls("deleteMessage") == 1
    secret = OWN_TOKEN.partition(":")[2]
    assert [text for text in await closed.everything_stored() if secret in text] == []


@pytest.mark.parametrize("gap", ["\n", "\u200b"])
async def test_a_token_may_come_in_pieces(closed: Stage, gap: str) -> None:
    ada = await asked(await owner(closed))
    ada.writes(f"Ecco: {OWN_TOKEN[:20]}{gap}{OWN_TOKEN[20:]}")
    await ada.hears(headed(say(Bots.ADDED, "it", bot="own_bot")))
    assert [text for text in await closed.everything_stored() if OWN_TOKEN[20:] in text] == []


async def test_a_token_may_follow_the_command(closed: Stage) -> None:
    ada = await owner(closed)
    ada.writes(f"/bots {OWN_TOKEN}")
    await ada.hears(headed(say(Bots.ADDED, "it", bot="own_bot")))
    closed.bots.add(OWN)


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("non so", Bots.NO_TOKEN),
        ("8399:AAnobodysnobodysnobodysnobodysnobody", Bots.BAD_TOKEN),
    ],
)
async def test_what_is_no_bots_token_is_asked_for_again(
    closed: Stage, pasted: str, text: Bots
) -> None:
    ada = await asked(await owner(closed))
    ada.writes(pasted)
    await ada.hears(headed(say(text, "it")))

    ada.writes(OWN_TOKEN)
    await ada.hears(headed(say(Bots.ADDED, "it", bot="own_bot")))
    closed.bots.add(OWN)


async def test_a_bot_that_cannot_be_checked_now_is_pasted_again(closed: Stage) -> None:
    ada = await asked(await owner(closed))
    closed.telegram_fails("500", method="getMe")
    ada.writes(OWN_TOKEN)
    await ada.hears(headed(say(Bots.AWAY, "it")))

    ada.writes(OWN_TOKEN)
    await ada.hears(headed(say(Bots.ADDED, "it", bot="own_bot")))
    closed.bots.add(OWN)


async def test_a_bot_of_another_company_is_refused(closed: Stage) -> None:
    bank = await company(closed)
    await bank.adds_bot()
    closed.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    await closed.opens(admin_ids=(ADA,), secret_key=SECRET_KEY)
    ada = closed.person("Ada")
    ada.writes("/bots")
    await ada.hears("Hotel Aurora\n\n" + listed().partition("\n\n")[2])
    await asked(ada)

    ada.writes(BANK_TOKEN)

    await ada.hears(headed(say(Bots.HELD, "it", bot="bank_bot")))
    await _still_the_banks(bank)


async def _still_the_banks(bank: Company) -> None:
    found = await bank.stage.rows(f"SELECT tenant_id FROM bots WHERE id = {BANK_BOT}")  # noqa: S608 - a number of the test's own
    assert found == [(bank.tenant,)]


async def test_the_hosts_bot_is_refused(closed: Stage) -> None:
    ada = await asked(await owner(closed))
    ada.writes(TOKEN)
    await ada.hears(headed(say(Bots.HELD, "it", bot="aurora_bot")))


@both_languages
async def test_without_a_secret_key_it_is_said_how_to_set_one(closed: Stage, language: str) -> None:
    ada = await owner(closed, language, key=None)

    ada.presses(say(Bots.ADD, language))
    await ada.hears(headed(say(Bots.NO_KEY, language)))
    ada.writes(f"/bots {OWN_TOKEN}")
    await ada.hears(headed(say(Bots.NO_KEY, language)))

    await closed.until(lambda: ada.calls("deleteMessage") == 1)


async def test_a_new_token_takes_the_place_of_the_old_one(closed: Stage) -> None:
    ada = await added(closed)
    closed.telegram.registry.revoke(OWN)
    await closed.until(lambda: closed.warned("bot refused"))
    closed.warns("bot refused")
    await ada.hears(say(Bots.TOLD_REFUSED, "it", bot="own_bot"))
    ada.writes("/bots")
    await ada.hears(listed(say(Bots.REFUSED, "it", bot="own_bot")))
    ada.presses("@own_bot")
    await closed.until(lambda: say(Bots.NEW_TOKEN, "it") in ada.buttons())
    ada.presses(say(Bots.NEW_TOKEN, "it"))
    await ada.hears(headed(say(Bots.ASK_NEW_TOKEN, "it", bot="own_bot")))

    ada.writes(TOKEN)
    await ada.hears(headed(say(Bots.HELD, "it", bot="aurora_bot")))
    ada.writes(closed.telegram.world.bots[OWN].token)
    await ada.hears(headed(say(Bots.ROTATED, "it", bot="own_bot")))

    await met(closed, ada.at(OWN), AI_NOTICE)


async def removes(stage: Stage, ada: Person) -> None:
    await about(ada)
    ada.presses(say(Bots.REMOVE, "it"))
    await ada.shows(headed(say(Bots.REALLY_REMOVE, "it", bot="own_bot")))
    ada.presses(say(Bots.YES_REMOVE, "it"))
    await ada.hears(headed(say(Bots.REMOVED, "it", bot="own_bot")))
    stage.bots.discard(OWN)


async def test_a_bot_is_removed_when_it_is_said_twice(closed: Stage) -> None:
    ada = await added(closed)
    await removes(closed, ada)
    await closed.until(lambda: closed.telemetry.records.count(("bot stopped", {"bot": OWN})) > 0)

    ada.writes("/bots")
    await ada.hears(listed())


async def test_a_bot_may_be_removed_from_its_own_chat(closed: Stage) -> None:
    ada = (await added(closed)).at(OWN)
    await removes(closed, ada)


async def test_a_stranger_knows_no_such_command(closed: Stage) -> None:
    await closed.opens(secret_key=SECRET_KEY)
    anna = closed.person("Anna")
    anna.writes("/bots")
    await anna.hears(say(Text.UNKNOWN_COMMAND, "it"))


# ------------------------------------------------------------- managed bots


async def manager(closed: Stage) -> Person:
    """An owner who may create bots inside Telegram."""
    closed.telegram.registry.let_manage(BOT)
    await closed.opens(admin_ids=(ADA,), secret_key=SECRET_KEY, managed_bots=True)
    ada = closed.person("Ada")
    ada.writes("/bots")
    await ada.hears(listed())
    return ada


async def created(closed: Stage, ada: Person) -> int:
    """A bot that Telegram has just made for an owner; its number."""
    ada.presses(say(Bots.CREATE, "it"))
    await ada.hears(headed(say(Bots.ASK_CREATE, "it")))
    message = closed.telegram.clients.create_managed_bot(
        ada.chat_id, bot_id=BOT, request_id=1, name="Aurora", username="own_bot"
    )
    bot = int(message["managed_bot_created"]["bot"]["id"])
    await ada.hears(headed(say(Bots.ADDED, "it", bot="own_bot")))
    closed.bots.add(bot)
    await closed.until(lambda: ("bot started", {"bot": bot}) in closed.telemetry.records)
    return bot


async def test_a_bot_is_created_inside_telegram(closed: Stage) -> None:
    ada = await manager(closed)
    bot = await created(closed, ada)

    await met(closed, ada.at(bot), AI_NOTICE)
    assert await closed.rows("SELECT managed FROM bots WHERE username = 'own_bot'") == [(True,)]
    assert ada.calls("deleteMessage") == 0


async def test_a_managed_bots_new_token_is_fetched(closed: Stage) -> None:
    closed.clock.speed = 1.0  # nobody is told of the old token before there was time for this
    ada = await manager(closed)
    bot = await created(closed, ada)
    before = await closed.rows("SELECT token FROM bots WHERE username = 'own_bot'")

    closed.telegram_fails("500", method="getManagedBotToken")
    closed.telegram_fails("hold_before", method="getManagedBotToken")
    closed.telegram.registry.revoke(bot)
    faults = closed.telegram.faults
    await closed.until(lambda: closed.warned("bot refused") and faults.held == 1)
    closed.warns("bot refused")
    faults.release()

    await met(closed, ada.at(bot), AI_NOTICE)
    assert await closed.rows("SELECT token FROM bots WHERE username = 'own_bot'") != before
    assert ada.untold() == []


async def test_words_in_the_place_of_the_key_are_asked_for_again(closed: Stage) -> None:
    ada = await manager(closed)
    ada.presses(say(Bots.CREATE, "it"))
    await ada.hears(headed(say(Bots.ASK_CREATE, "it")))
    ada.writes("Aurora")
    await ada.hears(headed(say(Bots.NO_TOKEN, "it")))


@pytest.mark.parametrize(("wanted", "allowed"), [(True, False), (False, True)])
async def test_bots_are_created_where_host_and_botfather_allow_it(
    closed: Stage, wanted: bool, allowed: bool
) -> None:
    closed.telegram.registry.let_manage(BOT, allowed)
    await closed.opens(admin_ids=(ADA,), secret_key=SECRET_KEY, managed_bots=wanted)
    ada = closed.person("Ada")
    ada.writes("/bots")
    await ada.hears(listed())
    assert ada.buttons() == [say(Bots.ADD, "it")]


async def test_an_owner_who_is_removed_during_the_check_adds_no_bot(closed: Stage) -> None:
    closed.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    await closed.opens(secret_key=SECRET_KEY)
    await appoint(closed, ADA, "owner")
    ada = closed.person("Ada")
    ada.writes("/bots")
    await ada.receives(1)
    await asked(ada)
    closed.telegram_fails("hold_before", method="getMe")
    ada.writes(OWN_TOKEN)
    await closed.until(lambda: closed.telegram.faults.held == 1)
    await closed.runs("DELETE FROM admins")
    closed.telegram.faults.release()
    await ada.hears(say(Desk.NOT_YOURS, "it"))
    assert await closed.rows("SELECT id FROM bots WHERE username = 'own_bot'") == []
    await closed.until(lambda: ada.calls("deleteMessage") == 1)
    closed.will_say("Salve.")
    ada.writes("Buongiorno")
    await ada.hears(AI_NOTICE, "Salve.")


@pytest.mark.parametrize("role", ["admin", "operator", "viewer"])
async def test_an_owners_question_is_not_answered_by_less_than_an_owner(
    closed: Stage, role: str
) -> None:
    closed.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    await closed.opens(secret_key=SECRET_KEY)
    await appoint(closed, ADA, "owner")
    ada = closed.person("Ada")
    ada.writes("/bots")
    await ada.receives(1)
    await asked(ada)
    await closed.database.write(lambda c: c.execute(update(admins).values(role=role)))
    ada.writes(OWN_TOKEN)
    await ada.hears(say(Desk.NOT_ALLOWED, "it", tenant="Hotel Aurora"))
    assert await closed.rows("SELECT id FROM bots WHERE username = 'own_bot'") == []


@pytest.mark.parametrize("command", ["retired", "history"])
async def test_what_nobody_asks_any_more_makes_no_chat_deaf(closed: Stage, command: str) -> None:
    """The program was replaced by one without that command, or without that question."""
    ada = await asked(await owner(closed))
    form = json.dumps({"command": command, "tenant": TENANT, "step": ""})
    await closed.database.write(lambda c: c.execute(update(chats).values(form=form)))
    closed.will_say("Salve.")
    ada.writes("Buongiorno")
    await ada.hears(AI_NOTICE, "Salve.")
    assert await closed.rows("SELECT id FROM chats WHERE form IS NOT NULL") == []
