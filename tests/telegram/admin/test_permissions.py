"""Who may do what: each role, each command and button, the own tenant, another, and none.

The table is written by hand, so that a command that is new, or that asks for less, fails here.
"""

from collections.abc import Mapping
from typing import Final

import pytest
from sqlalchemy import delete, update

from bot.core.texts import say
from bot.core.texts.desk import Desk as Say
from db.engine import Database
from db.journal import Journal
from db.models import admins
from db.people import Appoint, Person
from db.records import Actor
from db.tenants import SaveProfile
from tenants.permissions import OF_CLIENTS, Action, Role, may
from tests.databases import seed_tenant
from tests.fakes.clock import NOON
from tests.telegram.admin.counter import (
    DONE,
    EXPIRED,
    PEOPLE,
    UNKNOWN,
    Counter,
    Outcomes,
    open_counter,
)
from tests.telegram.admin.registered import commands
from tests.telegram.conftest import Desk as Telegram

HOTEL, BANK = 1, 2
REFUSED = say(Say.NOT_ALLOWED, "en", tenant="hotel-aurora")

EVERYBODY = "host owner admin operator viewer"
READERS = "owner admin operator"  # a host reads what clients say of no company but their own
PEOPLE_BUTTONS = ("invite", "join", "void", "who", "make", "drop", "gone", "list")
BOT_BUTTONS = ("add", "create", "bot", "token", "drop", "gone", "list", "take")
SITE_BUTTONS = ("list", "add", "site", "also", "where", "look", "limits", "accent", "corner")
SITE_DEEDS = ("pace", "day", "on", "off", "drop", "gone")
KEY_BUTTONS = ("list", "add", "for", "key", "drop", "gone", "hide")
CODES = ("code", "turn", "revoke", "once", "each", "ends")
ASSISTANTS = (
    "agree",
    "new",
    "more",
    "list",
    "show",
    "edit",
    "drop",
    "gone",
    "own",
    "make",
    *CODES,
    "ask",
    "set",
    "same",
    "add",
    "tool",
    "rest",
)
SOURCES = ("source", "replace", "extend", "get", "remove", "gone")
KNOWLEDGE = ("paste", "add", "file", "clear", "done", "show", *SOURCES)
COMPANIES = ("list", "new", "from", "make", "show", "rename", "delete", "speak")
STATES = ("pause", "resume", "archive")
GUIDE = ("at", "skip", "later", "trade", "voice", "ask", "agree", "publish")
CHANGES = ("ask", "set", "default", "several", "discard", "agree", "switch", "own")

# The command, the first word of a button ("" is the command as it is typed), and whom it is for.
TABLE: Final[Mapping[tuple[str, str], str]] = {
    ("admins", ""): "host owner",
    ("assistants", ""): "host owner admin",
    ("audit", ""): "host owner admin viewer",
    ("audit", "tenant"): "host owner admin viewer",
    ("audit", "service"): "host",
    ("bots", ""): "host owner",
    **{("chats", word): READERS for word in ("", "list", "read", "open", "show", "done", "seen")},
    **{("requests", word): READERS for word in ("", "list", "one", "done", "finish")},
    **{("questions", word): "owner admin" for word in ("", "list", "one", "write", "settle")},
    **{("duty", word): READERS for word in ("", "always", "never", "hours")},
    **{("sites", word): "host owner admin" for word in ("", *SITE_BUTTONS, *SITE_DEEDS)},
    **{("keys", word): "owner" for word in ("", *KEY_BUTTONS)},
    ("configure", ""): EVERYBODY,
    ("company", ""): EVERYBODY,
    ("configure", "card"): EVERYBODY,
    ("configure", "export"): EVERYBODY,
    ("configure", "group"): EVERYBODY,
    ("configure", "more"): EVERYBODY,
    **{("configure", word): "host owner admin" for word in CHANGES},
    ("done", ""): EVERYBODY,
    ("home", ""): EVERYBODY,
    ("home", "list"): EVERYBODY,
    ("home", "client"): EVERYBODY,
    ("history", ""): EVERYBODY,
    ("history", "v"): EVERYBODY,
    ("history", "list"): EVERYBODY,
    ("history", "back"): "host owner admin",
    ("history", "yes"): "host owner admin",
    ("knowledge", ""): "host owner admin",
    **{("mcp", word): "host owner admin" for word in ("", "list", "add", "drop", "gone")},
    ("preview", ""): "host owner admin",
    ("publish", ""): "host owner admin",
    ("setup", ""): "host owner admin",
    ("tenants", ""): "host",
    **{("admins", word): "host owner" for word in PEOPLE_BUTTONS},
    **{("bots", word): "host owner" for word in BOT_BUTTONS},
    **{("assistants", word): "host owner admin" for word in ASSISTANTS},
    **{("knowledge", word): "host owner admin" for word in KNOWLEDGE},
    **{("setup", word): "host owner admin" for word in GUIDE},
    **{("publish", word): "host owner admin" for word in ("show", "back", "now", "note", "try")},
    **{("tenants", word): "host" for word in (*COMPANIES, *STATES)},
}
# Whom an answer to the command's questions is for; the others ask nothing.
ANSWERS: Final = {
    ("assistants", "host owner admin"),
    ("bots", "host owner"),
    ("bots", EVERYBODY),  # for which company it is: those that one may add a bot to are offered
    ("configure", "host owner admin"),
    ("duty", READERS),
    ("keys", "owner"),
    ("knowledge", "host owner admin"),
    ("mcp", "host owner admin"),
    ("publish", "host owner admin"),
    ("questions", "owner admin"),
    ("setup", "host owner admin"),
    ("sites", "host owner admin"),
    ("tenants", "host"),
}
COMMANDS = {command.name: command for command in commands()}
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def by_role(allowed: str, *, refused: str, strangers: str) -> Outcomes:
    """What each role hears; `strangers` those without any."""
    heard: Outcomes = {None: strangers}
    for role in Role:
        heard[role] = DONE if role in allowed.split() else refused
    return heard


NOBODY = by_role("", refused=EXPIRED, strangers=EXPIRED)


@pytest.fixture
async def counter(desk: Telegram, database: Database, journal: Journal) -> Counter:
    await seed_tenant(journal, bot_id=desk.me.id)
    await journal.do(SaveProfile("banca-aessefin", "{}", "test", NOON))
    await appoint_all(journal)
    return await open_counter(desk.telegram, desk.bot, database, [*COMMANDS.values()])


async def appoint_all(journal: Journal) -> None:
    """Somebody of each role, but for the host's, which is a setting."""
    for role in set(Role) - {Role.HOST}:
        person = Person(PEOPLE[role], "Anna", role)
        await journal.do(Appoint(HOTEL, person, Actor(None, "console"), NOON))


async def each_pressed(counter: Counter, tenant: int) -> dict[tuple[str, str], Outcomes]:
    """Each button, of this tenant: one counter for all, since they only look."""
    return {(name, word): await counter.presses(f"{name}:{tenant}:{word}") for name, word in TABLE}


def test_each_command_and_button_has_its_row() -> None:
    words = {(one.name, word) for one in COMMANDS.values() for word in one.presses}
    assert words == set(TABLE)


def test_each_answer_is_for_those_of_its_row() -> None:
    asked = {
        (one.name, " ".join(role for role in Role if may(role, guarded.action)))
        for one in COMMANDS.values()
        for guarded in one.answers.values()
    }
    assert asked == ANSWERS


@on_sqlite
async def test_a_button_that_no_command_names_is_nobodys(counter: Counter) -> None:
    heard = {name: await counter.presses(f"{name}:{HOTEL}:unheard-of") for name in COMMANDS}
    assert heard == dict.fromkeys(COMMANDS, NOBODY)


@on_sqlite
async def test_a_button_of_the_own_tenant(counter: Counter) -> None:
    expected = {
        row: by_role(allowed, refused=REFUSED, strangers=EXPIRED) for row, allowed in TABLE.items()
    }
    assert await each_pressed(counter, HOTEL) == expected


@on_sqlite
async def test_a_button_of_another_tenant(counter: Counter) -> None:
    expected = {row: by_role("host", refused=EXPIRED, strangers=EXPIRED) for row in TABLE}
    for name, word in TABLE:
        if COMMANDS[name].presses[word].action in OF_CLIENTS:
            refused = say(Say.NOT_ALLOWED, "en", tenant="banca-aessefin")
            expected[name, word][Role.HOST] = refused
    assert await each_pressed(counter, BANK) == expected


@on_sqlite
async def test_a_button_of_no_tenant(counter: Counter) -> None:
    expected = {}
    for name, word in TABLE:
        command = COMMANDS[name]
        allowed = EVERYBODY if command.presses[word].action is Action.DESK else "host"
        let_in = by_role(allowed, refused=EXPIRED, strangers=EXPIRED)
        expected[name, word] = NOBODY if command.needs_tenant else let_in
    assert await each_pressed(counter, 0) == expected


@on_sqlite
async def test_a_company_that_was_deleted_meanwhile_is_nobodys(counter: Counter) -> None:
    counter.said.gone.add(HOTEL)
    gone = say(Say.GONE, "en")
    typed = {name: await counter.types(f"/{name}") for name in COMMANDS}
    assert typed == dict.fromkeys(COMMANDS, by_role("", refused=gone, strangers=UNKNOWN))
    pressed = {name: await counter.presses(f"{name}:{HOTEL}:") for name in COMMANDS}
    assert pressed == dict.fromkeys(COMMANDS, by_role("", refused=gone, strangers=EXPIRED))


@pytest.mark.parametrize("tenant", ["3", "9" * 40, "x", "-1", "٣"])
@on_sqlite
async def test_a_button_of_a_tenant_that_does_not_exist(tenant: str, counter: Counter) -> None:
    heard = {name: await counter.presses(f"{name}:{tenant}:") for name in COMMANDS}
    assert heard == dict.fromkeys(COMMANDS, NOBODY)


@on_sqlite
async def test_a_command_that_is_typed(counter: Counter) -> None:
    expected = {}
    for name, command in COMMANDS.items():
        expected[name] = by_role(TABLE[name, ""], refused=REFUSED, strangers=UNKNOWN)
        if command.action in OF_CLIENTS:
            expected[name][Role.HOST] = say(Say.HOST_READS_NOTHING, "en", tenant="hotel-aurora")
    assert {name: await counter.types(f"/{name}") for name in COMMANDS} == expected


@on_sqlite
async def test_a_command_that_is_typed_in_a_group(counter: Counter) -> None:
    expected = by_role("", refused=say(Say.IN_PRIVATE, "en"), strangers=UNKNOWN)
    heard = {name: await counter.types(f"/{name}", chat=-100) for name in COMMANDS}
    assert heard == dict.fromkeys(COMMANDS, expected)


@on_sqlite
async def test_a_role_taken_while_a_deed_is_prepared_does_it_no_more(
    desk: Telegram, database: Database, journal: Journal, counter: Counter
) -> None:
    async def removed(user: int) -> None:
        row = delete(admins).where(admins.c.user_id == user)
        await database.write(lambda connection: connection.execute(row))

    late = await open_counter(
        desk.telegram, desk.bot, database, [*COMMANDS.values()], meanwhile=removed
    )
    done, left = {}, {}
    for (name, word), allowed in TABLE.items():
        heard = await late.presses(f"{name}:{HOTEL}:{word}")
        done[name, word] = [role for role, said in heard.items() if said == DONE]
        left[name, word] = [Role.HOST] if "host" in allowed else []  # by the settings
        await appoint_all(journal)
    assert done == left


@on_sqlite
async def test_a_role_that_is_made_less_meanwhile_does_no_more_than_it_may(
    desk: Telegram, database: Database, journal: Journal, counter: Counter
) -> None:
    async def demoted(user: int) -> None:
        row = update(admins).where(admins.c.user_id == user).values(role=Role.OPERATOR)
        await database.write(lambda connection: connection.execute(row))

    late = await open_counter(
        desk.telegram, desk.bot, database, [*COMMANDS.values()], meanwhile=demoted
    )
    done, left = {}, {}
    for typed in (*COMMANDS, "configure sector Hotels"):
        allowed = set(TABLE.get((typed, ""), "host").split())
        heard = await late.types(f"/{typed}")
        done[typed] = {role for role, said in heard.items() if said == DONE}
        left[typed] = allowed if Role.OPERATOR in allowed else allowed & {Role.HOST}
        await appoint_all(journal)
    assert done == left


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("/configure", "host owner admin operator viewer"),
        ("/configure EXPORT", "host owner admin operator viewer"),
        ("/configure sector Hotels", "host owner admin"),
        ("/configure sector", "host owner admin"),
        ("/history 3", "host owner admin operator viewer"),
    ],
)
async def test_words_after_a_command_may_need_more(
    typed: str, allowed: str, counter: Counter
) -> None:
    expected = by_role(allowed, refused=REFUSED, strangers=UNKNOWN)
    assert await counter.types(typed) == expected
