"""/keys: owners let programs of theirs talk to the assistant; a key is shown once."""

import re

import pytest
from pydantic import SecretStr

from bot.core.api_keys import PURPOSE, read
from bot.core.texts import say
from bot.core.texts.desk import Desk
from bot.core.texts.profile import Configure
from bot.core.texts.web import ProgramKeys, Sites
from bot.ops.vault import KeyVault
from db.api_keys import NoteKeyUsed, Scope, keys_of
from tests.scenarios.admins import KEY, both_languages, headed
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_sites import DESK, HOTEL, at_sites, keys_in, marked, presses
from tests.scenarios.versions import appoint


async def owner(stage: Stage, language: str = "it") -> Person:
    """The hotel's owner, who has looked at its keys, of which there are none."""
    stage.public_url = DESK
    await stage.opens(secret_key=KEY)
    olga = stage.person("Olga", language)
    await appoint(stage, olga.chat_id, "owner")
    olga.writes("/keys")
    await olga.hears(headed(say(ProgramKeys.NONE, language)))
    return olga


async def made(olga: Person, name: str, language: str = "it") -> str:
    """The key that is shown, from the list on."""
    await presses(olga, say(ProgramKeys.ADD, language), say(ProgramKeys.ASK_SCOPES, language))
    olga.presses(say(ProgramKeys.CHAT_READ, language))
    await olga.hears(headed(say(ProgramKeys.ASK_NAME, language)))
    olga.writes(name)
    (told,) = await olga.receives(1)
    (key,) = re.findall(r"spk_\S+", told["text"])
    assert told["text"] == headed(say(ProgramKeys.SHOWN, language, name=name, key=key))
    return str(key)


def copies(person: Person) -> list[str]:
    """What the buttons of the last message copy."""
    return [
        key["copy_text"]["text"] for key in keys_in(person.messages()[-1]) if "copy_text" in key
    ]


@both_languages
async def test_a_key_is_shown_once_and_stays_nowhere(closed: Stage, language: str) -> None:
    olga = await owner(closed, language)
    key = await made(olga, "CRM", language)

    (kept,) = await closed.database.read(keys_of, HOTEL)
    row, secret = read(key) or (0, "")
    vault = KeyVault.open(SecretStr(KEY))
    assert (kept.id, kept.name, kept.scopes) == (row, "CRM", frozenset({Scope.CHAT, Scope.READ}))
    assert kept.digest in vault.digests(secret, purpose=PURPOSE)
    await closed.settles()
    assert [text for text in await closed.everything_stored() if secret in text] == []

    assert copies(olga) == [key]
    await presses(olga, say(ProgramKeys.HIDE, language), say(ProgramKeys.HIDDEN, language))
    assert key not in "".join(olga.said())
    await closed.settles()
    assert [text for text in await closed.everything_stored() if secret in text] == []


async def test_two_of_a_name_and_no_third(closed: Stage) -> None:
    olga = await owner(closed)
    for _ in range(2):
        await made(olga, "CRM")
        olga.writes("/keys")
        await olga.receives(1)
    olga.presses(say(ProgramKeys.ADD, "it"))
    await closed.until(lambda: say(ProgramKeys.CHAT, "it") in olga.buttons())
    olga.presses(say(ProgramKeys.CHAT, "it"))
    await olga.hears(headed(say(ProgramKeys.ASK_NAME, "it")))

    olga.writes("CRM")

    await olga.hears(headed(say(ProgramKeys.TOO_MANY, "it", name="CRM")))
    first, second = await closed.database.read(keys_of, HOTEL)
    olga.writes("/keys")
    (listed,) = await olga.receives(1)
    assert f"CRM ({first.id}): " in listed["text"]
    await presses(olga, f"🔑 CRM ({second.id})", say(ProgramKeys.CHAT_READ, "it"))
    really = say(ProgramKeys.REALLY_REVOKE, "it", name=f"CRM ({second.id})")
    await presses(olga, say(ProgramKeys.REVOKE, "it"), really)


@pytest.mark.parametrize("name", ["x" * 41, "\u2060"])
async def test_a_name_that_is_none_is_asked_for_again(closed: Stage, name: str) -> None:
    olga = await owner(closed)
    await presses(olga, say(ProgramKeys.ADD, "it"), say(ProgramKeys.ASK_SCOPES, "it"))
    olga.presses(say(ProgramKeys.ALL, "it"))
    await olga.hears(headed(say(ProgramKeys.ASK_NAME, "it")))

    olga.writes(name)
    await olga.hears(headed(say(ProgramKeys.BAD_NAME, "it", count=40)))
    olga.writes("Sala\ncomandi")
    await olga.receives(1)

    (kept,) = await closed.database.read(keys_of, HOTEL)
    assert (kept.name, kept.scopes) == ("Sala comandi", frozenset(Scope))


@both_languages
async def test_a_key_is_withdrawn_after_a_question(closed: Stage, language: str) -> None:
    olga = await owner(closed, language)
    await made(olga, "CRM", language)
    (kept,) = await closed.database.read(keys_of, HOTEL)
    used = NoteKeyUsed(kept.id, closed.clock.now())
    await closed.database.write(used.carry_out)
    olga.writes("/keys")
    (listed,) = await olga.receives(1)
    assert say(ProgramKeys.LIST, language) in listed["text"]
    assert say(ProgramKeys.NEVER_USED, language) not in listed["text"]

    await presses(olga, "🔑 CRM", say(ProgramKeys.CHAT_READ, language))
    really = say(ProgramKeys.REALLY_REVOKE, language, name="CRM")
    await presses(olga, say(ProgramKeys.REVOKE, language), really)
    revoked = say(ProgramKeys.REVOKED, language, name="CRM")
    await presses(olga, say(ProgramKeys.YES_REVOKE, language), revoked)

    assert await closed.database.read(keys_of, HOTEL) == ()
    olga.finds_button("Prima", data=f"keys:{HOTEL}:key {kept.id}")
    await presses(olga, "Prima", say(ProgramKeys.GONE, language))


@both_languages
async def test_limits_of_a_key_are_a_tap_each(closed: Stage, language: str) -> None:
    olga = await owner(closed, language)
    await made(olga, "CRM", language)
    olga.writes("/keys")
    await olga.receives(1)
    await presses(olga, "🔑 CRM", say(ProgramKeys.PACE_USUAL, language))
    await presses(olga, say(Sites.LIMITS, language), say(ProgramKeys.ASK_LIMITS, language))

    pace = say(Sites.CHOOSE_PACE, language, count=60)
    await presses(olga, pace, say(ProgramKeys.PACE, language, count=60))
    day = say(Sites.CHOOSE_DAY, language, answers="100")
    await presses(olga, day, say(Sites.DAY, language, answers="100"))
    assert marked(olga) == [say(Configure.CHOSEN, language, choice=one) for one in (pace, day)]
    (kept,) = await closed.database.read(keys_of, HOTEL)
    assert kept.messages_per_minute == 60
    assert kept.daily_tokens is not None
    assert kept.daily_tokens % 100 == 0

    usual = say(ProgramKeys.CHOOSE_PACE_USUAL, language)
    await presses(olga, usual, say(ProgramKeys.PACE_USUAL, language))
    await presses(olga, say(Sites.CHOOSE_DAY_FREE, language), say(Sites.DAY_FREE, language))
    (kept,) = await closed.database.read(keys_of, HOTEL)
    assert (kept.messages_per_minute, kept.daily_tokens) == (None, None)
    await presses(olga, say(ProgramKeys.BACK, language), say(ProgramKeys.CHAT_READ, language))


async def test_without_a_key_to_lock_them_there_are_none(closed: Stage) -> None:
    closed.public_url = DESK
    await closed.opens()
    olga = closed.person("Olga", "it")
    await appoint(closed, olga.chat_id, "owner")
    olga.writes("/keys")
    await olga.hears(headed(say(ProgramKeys.NONE, "it")))
    await presses(olga, say(ProgramKeys.ADD, "it"), say(ProgramKeys.NO_KEY, "it"))


@both_languages
async def test_an_admin_finds_sites_and_no_keys(closed: Stage, language: str) -> None:
    closed.public_url = DESK
    await closed.opens(secret_key=KEY)
    aldo = closed.person("Aldo", language)
    await appoint(closed, aldo.chat_id, "admin")
    aldo.writes("/sites")
    await aldo.hears(headed(say(Sites.NONE, language)))
    assert say(Sites.KEYS, language) not in aldo.buttons()

    aldo.writes("/keys")
    await aldo.hears(say(Desk.NOT_ALLOWED, language, tenant="Hotel Aurora"))


async def test_a_host_makes_no_keys_of_a_company_in_the_chat(closed: Stage) -> None:
    ada = await at_sites(closed)
    assert say(Sites.KEYS, "it") not in ada.buttons()
    ada.writes("/keys")
    await ada.hears(say(Desk.HOST_MAKES_NO_KEYS, "it", tenant="Hotel Aurora"))


async def test_a_host_who_is_an_owner_too_finds_what_owners_do(closed: Stage) -> None:
    ada = await at_sites(closed)
    await appoint(closed, ada.chat_id, "owner")
    ada.writes("/sites")
    await ada.hears(headed(say(Sites.NONE, "it")))
    await presses(ada, say(Sites.KEYS, "it"), say(ProgramKeys.NONE, "it"))


async def test_a_pasted_key_is_taken_away(closed: Stage) -> None:
    olga = await owner(closed)
    key = await made(olga, "CRM")
    closed.will_say("Buongiorno.")
    anna = closed.person("Anna")
    anna.writes("Buongiorno")
    await anna.hears(AI_NOTICE, "Buongiorno.")

    anna.writes(f"la chiave è {key}")

    await anna.receives(1)
    await closed.settles()
    assert [text for text in await closed.everything_stored() if key in text] == []
