"""Keys of before go, or say what counts now; what is shown is the company's own."""

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins
from bot.core.texts.profile import CompanyCard, Versions
from tests.scenarios.admins import admin, invites, the_link
from tests.scenarios.cards import last, sees, taps
from tests.scenarios.company import SECRET_KEY, company
from tests.scenarios.stage import Stage
from tests.scenarios.versions import drafts, looks


async def test_the_keys_of_what_was_published_go(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    ada.presses(say(Versions.PUBLISH, "it"))
    await ada.receives(2)
    await closed.until(lambda: say(Versions.PUBLISH, "it") not in ada.buttons())


async def test_a_card_that_is_out_of_date_leads_to_how_it_is_now(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    await drafts(closed, author="Bea", sector="ostello")
    ada.presses(say(Versions.PUBLISH, "it"))
    assert say(Versions.CHANGED_MEANWHILE, "it") in await last(ada)
    ada.presses(say(Versions.LOOK_AGAIN, "it"))
    await sees(ada, "ostello")


async def test_a_key_that_means_nothing_any_more_says_so_and_goes(closed: Stage) -> None:
    await admin(closed)
    anna = closed.person("Anna")
    anna.finds_button("Vecchio", data="configure:1:card")
    anna.presses("Vecchio")
    await closed.until(lambda: anna.buttons() == [])
    [call] = closed.telegram.calls.of("answerCallbackQuery")
    assert call.params["text"] == say(Text.BUTTON_EXPIRED, "it")


async def test_the_links_that_are_shown_open_the_companys_own_bot(closed: Stage) -> None:
    ada = await admin(closed, secret_key=SECRET_KEY)
    bank = await company(closed)
    await bank.adds_bot()
    await bank.hears_that("bot started")
    own = say(CompanyCard.LINK, "it", link="https://t.me/bank_bot")
    ada.finds_button("Banca", data=f"take:{bank.tenant}:configure")
    ada.presses("Banca")
    await sees(ada, own)
    ada.writes("/tenants bank")
    assert "https://t.me/bank_bot" in await last(ada)
    ada.writes("/admins")
    await ada.receives(1)
    await taps(ada, Admins.INVITE, Admins.ROLE_ADMIN, Admins.FOR_GOOD)
    await ada.receives(1)
    assert (await the_link(ada)).startswith("https://t.me/bank_bot?start=")


async def test_an_invitation_opens_the_hosts_bot_where_there_is_no_other(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/admins")
    await ada.receives(1)
    assert (await invites(ada, "admin")).startswith("https://t.me/aurora_bot?start=")
