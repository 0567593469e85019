"""/sites, of one site: owners have their logged-in customers recognised there."""

import re

import jwt
from pydantic import SecretStr

from bot.core.texts import say
from bot.core.texts.web import Accounts, ProgramKeys, Sites
from bot.ops.vault import KeyVault
from bot.telegram.admin.moments import moment
from bot.web.proof import prove
from db.identity_secrets import secrets_of_site
from tests.scenarios.admins import KEY, both_languages, each_language, headed
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_program_keys import copies
from tests.scenarios.test_sites import DESK, keys_in, presses, sites
from tests.scenarios.versions import appoint
from tests.scenarios.web import add_site

SITE = 1


async def at_accounts(stage: Stage, language: str = "it", secret_key: str | None = KEY) -> Person:
    """The hotel's owner, at the accounts of its site, which has no secret."""
    stage.public_url = DESK
    await stage.opens(secret_key=secret_key)
    await add_site(stage)
    olga = stage.person("Olga", language)
    await appoint(stage, olga.chat_id, "owner")
    olga.writes("/sites")
    await olga.receives(1)
    await presses(olga, "www.aurora.example", say(Sites.PASTE, language))
    await presses(olga, say(Sites.ACCOUNTS, language), say(Accounts.NO_SECRET, language))
    return olga


async def made(olga: Person, language: str = "it") -> str:
    """The secret that is shown."""
    olga.presses(say(Accounts.MAKE, language))
    (told,) = await olga.receives(1)
    (secret,) = re.findall(r"spi_\S+", told["text"])
    site = "www.aurora.example"
    assert told["text"] == headed(say(Accounts.SHOWN, language, site=site, secret=secret))
    return str(secret)


@each_language
async def test_a_secret_is_shown_once_and_signs(closed: Stage, language: str) -> None:
    olga = await at_accounts(closed, language)
    secret = await made(olga, language)

    (kept,) = await closed.database.read(secrets_of_site, SITE)
    assert KeyVault.open(SecretStr(KEY)).decrypt(kept.sealed) == secret
    claims = {"sub": "anna", "aud": "site_aurora", "exp": closed.clock.now() + 60}
    token = jwt.encode(claims, secret, algorithm="HS256")
    proven = prove(token, [secret], audience="site_aurora", now=closed.clock.now())
    assert proven.sub == "anna"
    await closed.settles()
    assert [text for text in await closed.everything_stored() if secret in text] == []

    assert copies(olga) == [secret]
    await presses(olga, say(Accounts.HIDE, language), say(Accounts.HIDDEN, language))
    assert secret not in "".join(olga.said())
    await closed.settles()
    assert [text for text in await closed.everything_stored() if secret in text] == []


@both_languages
async def test_the_old_one_is_withdrawn_and_others_are_shut_out(
    closed: Stage, language: str
) -> None:
    olga = await at_accounts(closed, language)
    for _ in range(2):
        await made(olga, language)
        await presses(olga, say(Accounts.HIDE, language), say(Accounts.HIDDEN, language))
        await presses(olga, say(Sites.BACK, language), say(Accounts.ABOUT, language))
    assert say(Accounts.MAKE, language) not in str(keys_in(olga.messages()[-1]))
    old, _ = await closed.database.read(secrets_of_site, SITE)
    at = moment(old.created_at, language, zone="Europe/Rome")

    olga.presses_key(f"sites:1:retire {SITE} {old.id}")
    really = say(Accounts.REALLY_RETIRE, language, at=at)
    await closed.until(lambda: really in olga.messages()[-1]["text"])
    await presses(olga, say(Accounts.YES_RETIRE, language), say(Accounts.EVERYBODY, language))
    assert [one.id for one in await closed.database.read(secrets_of_site, SITE)] == [2]

    only = say(Accounts.ONLY_KNOWN, language)
    await presses(olga, say(Accounts.TO_ONLY_KNOWN, language), only)
    assert [site.known_only for site in await sites(closed)] == [True]
    await presses(olga, say(Accounts.TO_EVERYBODY, language), say(Accounts.EVERYBODY, language))
    assert [site.known_only for site in await sites(closed)] == [False]


async def test_nobody_is_shut_out_before_anybody_can_be_known(closed: Stage) -> None:
    olga = await at_accounts(closed)
    assert say(Accounts.TO_ONLY_KNOWN, "it") not in olga.buttons()
    olga.finds_button("Prima", data=f"sites:1:only {SITE}")
    olga.presses("Prima")
    await closed.until(lambda: "Prima" not in olga.buttons())
    assert [site.known_only for site in await sites(closed)] == [False]


async def test_without_a_key_of_the_service_none_is_made(closed: Stage) -> None:
    olga = await at_accounts(closed, secret_key=None)
    await presses(olga, say(Accounts.MAKE, "it"), say(ProgramKeys.NO_KEY, "it"))
    assert await closed.database.read(secrets_of_site, SITE) == ()
