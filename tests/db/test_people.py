from typing import Any

from db.audit import trail
from db.invites import Invite
from db.models import invites
from db.people import (
    GIVERS,
    HOST,
    OWNER,
    Appoint,
    Person,
    PrivateChat,
    Refusal,
    Revoke,
    SetRole,
    TakeInHand,
    held,
    hosts,
    people_of,
    roles_of,
    rooms_of,
    rooms_with,
)
from db.records import Actor
from db.tenants import SaveProfile, tenant_in_hand
from tenants.permissions import Action, Role, may
from tests.databases import BOT
from tests.db.desk import Desk
from tests.fakes.clock import NOON

ANNA, BRUNO, CARLA = 1001, 1002, 1003
NAMES = {ANNA: "Anna", BRUNO: "Bruno", CARLA: "Carla"}
CONSOLE = Actor(None, "console")
HOTEL, BANK = 1, 2
LATER = NOON + 3600


async def appoint(
    desk: Desk, user: int, role: str, tenant: int | None = HOTEL, until: float | None = None
) -> None:
    person = Person(user, NAMES[user], role, until)
    await desk.journal.do(Appoint(tenant, person, CONSOLE, NOON))


async def set_role(desk: Desk, user: int, role: str, **fields: Any) -> Refusal | None:
    return await desk.journal.do(SetRole(HOTEL, user, role, CONSOLE, NOON, **fields))


def revoking(user: int, tenant: int | None = HOTEL, now: float = NOON) -> Revoke:
    return Revoke(tenant, user, CONSOLE, now)


async def roles(desk: Desk, user: int, now: float = NOON) -> dict[int | None, str]:
    return await desk.database.read(lambda connection: roles_of(connection, user_id=user, now=now))


async def people(desk: Desk, tenant: int | None = HOTEL) -> list[tuple[str, str]]:
    found = await desk.database.read(lambda connection: people_of(connection, tenant, NOON))
    return [(person.name, person.role) for person in found]


async def open_bank(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("banca-aessefin", "{}", "test", NOON))


def test_the_roles_that_the_database_knows_are_those_of_the_permissions() -> None:
    assert (HOST, OWNER) == (Role.HOST, Role.OWNER)
    assert {role for role in Role if may(role, Action.ADMINS)} == GIVERS


async def test_nobody_has_a_role_to_begin_with(desk: Desk) -> None:
    assert await roles(desk, ANNA) == {}
    assert await people(desk) == []


async def test_a_role_is_of_one_tenant(desk: Desk) -> None:
    await open_bank(desk)
    await appoint(desk, ANNA, "owner")
    await appoint(desk, ANNA, "viewer", BANK)
    await appoint(desk, BRUNO, HOST, None)
    assert await roles(desk, ANNA) == {HOTEL: "owner", BANK: "viewer"}
    assert await roles(desk, BRUNO) == {None: HOST}
    assert await people(desk, BANK) == [("Anna", "viewer")]
    assert await people(desk, None) == [("Bruno", HOST)]
    assert await desk.database.read(lambda connection: held(connection, NOON)) == {
        (ANNA, HOTEL, "owner"),
        (ANNA, BANK, "viewer"),
        (BRUNO, None, HOST),
    }
    assert await desk.database.read(lambda connection: hosts(connection, NOON)) == (BRUNO,)


async def test_a_role_ends_by_itself(desk: Desk) -> None:
    await appoint(desk, ANNA, "owner", until=LATER)
    assert await roles(desk, ANNA, LATER - 1) == {HOTEL: "owner"}
    assert await roles(desk, ANNA, LATER) == {}


async def test_one_whose_role_has_ended_may_come_back(desk: Desk) -> None:
    await appoint(desk, ANNA, "owner", until=NOON - 1)
    await appoint(desk, ANNA, "viewer")
    assert await people(desk) == [("Anna", "viewer")]


async def test_a_second_appointment_takes_the_place_of_the_first(desk: Desk) -> None:
    for role in ("admin", "operator"):
        await appoint(desk, ANNA, role)
        await appoint(desk, BRUNO, HOST, None)
    assert await people(desk) == [("Anna", "operator")]
    assert await people(desk, None) == [("Bruno", HOST)]


async def test_a_role_is_changed(desk: Desk) -> None:
    await appoint(desk, ANNA, "viewer")
    assert await set_role(desk, ANNA, "admin", until=LATER) is None
    assert await roles(desk, ANNA) == {HOTEL: "admin"}
    assert await roles(desk, ANNA, LATER) == {}


async def test_who_has_no_role_cannot_be_changed_or_removed(desk: Desk) -> None:
    assert await set_role(desk, ANNA, "owner") is Refusal.UNKNOWN
    assert await desk.journal.do(revoking(ANNA)) is Refusal.UNKNOWN


async def test_the_last_owner_stays(desk: Desk) -> None:
    await appoint(desk, ANNA, OWNER)
    await appoint(desk, BRUNO, "admin")
    assert await desk.journal.do(revoking(ANNA)) is Refusal.LAST_OWNER
    assert await set_role(desk, ANNA, "viewer") is Refusal.LAST_OWNER
    assert await set_role(desk, ANNA, OWNER, until=LATER) is Refusal.LAST_OWNER
    assert await set_role(desk, ANNA, OWNER) is None
    assert await roles(desk, ANNA) == {HOTEL: OWNER}


async def test_an_owner_goes_when_another_stays(desk: Desk) -> None:
    await appoint(desk, ANNA, OWNER)
    await appoint(desk, BRUNO, OWNER)
    assert await desk.journal.do(revoking(ANNA)) is None
    assert await people(desk) == [("Bruno", OWNER)]


async def test_one_who_owns_for_a_time_does_not_take_the_place_of_the_last(desk: Desk) -> None:
    await appoint(desk, ANNA, OWNER)
    await appoint(desk, BRUNO, OWNER, until=LATER)
    assert await desk.journal.do(revoking(ANNA)) is Refusal.LAST_OWNER
    assert await desk.journal.do(revoking(BRUNO)) is None


async def test_an_owner_of_another_tenant_does_not_count(desk: Desk) -> None:
    await open_bank(desk)
    await appoint(desk, ANNA, OWNER)
    await appoint(desk, BRUNO, OWNER, BANK)
    assert await desk.journal.do(revoking(ANNA)) is Refusal.LAST_OWNER


async def test_the_links_of_one_who_is_removed_are_void(desk: Desk) -> None:
    await open_bank(desk)
    await appoint(desk, ANNA, "admin")
    for digest, tenant in (("one", HOTEL), ("two", BANK)):
        actor = Actor(ANNA, "Anna")
        await desk.journal.do(Invite(digest, tenant, "viewer", LATER, actor, NOON))
    await desk.journal.do(revoking(ANNA))
    stored = await desk.stored(invites)
    assert [row.revoked_at for row in stored] == [NOON, None]


async def test_each_change_is_in_the_trail(desk: Desk) -> None:
    await appoint(desk, ANNA, "viewer")
    await set_role(desk, ANNA, "admin")
    await desk.journal.do(revoking(ANNA))
    entries = await desk.database.read(lambda connection: trail(connection, tenant=HOTEL, limit=9))
    assert [(e.action, e.subject, e.old, e.new, e.actor) for e in entries] == [
        ("admin removed", "Anna", "admin", None, CONSOLE),
        ("admin changed", "Anna", "viewer", "admin", CONSOLE),
        ("admin added", "Anna", None, "viewer", CONSOLE),
    ]


async def test_what_an_admin_has_in_hand_is_remembered(desk: Desk) -> None:
    await open_bank(desk)

    async def hand() -> int | None:
        found = await desk.database.read(lambda connection: tenant_in_hand(connection, ANNA))
        return found.id if found else None

    assert await hand() is None
    for tenant in (HOTEL, BANK):
        await desk.journal.do(TakeInHand(ANNA, tenant))
        assert await hand() == tenant


async def test_those_with_a_role_are_found_where_they_talk_to_a_bot(desk: Desk) -> None:
    for client in (ANNA, BRUNO, CARLA):
        await desk.hear(client=client, language="it")
    await desk.hear(client=ANNA, topic=5)
    await appoint(desk, ANNA, "viewer", until=NOON - 1)
    rooms = [PrivateChat(BOT, ANNA, "it"), PrivateChat(BOT, CARLA, "it")]
    found = await desk.database.read(lambda c: rooms_with(c, [BOT], besides=[CARLA]))
    assert list(found) == rooms
    assert await desk.database.read(lambda c: rooms_with(c, [BOT + 1], besides=[CARLA])) == ()
    assert await desk.database.read(lambda c: rooms_of(c, CARLA)) == (rooms[1],)


# ------------------------------------------------------------------------ whose role has an end


def giving(giver: int, user: int, role: str, **fields: Any) -> SetRole:
    return SetRole(HOTEL, user, role, Actor(giver, NAMES[giver]), NOON, **fields)


async def ends(desk: Desk, user: int) -> float | None:
    found = await desk.database.read(lambda connection: people_of(connection, HOTEL, NOON))
    return next(person.until for person in found if person.user_id == user)


async def test_an_owner_for_a_time_makes_nobody_one_for_longer(desk: Desk) -> None:
    await appoint(desk, ANNA, OWNER, until=LATER)
    await appoint(desk, BRUNO, "viewer")
    assert await desk.journal.do(giving(ANNA, BRUNO, OWNER)) is None
    assert (await roles(desk, BRUNO), await ends(desk, BRUNO)) == ({HOTEL: OWNER}, LATER)
    await appoint(desk, CARLA, "viewer", until=LATER - 1)
    assert await desk.journal.do(giving(ANNA, CARLA, OWNER, until=LATER + 1)) is None
    assert await ends(desk, CARLA) == LATER - 1


async def test_who_gives_for_good_leaves_the_end_as_it_was(desk: Desk) -> None:
    await appoint(desk, ANNA, OWNER)
    await appoint(desk, BRUNO, "viewer", until=LATER)
    for change in (
        giving(ANNA, BRUNO, "admin"),
        giving(CARLA, BRUNO, "operator", named=frozenset({CARLA})),
        SetRole(HOTEL, BRUNO, "viewer", CONSOLE, NOON),
    ):
        assert await desk.journal.do(change) is None
        assert await ends(desk, BRUNO) == LATER


async def test_an_owner_for_a_time_does_not_put_an_end_to_the_last_owner(desk: Desk) -> None:
    await appoint(desk, ANNA, OWNER, until=LATER)
    await appoint(desk, BRUNO, OWNER)
    assert await desk.journal.do(giving(ANNA, BRUNO, OWNER)) is Refusal.LAST_OWNER
    assert await ends(desk, BRUNO) is None


async def test_who_has_no_right_changes_nobody(desk: Desk) -> None:
    await appoint(desk, ANNA, "admin")
    await appoint(desk, BRUNO, "viewer")
    assert await desk.journal.do(giving(ANNA, BRUNO, OWNER)) is Refusal.NOT_GIVEN
    assert await roles(desk, BRUNO) == {HOTEL: "viewer"}
