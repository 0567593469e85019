"""Which servers a turn's answers may ask, and how they are then: without a turn around it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.core.calls import Call, RemoteCall
from bot.ops.vault import KeyVault
from bot.turns.mcp import Servers, TurnServers
from db.calls import CallRow, ProposeCalls
from db.engine import Database
from db.journal import Journal
from db.mcp import NoteServers, ServerFailure, ServerRow, servers_of
from tenants.profile import Profile
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journal import FakeJournal, FakeReads
from tests.fakes.model import answer
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.records import TURN

VAULT = KeyVault.open(SecretStr("a key of tests"))
OTHERS = KeyVault.open(SecretStr("another key"))
PROFILE = Profile(tools=("mcp:rooms", "mcp:menu"))


def server(number: int, label: str, vault: KeyVault = VAULT, **fields: Any) -> ServerRow:
    sealed = vault.encrypt(json.dumps({"url": f"https://{label}.example", "token": ""}))
    return replace(ServerRow(number, 3, label, f"{label}.example", sealed), **fields)


ROOMS, MENU = server(1, "rooms"), server(2, "menu")


@dataclass(slots=True)
class Place:
    """The servers of a company."""

    found: tuple[ServerRow, ...]
    allowed: bool = True
    journal: FakeJournal = field(
        default_factory=lambda: FakeJournal({ProposeCalls: None, NoteServers: None})
    )
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)

    async def opens(self, *rows: CallRow) -> TurnServers:
        reads: Mapping[Any, list[Any]] = {servers_of: [self.found]}
        servers = Servers(
            cast(Database, FakeReads(reads)),
            cast(Journal, self.journal),
            FakeClock(),
            VAULT,
            self.telemetry,
            self.allowed,
        )
        return await servers.of(TURN, PROFILE, rows)


def labels(servers: TurnServers) -> list[str]:
    return [one.label for one in servers.offered]


@pytest.mark.parametrize(
    ("found", "allowed", "offered"),
    [
        ((ROOMS, MENU, server(3, "other")), True, ["rooms", "menu"]),
        ((ROOMS,), False, []),
        ((replace(ROOMS, retry_at=NOON + 1), MENU), True, ["menu"]),
        ((replace(ROOMS, retry_at=NOON), MENU), True, ["rooms", "menu"]),
    ],
)
async def test_those_are_offered_that_the_assistant_has_and_that_answer(
    found: tuple[ServerRow, ...], *, allowed: bool, offered: list[str]
) -> None:
    assert labels(await Place(found, allowed).opens()) == offered


async def test_one_whose_secret_cannot_be_read_is_left_out_and_told() -> None:
    place = Place((MENU, server(1, "rooms", OTHERS)))
    assert labels(await place.opens()) == ["menu"]
    assert place.journal.done == [NoteServers((1,), ServerFailure.LOCKED, NOON)]
    assert place.telemetry.count("MCP server failed") == 1


async def test_what_a_dead_process_left_is_asked_of_its_server_alone() -> None:
    ours = CallRow("call_1", "resp_1", "book", "{}", "d")
    theirs = replace(ours, call_id="mcp_1", server="rooms")
    assert [*(await Place((ROOMS,)).opens(ours, theirs)).rows] == ["mcp_1"]


@pytest.mark.parametrize(
    ("failures", "is_down", "noted"),
    [
        (0, False, []),
        (2, False, [NoteServers((1,), None, NOON)]),
        (0, True, [NoteServers((1,), ServerFailure.BROKE, NOON)]),
    ],
)
async def test_how_one_is_that_was_asked_is_noted_and_of_others_nothing(
    failures: int, *, is_down: bool, noted: list[NoteServers]
) -> None:
    place = Place((replace(ROOMS, failures=failures), replace(MENU, failures=5)))
    servers = await place.opens()
    call = RemoteCall(Call("mcp_1", "rooms.free", "{}", "rooms"), "Room 7.", is_down=is_down)
    for _ in range(2):  # the second time it is known
        await servers.note(answer("Ecco.", remote=(call,)))
    proposed, *others = place.journal.done
    assert isinstance(proposed, ProposeCalls)
    assert [row.response_id for row in proposed.calls] == ["resp_1"]
    assert others == noted
    assert labels(servers) == (["menu"] if is_down else ["rooms", "menu"])


async def test_where_an_answer_has_no_id_its_last_item_stands_for_it() -> None:
    place = Place((ROOMS,))
    call = RemoteCall(Call("mcp_1", "rooms.free", "{}", "rooms"), "Room 7.")
    unnamed = replace(answer("Ecco.", remote=(call,)), response_id="", last_item_id="msg_1")
    await (await place.opens()).note(unnamed)
    assert [row.response_id for row in place.journal.done[0].calls] == ["msg_1"]
