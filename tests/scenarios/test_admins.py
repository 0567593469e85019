"""/admins: an owner invites, changes and removes people."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins, Desk
from bot.telegram.admin.roles import role_name
from tests.scenarios.admins import admin, both_languages, headed, invites, joins, shows_button
from tests.scenarios.cards import sees
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.versions import appoint


async def host(closed: Stage, language: str = "it") -> Person:
    """The host, who has just looked at the tenant's people."""
    ada = await admin(closed, language)
    ada.writes("/admins")
    await ada.hears(headed(say(Admins.NOBODY, language)))
    return ada


async def opens_list(ada: Person) -> str:
    """What /admins shows."""
    ada.writes("/admins")
    (told,) = await ada.receives(1)
    return str(told["text"])


@both_languages
async def test_a_person_is_invited_by_a_link(closed: Stage, language: str) -> None:
    ada = await host(closed, language)
    link = await invites(ada, "owner", language=language)
    bruno = await joins(closed, "Bruno", link, "owner", language)
    person = say(Admins.PERSON, language, name="Bruno", role=role_name("owner", language))
    assert person in await opens_list(bruno)
    assert {"admins", "audit", "help"} <= set(bruno.menu())


async def test_an_invitation_names_who_invites_to_what(closed: Stage) -> None:
    ada = await host(closed)
    link = await invites(ada, "viewer", days=30)
    said = next(text for text in ada.said() if link in text)
    assert said.startswith("Ada La invita a lavorare per Hotel Aurora. Ruolo: osservatore, fino al")


async def test_a_link_is_used_once(closed: Stage) -> None:
    link = await invites(await host(closed), "admin")
    bruno = await joins(closed, "Bruno", link, "admin")
    bruno.opens(link)
    await bruno.hears(say(Admins.LINK_ALREADY, "it"))
    carla = closed.person("Carla")
    carla.opens(link)
    await carla.hears(say(Admins.LINK_USED, "it"))
    carla.writes("/audit")
    await carla.hears(say(Text.UNKNOWN_COMMAND, "it"))


async def test_a_link_that_was_withdrawn_opens_nothing(closed: Stage) -> None:
    ada = await host(closed)
    link = await invites(ada, "admin")
    assert say(Admins.LINKS, "it") in await opens_list(ada)
    ada.presses(next(label for label in ada.buttons() if label.startswith("Annulla l’invito")))
    await ada.hears(headed(say(Admins.VOIDED, "it")))
    bruno = closed.person("Bruno")
    bruno.opens(link)
    await bruno.hears(say(Admins.LINK_REVOKED, "it"))


async def test_many_people_are_listed_page_by_page(closed: Stage) -> None:
    ada = await host(closed)
    await invites(ada, "admin")
    for number in range(25):
        await appoint(closed, 2_000 + number, name=f"Persona {number}")
    assert "Persona 19" in (first := await opens_list(ada))
    assert "Persona 20" not in first
    assert say(Admins.LINKS, "it") not in first
    ada.presses("›")
    await sees(ada, "Persona 24")
    await sees(ada, say(Admins.LINKS, "it"))


async def test_a_link_and_a_role_end(closed: Stage) -> None:
    ada = await host(closed)
    first, second = await invites(ada, "admin"), ""
    ada.writes("/admins")
    await ada.receives(1)
    second = await invites(ada, "admin")
    bruno = await joins(closed, "Bruno", first, "admin")
    await closed.runs("UPDATE invites SET expires_at = created_at")
    carla = closed.person("Carla")
    carla.opens(second)
    await carla.hears(say(Admins.LINK_EXPIRED, "it"))
    await closed.until(lambda: "audit" in bruno.menu())
    await closed.runs("UPDATE admins SET expires_at = added_at")
    await closed.until(lambda: bruno.menu() == [])
    bruno.writes("/audit")
    await bruno.hears(say(Text.UNKNOWN_COMMAND, "it"))


@pytest.mark.parametrize("payload", ["i_", "i_x", f"i_{'A' * 32}"])
async def test_an_invented_link_opens_nothing(closed: Stage, payload: str) -> None:
    await closed.opens()
    anna = closed.person("Anna")
    anna.writes(f"/start {payload}")
    await anna.hears(say(Admins.LINK_UNKNOWN, "it"))


@both_languages
async def test_a_role_is_changed_and_the_menu_with_it(closed: Stage, language: str) -> None:
    ada = await host(closed, language)
    bruno = await joins(
        closed, "Bruno", await invites(ada, "admin", language=language), "admin", language
    )
    await closed.until(lambda: "audit" in bruno.menu())
    await opens_list(ada)
    admin, operator = role_name("admin", language), role_name("operator", language)
    ada.presses(say(Admins.PERSON, language, name="Bruno", role=admin))
    await shows_button(ada, say(Admins.MAKE, language, role=operator))
    ada.presses(say(Admins.MAKE, language, role=operator))
    done = say(Admins.CHANGED, language, name="Bruno", old=admin, new=operator)
    await ada.hears(headed(done))
    await closed.until(lambda: "audit" not in bruno.menu())
    bruno.writes("/audit")
    await bruno.hears(say(Desk.NOT_ALLOWED, language, tenant="Hotel Aurora"))


async def test_who_owns_for_a_time_makes_an_owner_for_that_time(closed: Stage) -> None:
    ada = await host(closed)
    bruno = closed.person("Bruno")
    bruno.opens(await invites(ada, "owner", days=7))
    await bruno.receives(1)
    await appoint(closed, 2_000, "viewer", name="Carla")
    await opens_list(bruno)
    owner, viewer = role_name("owner", "it"), role_name("viewer", "it")
    bruno.presses(say(Admins.PERSON, "it", name="Carla", role=viewer))
    await shows_button(bruno, say(Admins.MAKE, "it", role=owner))
    bruno.presses(say(Admins.MAKE, "it", role=owner))
    (told,) = await bruno.receives(1)
    assert f"Carla: {viewer} → {owner}\nCarla" in told["text"]
    ends = await closed.rows("SELECT DISTINCT expires_at FROM admins WHERE role = 'owner'")
    assert len(ends) == 1
    assert ends[0][0] is not None


async def test_one_who_is_removed_is_a_client_again(closed: Stage) -> None:
    ada = await host(closed)
    bruno = await joins(closed, "Bruno", await invites(ada, "admin"), "admin")
    await closed.until(lambda: "audit" in bruno.menu())
    await opens_list(ada)
    await removes(ada, "Bruno", "admin")
    await ada.hears(headed(say(Admins.REMOVED, "it", name="Bruno")))
    bruno.writes("/audit")
    await bruno.hears(say(Text.UNKNOWN_COMMAND, "it"))
    await closed.until(lambda: bruno.menu() == [])


async def removes(ada: Person, name: str, role: str) -> None:
    ada.presses(say(Admins.PERSON, "it", name=name, role=role_name(role, "it")))
    await shows_button(ada, say(Admins.REMOVE, "it"))
    ada.presses(say(Admins.REMOVE, "it"))
    await shows_button(ada, say(Admins.YES_REMOVE, "it"))
    ada.presses(say(Admins.YES_REMOVE, "it"))


async def test_the_last_owner_stays(closed: Stage) -> None:
    ada = await host(closed)
    bruno = await joins(closed, "Bruno", await invites(ada, "owner"), "owner")
    await opens_list(bruno)
    await removes(bruno, "Bruno", "owner")
    await bruno.hears(headed(say(Admins.LAST_OWNER, "it")))
    assert "Bruno: titolare" in await opens_list(bruno)


@both_languages
async def test_in_a_group_an_admin_is_sent_to_the_private_chat(
    closed: Stage, language: str
) -> None:
    ada = await host(closed, language)
    anna = closed.person("Anna", language)
    group = closed.group(ada, anna)
    ada.writes("/admins@aurora_bot", to=group)
    await group.hears(say(Desk.IN_PRIVATE, language))
    anna.writes("/admins@aurora_bot", to=group)
    await group.hears(say(Text.UNKNOWN_COMMAND, language))


@both_languages
@pytest.mark.parametrize("command", ["/configure", "/admins", "/audit", "/cancel", "/nonsense"])
async def test_a_client_who_types_an_admins_command_hears_of_an_unknown_one(
    closed: Stage, command: str, language: str
) -> None:
    await closed.opens(admin_ids=(999,))
    anna = closed.person("Anna", language)
    anna.writes(command)
    await anna.hears(say(Text.UNKNOWN_COMMAND, language))


async def test_the_link_is_stored_nowhere(closed: Stage) -> None:
    ada = await host(closed)
    link = await invites(ada, "admin")
    await joins(closed, "Bruno", link, "admin")
    await closed.settles()
    token = link.partition("?start=i_")[2]
    assert not [text for text in await closed.everything_stored() if token in text]


async def test_one_who_may_only_look_changes_nothing_by_typing(closed: Stage) -> None:
    ada = await host(closed)
    bruno = await joins(closed, "Bruno", await invites(ada, "viewer"), "viewer")
    bruno.writes("/configure company_name Grand Hotel")
    await bruno.receives(1)
    await closed.settles()
    assert await closed.rows("SELECT revision FROM drafts") == []
