"""/sites: people of a company let its assistant answer on their pages."""

import pytest

from bot.core.texts import say
from bot.core.texts.profile import Configure
from bot.core.texts.web import Sites
from db.sites import WEB, Corner, Site, sites_of
from tenants.origins import line_for
from tests.scenarios.admins import KEY, admin, both_languages, each_language, headed
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

DESK = "https://desk.example"
HOTEL = 1


async def at_sites(stage: Stage, language: str = "it") -> Person:
    """A host at the hotel's sites, of which there are none."""
    stage.public_url = DESK
    ada = await admin(stage, language, secret_key=KEY)
    ada.writes("/sites")
    await ada.hears(headed(say(Sites.NONE, language)))
    return ada


async def asked(ada: Person, language: str = "it") -> Person:
    ada.presses(say(Sites.ADD, language))
    await ada.hears(headed(say(Sites.ASK, language)))
    return ada


async def added(stage: Stage, language: str = "it") -> tuple[Person, Site]:
    """With one."""
    ada = await asked(await at_sites(stage, language), language)
    ada.writes("www.aurora.example")
    (card,) = await ada.receives(1)
    (site,) = await sites(stage)
    assert line_for(DESK, site.public_key) in card["text"]
    return ada, site


async def sites(stage: Stage) -> tuple[Site, ...]:
    return await stage.database.read(sites_of, HOTEL)


async def presses(ada: Person, label: str, shown: str) -> None:
    """And the card has that in it."""
    ada.presses(label)
    await ada.stage.until(lambda: shown in ada.messages()[-1]["text"])


@each_language
async def test_an_address_brings_a_line_for_the_page(closed: Stage, language: str) -> None:
    """[75] Behind it the way to Telegram, for browsers that run no scripts."""
    ada = await asked(await at_sites(closed, language), language)

    ada.writes("https://WWW.Aurora.example/contatti")

    (card,) = await ada.receives(1)
    (site,) = await sites(closed)
    assert (site.origins, site.is_on) == (("https://www.aurora.example",), True)
    lines = [
        say(Sites.ON, language),
        say(Sites.ADDRESSES, language, addresses="www.aurora.example"),
        say(
            *(Sites.LOOKS, language),
            sign="🔵",
            colour=say(Sites.BLUE, language),
            corner=say(Sites.RIGHT, language),
        ),
        say(Sites.PACE_USUAL, language),
        say(Sites.DAY_FREE, language),
        "",
        say(Sites.PASTE, language),
        "",
        line_for(
            DESK,
            site.public_key,
            elsewhere="https://t.me/aurora_bot?start=hotel",
            words="Scriveteci su Telegram",
        ),
    ]
    assert card["text"] == headed("\n".join(lines))
    copies = [key["copy_text"]["text"] for key in keys_in(card) if "copy_text" in key]
    assert copies == [lines[-1]]


async def test_where_telegram_is_emulated_the_line_leads_nowhere_else(closed: Stage) -> None:
    closed.leads_to_telegram = False

    ada, site = await added(closed)

    copies = [key["copy_text"]["text"] for key in keys_in(ada.messages()[-1]) if "copy_text" in key]
    assert copies == [line_for(DESK, site.public_key)]


def keys_in(message: dict[str, object]) -> list[dict[str, dict[str, str]]]:
    rows = message["reply_markup"]["inline_keyboard"]  # type: ignore[index]  # as Telegram has it
    return [key for row in rows for key in row]


@each_language
async def test_http_is_told_to_show_nothing(closed: Stage, language: str) -> None:
    ada = await asked(await at_sites(closed, language), language)
    ada.writes("http://www.aurora.example http://localhost:8000")
    told, card = (one["text"] for one in await ada.receives(2))
    assert told == headed(say(Sites.INSECURE, language, addresses="www.aurora.example"))
    ada.presses(say(Sites.WHERE, language))
    await ada.receives(1)

    ada.writes("HTTP://aurora.example")
    told, card = (one["text"] for one in await ada.receives(2))
    assert told == headed(say(Sites.INSECURE, language, addresses="aurora.example"))
    assert "🌐 aurora.example\n" in card


@both_languages
async def test_the_name_without_www_is_a_tap(closed: Stage, language: str) -> None:
    ada, _ = await added(closed, language)

    await presses(
        ada,
        say(Sites.ALSO, language, address="aurora.example"),
        "www.aurora.example, aurora.example",
    )

    (site,) = await sites(closed)
    assert site.origins == ("https://www.aurora.example", "https://aurora.example")
    also = say(Sites.ALSO, language, address="www.aurora.example")
    assert also not in ada.buttons()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("il mio sito", say(Sites.UNREAD, "it", words="il mio sito")),
        ("www.aurora.example\n192.168.1.5", say(Sites.UNREAD_BESIDE, "it", words="192.168.1.5")),
        ("…", say(Sites.UNREAD, "it", words="…")),
        ("«»", say(Sites.NO_ADDRESS, "it")),
        (
            " ".join(f"a{number}.example" for number in range(21)),
            say(Sites.TOO_MANY_ADDRESSES, "it", count=20),
        ),
    ],
)
async def test_what_is_no_address_is_asked_for_again(closed: Stage, words: str, told: str) -> None:
    ada = await asked(await at_sites(closed))
    ada.writes(words)
    await ada.hears(headed(told))
    assert await sites(closed) == ()

    ada.writes("www.aurora.example")
    await ada.receives(1)
    assert len(await sites(closed)) == 1


@both_languages
async def test_all_addresses_are_typed_anew(closed: Stage, language: str) -> None:
    ada, site = await added(closed, language)
    ada.presses(say(Sites.WHERE, language))
    now = say(Sites.ASK_WHERE, language, addresses="www.aurora.example")
    await ada.hears(headed(now))

    ada.writes("aurora.example\n*.aurora.example\nпекарня.рф")

    (card,) = await ada.receives(1)
    assert "🌐 aurora.example, *.aurora.example, пекарня.рф" in card["text"]
    ((*_, puny),) = [one.origins for one in await sites(closed)]
    assert puny == "https://xn--80ajpngj0i.xn--p1ai"
    assert site.public_key in card["text"]


@both_languages
async def test_a_colour_and_a_corner_are_a_tap_each(closed: Stage, language: str) -> None:
    ada, _ = await added(closed, language)
    await presses(ada, say(Sites.LOOK, language), say(Sites.ASK_LOOK, language))
    assert say(Configure.CHOSEN, language, choice="🔵") in ada.buttons()

    await presses(ada, "🔴", say(Sites.RED, language))
    await presses(ada, say(Sites.LEFT, language).capitalize(), "🔴")
    await closed.settles()

    (site,) = await sites(closed)
    assert (site.accent, site.corner) == ("#c62828", Corner.LEFT)
    await presses(ada, say(Sites.BACK, language), say(Sites.PASTE, language))


@both_languages
async def test_limits_are_a_tap_each(closed: Stage, language: str) -> None:
    ada, _ = await added(closed, language)
    await presses(ada, say(Sites.LIMITS, language), say(Sites.ASK_LIMITS, language))

    await presses(
        ada, say(Sites.CHOOSE_PACE, language, count=3), say(Sites.PACE, language, count=3)
    )
    await presses(
        ada,
        say(Sites.CHOOSE_DAY, language, answers="300"),
        say(Sites.DAY, language, answers="300"),
    )
    chosen = [
        say(Sites.CHOOSE_PACE, language, count=3),
        say(Sites.CHOOSE_DAY, language, answers="300"),
    ]
    assert marked(ada) == [say(Configure.CHOSEN, language, choice=one) for one in chosen]
    (site,) = await sites(closed)
    assert site.messages_per_minute == 3
    assert site.daily_tokens is not None
    assert site.daily_tokens % 300 == 0

    await presses(ada, say(Sites.CHOOSE_PACE_USUAL, language), say(Sites.PACE_USUAL, language))
    await presses(ada, say(Sites.CHOOSE_DAY_FREE, language), say(Sites.DAY_FREE, language))
    (site,) = await sites(closed)
    assert (site.messages_per_minute, site.daily_tokens) == (None, None)
    chosen = [say(Sites.CHOOSE_PACE_USUAL, language), say(Sites.CHOOSE_DAY_FREE, language)]
    assert marked(ada) == [say(Configure.CHOSEN, language, choice=one) for one in chosen]


def marked(ada: Person) -> list[str]:
    """The buttons of what is chosen."""
    sign = say(Configure.CHOSEN, "en", choice="")
    return [label for label in ada.buttons() if label.startswith(sign)]


@each_language
async def test_an_address_is_one_sites(closed: Stage, language: str) -> None:
    ada, _ = await added(closed, language)
    taken = say(Sites.TAKEN, language, address="www.aurora.example", site="www.aurora.example")

    ada.writes("/sites shop.example www.aurora.example")
    await ada.hears(headed(taken))
    assert len(await sites(closed)) == 1

    ada.writes("aurora.example")  # as it was asked for
    await ada.receives(1)
    ada.presses(say(Sites.ALSO, language, address="www.aurora.example"))
    await ada.hears(headed(taken))
    ada.writes("/sites aurora.example")
    again = say(Sites.TAKEN, language, address="aurora.example", site="aurora.example")
    await ada.hears(headed(again))
    assert [one.name for one in await sites(closed)] == ["www.aurora.example", "aurora.example"]


@both_languages
async def test_it_is_switched_off_and_on(closed: Stage, language: str) -> None:
    ada, _ = await added(closed, language)

    await presses(ada, say(Sites.SWITCH_OFF, language), say(Sites.STANDS_STILL, language))
    assert [site.is_on for site in await sites(closed)] == [False]
    await presses(ada, say(Sites.BACK, language), say(Sites.LIST, language))
    off = say(Sites.LINE_OFF, language, site="www.aurora.example")
    assert off in ada.messages()[-1]["text"]
    await presses(ada, "www.aurora.example", say(Sites.STANDS_STILL, language))
    await presses(ada, say(Sites.SWITCH_ON, language), say(Sites.ON, language))
    assert [site.is_on for site in await sites(closed)] == [True]


@both_languages
async def test_it_is_removed_after_a_question(closed: Stage, language: str) -> None:
    ada, site = await added(closed, language)
    await presses(
        ada,
        say(Sites.REMOVE, language),
        say(Sites.REALLY_REMOVE, language, site=site.name),
    )
    assert len(await sites(closed)) == 1

    ada.presses(say(Sites.YES_REMOVE, language))
    await ada.hears(headed(say(Sites.REMOVED, language, site=site.name)))
    assert await sites(closed) == ()

    ada.finds_button("Prima", data=f"sites:{HOTEL}:site {site.id}")
    ada.presses("Prima")
    await ada.hears(headed(say(Sites.GONE, language)))


async def test_addresses_may_follow_the_command(closed: Stage) -> None:
    ada = await at_sites(closed)
    ada.writes("/sites aurora.example")
    await ada.receives(1)
    assert [site.name for site in await sites(closed)] == ["aurora.example"]


async def test_a_key_that_names_nothing_changes_nothing(closed: Stage) -> None:
    ada, site = await added(closed)
    for words in ("accent {} 99", "corner {} up", "pace {} 7", "day {} -1", "also {} 9", "also {}"):
        data = f"sites:{HOTEL}:{words.format(site.id)}"
        ada.finds_button("Prima", data=data)
        ada.presses("Prima")
        await closed.until(lambda: "Prima" not in ada.buttons())
    assert await sites(closed) == (site,)


@each_language
async def test_where_nothing_is_served_that_is_said(closed: Stage, language: str) -> None:
    ada = await admin(closed, language, secret_key=KEY)
    ada.writes("/sites aurora.example")
    await ada.hears(headed(say(Sites.OFF, language)))
    ada.finds_button("Prima", data=f"sites:{HOTEL}:add")
    ada.presses("Prima")
    await closed.until(lambda: "Prima" not in ada.buttons())
    assert await sites(closed) == ()
    assert "add" not in str(ada.messages()[-1]["reply_markup"])


async def test_a_site_is_among_the_bots_of_another_channel(closed: Stage) -> None:
    _, site = await added(closed)
    rows = await closed.rows("SELECT id, tenant_id FROM bots WHERE channel = 'web'")
    assert (rows, WEB) == ([(site.bot_id, HOTEL)], "web")
