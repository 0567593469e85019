"""Several bots in one process: each is its tenant's alone, and comes and goes by itself."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.desk import Bots
from db.bots import Added, BotState, find_bot
from db.journal import apply
from db.people import Appoint
from db.people import Person as Member
from tests.databases import SEEDED_AT
from tests.scenarios.company import BANK, CONSOLE, SECRET_KEY, Company, company
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, Stage

BANK_NOTICE = BANK.ai_notice


@pytest.fixture
async def stage(closed: Stage) -> Stage:
    await closed.opens(secret_key=SECRET_KEY)
    return closed


async def opened_bank(stage: Stage) -> Company:
    """The bank's bot listens, beside the hotel's."""
    bank = await company(stage)
    assert await bank.adds_bot() is Added.NEW
    await bank.hears_that("bot started")
    return bank


async def met(stage: Stage, person: Person, notice: str | None, bubble: str = "Salve.") -> None:
    stage.will_say(bubble)
    person.writes("Buongiorno")
    await person.hears(*([notice] if notice else []), bubble)


async def state(stage: Stage, bot: int) -> BotState:
    found = await stage.database.read(lambda connection: find_bot(connection, bot))
    assert found is not None
    return found.state


# ------------------------------------------------------------------ isolation


async def test_a_client_of_two_companies_is_two_clients(stage: Stage) -> None:
    anna, bank = stage.person("Anna"), await opened_bank(stage)
    anna_at_bank = bank.client(anna)

    await met(stage, anna, AI_NOTICE, "Benvenuta in hotel.")
    await met(stage, anna_at_bank, BANK_NOTICE, "Benvenuta in banca.")

    hotel_asked, bank_asked = stage.asked()
    assert "3 euro" not in hotel_asked["instructions"]
    assert "Hotel Aurora" not in bank_asked["instructions"]
    for key in ("conversation", "safety_identifier", "prompt_cache_key"):
        assert hotel_asked[key] != bank_asked[key]


async def test_what_one_forgets_the_other_keeps(stage: Stage) -> None:
    anna, bank = stage.person("Anna"), await opened_bank(stage)
    anna_at_bank = bank.client(anna)
    await met(stage, anna, AI_NOTICE)
    await met(stage, anna_at_bank, BANK_NOTICE)
    before = stage.asked()[1]["conversation"]

    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))

    await met(stage, anna_at_bank, None, "Ancora qui.")
    assert stage.asked()[2]["conversation"] == before


async def test_a_penalty_of_one_is_not_the_others(stage: Stage) -> None:
    anna, bank = stage.person("Anna"), await opened_bank(stage)
    anna_at_bank = bank.client(anna)
    stage.telegram_fails("429", retry_after_seconds=60)
    stage.will_say("Salve.")
    anna.writes("Buongiorno")
    await stage.until(lambda: stage.telegram.calls.of("sendMessage") != [])

    await met(stage, anna_at_bank, BANK_NOTICE)
    assert anna.untold() == []
    await anna.hears(AI_NOTICE, "Salve.")


# ---------------------------------------------------------------- come and go


async def test_an_added_bot_hears_what_was_written_before(stage: Stage) -> None:
    bank = await company(stage)
    anna = bank.client(stage.person("Anna"))
    anna.writes("/help")

    await bank.adds_bot()

    await anna.hears(say(Text.HELP, "it"))


async def test_added_bots_are_there_after_a_restart(stage: Stage) -> None:
    bank = await opened_bank(stage)
    anna = bank.client(stage.person("Anna"))
    await met(stage, anna, BANK_NOTICE)

    await stage.closes()
    await stage.opens()

    await met(stage, anna, None, "Eccomi.")


async def test_a_removed_bot_is_silent_and_the_others_go_on(stage: Stage) -> None:
    anna, bank = stage.person("Anna"), await opened_bank(stage)
    anna_at_bank = bank.client(anna)
    await met(stage, anna_at_bank, BANK_NOTICE)

    await bank.removes_bot()
    await bank.hears_that("bot stopped")

    anna_at_bank.writes("Ci siete?")
    await met(stage, anna, AI_NOTICE)
    assert anna_at_bank.untold() == []
    assert stage.telegram.world.updates[bank.bot].pending == 1


async def test_a_turn_under_way_ends_with_its_bot(stage: Stage) -> None:
    bank = await opened_bank(stage)
    anna = bank.client(stage.person("Anna"))
    await met(stage, anna, BANK_NOTICE)
    stage.will_say("Sì.", "Il conto costa " + "molto " * 50, delay_ms=20)
    anna.writes("Quanto costa?")
    await anna.hears("Sì.")

    await bank.removes_bot()
    await bank.hears_that("bot stopped")

    assert await stage.count("SELECT count(*) FROM turns WHERE state = 'open'") == 0
    assert anna.untold() == []


async def test_a_bot_that_comes_back_goes_on_with_its_chats(stage: Stage) -> None:
    bank = await opened_bank(stage)
    anna = bank.client(stage.person("Anna"))
    await met(stage, anna, BANK_NOTICE)
    await bank.removes_bot()
    await bank.hears_that("bot stopped")

    assert await bank.adds_bot() is Added.NEW
    await met(stage, anna, None, "Bentornata.")

    first, second = stage.asked()
    assert first["conversation"] == second["conversation"]


async def test_bots_of_an_archived_company_are_not_heard(stage: Stage) -> None:
    bank = await opened_bank(stage)
    anna = bank.client(stage.person("Anna"))

    await stage.runs("UPDATE tenants SET state = 'archived' WHERE name = 'bank'")
    await bank.hears_that("bot stopped")
    anna.writes("/help")
    await stage.runs("UPDATE tenants SET state = 'active' WHERE name = 'bank'")

    await anna.hears(say(Text.HELP, "it"))


# -------------------------------------------------------------------- tokens


async def test_a_new_token_takes_the_place_of_the_old_one(stage: Stage) -> None:
    bank = await opened_bank(stage)
    anna = bank.client(stage.person("Anna"))
    await met(stage, anna, BANK_NOTICE)

    bank.token = stage.telegram.registry.revoke(bank.bot)
    assert await bank.adds_bot() is Added.ROTATED
    await met(stage, anna, None, "Eccomi.")
    stage.may_warn("bot refused")

    first, second = stage.asked()
    assert first["conversation"] == second["conversation"]


async def test_a_revoked_token_silences_its_bot_alone(stage: Stage) -> None:
    anna, bank = stage.person("Anna"), await opened_bank(stage)
    anna_at_bank = bank.client(anna)
    await met(stage, anna_at_bank, BANK_NOTICE)

    stage.telegram.registry.revoke(bank.bot)
    await bank.hears_that("bot refused")
    await bank.hears_that("bot stopped")
    stage.warns("bot refused")

    assert await state(stage, bank.bot) is BotState.REFUSED
    await met(stage, anna, AI_NOTICE)
    assert await state(stage, BOT) is BotState.SHARED


async def test_its_owner_is_told_by_another_bot(stage: Stage) -> None:
    olga, bank = stage.person("Olga"), await opened_bank(stage)
    owner = Appoint(bank.tenant, Member(olga.chat_id, "Olga", "owner"), CONSOLE, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [owner]))
    olga.writes("/help")
    await olga.receives(2)

    stage.telegram.registry.revoke(bank.bot)

    await olga.hears(say(Bots.TOLD_REFUSED, "it", bot="bank_bot"))
    stage.warns("bot refused")


async def test_a_refused_bot_is_tried_again_at_the_next_start(stage: Stage) -> None:
    bank = await opened_bank(stage)
    await stage.closes()
    await stage.opens(secret_key="another-key-that-opens-nothing")
    await bank.hears_that("bot refused")
    stage.warns("bot refused")
    assert await state(stage, bank.bot) is BotState.REFUSED
    await stage.closes()

    await stage.opens(secret_key=f"another-key-that-opens-nothing {SECRET_KEY}")
    await bank.hears_that("bot started", times=2)

    assert await state(stage, bank.bot) is BotState.ACTIVE


async def test_a_bot_whose_server_fails_is_started_later(stage: Stage) -> None:
    bank = await company(stage)
    stage.telegram_fails("500", method="getMe", count=2)
    await bank.adds_bot()
    await bank.hears_that("bot started")
    stage.warns("bot not started yet")

    await met(stage, bank.client(stage.person("Anna")), BANK_NOTICE)


async def test_no_token_is_kept_in_plain_text(stage: Stage) -> None:
    bank = await opened_bank(stage)
    secret = bank.token.partition(":")[2]

    assert [text for text in await stage.everything_stored() if secret in text] == []
    assert not any(secret in repr(said) for said in stage.telemetry.records)
