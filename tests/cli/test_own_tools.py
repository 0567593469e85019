"""`sportello tools` of a company that has declared one, and its secret under another key."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.core.calls import Effect
from bot.core.declared import DeclaredField, DeclaredTool, FieldKind, Method
from bot.ops.vault import KeyVault
from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database, complaint
from tests.systems import System, serving

pytestmark = pytest.mark.usefixtures("current")

OLD, NEW = "the-old-key-0123456789", "the-new-key-0123456789"
SECRET = "Bearer s3cr3t-of-the-hotel"
ADD = (
    "INSERT INTO company_tools (tenant_id, name, declaration, secret, changed_at)"
    " VALUES (1, 'book_table', ?, ?, 0)"
)


@pytest.fixture
async def system(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[System]:
    async def answers(request: web.BaseRequest) -> web.Response:
        return web.json_response({"table": 7, "seen": request.headers["X-Key"]})

    monkeypatch.setenv("TENANT_TOOLS", "true")
    monkeypatch.setenv("TENANT_TOOLS_INSIDE", "127.0.0.1")
    monkeypatch.setenv("SECRET_KEY", OLD)
    async with serving(answers) as served:
        yield served


def declare(sportello: Sportello, system: System) -> None:
    sportello("tenants", "create", "gino")
    declared = DeclaredTool(
        does="Books a table.",
        method=Method.POST,
        address=f"{system.url}book",
        fields=(DeclaredField(name="people", kind=FieldKind.NUMBER),),
        header="X-Key",
        effect=Effect.WRITE,
    )
    sealed = KeyVault.open(SecretStr(OLD)).encrypt(SECRET)
    change_database((ADD, (declared.model_dump_json(), sealed)))


async def walking(walk: Callable[[], None]) -> None:
    await asyncio.to_thread(walk)


async def test_a_companys_own_are_listed_and_called(sportello: Sportello, system: System) -> None:
    def walk() -> None:
        declare(sportello, system)
        listed = {
            one["name"]: one for one in answer(sportello, "tools", "list", "--tenant", "gino")
        }
        assert (listed["book_table"]["host"], listed["book_table"]["confirm"]) == (
            "127.0.0.1",
            True,
        )
        assert "book_table" not in sportello("tools", "list").stdout
        call = ("tools", "call", "book_table", '{"people": 4}', "--tenant", "gino")
        assert "say --yes" in complaint(sportello, *call, code=1)
        told = sportello(*call, "--yes").stdout
        assert json.loads(told)["data"]["table"] == 7
        assert "s3cr3t" not in told

    await walking(walk)
    assert system.bodies == ['{"people": 4}']


async def test_without_the_hosts_word_there_are_none(
    sportello: Sportello, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk() -> None:
        declare(sportello, system)
        monkeypatch.setenv("TENANT_TOOLS", "false")
        assert "there is no tool “book_table”" in complaint(
            sportello, "tools", "call", "book_table", "--tenant", "gino", "--yes", code=1
        )

    await walking(walk)
    assert system.asked == []


async def test_its_secret_gets_under_the_new_key(
    sportello: Sportello, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk() -> None:
        declare(sportello, system)
        monkeypatch.setenv("SECRET_KEY", NEW)
        lost = "no key of SECRET_KEY opens the secret of the tool book_table"
        assert lost in complaint(sportello, "bots", "rotate-key", code=1)
        monkeypatch.setenv("SECRET_KEY", f"{NEW},{OLD}")
        assert answer(sportello, "bots", "rotate-key") == {"tokens": 0, "tool_secrets": 1}
        monkeypatch.setenv("SECRET_KEY", NEW)
        call = ("tools", "call", "book_table", '{"people": 4}', "--tenant", "gino", "--yes")
        assert json.loads(sportello(*call).stdout)["data"]["table"] == 7

    await walking(walk)
    assert [one.headers["X-Key"] for one in system.asked] == [SECRET]
