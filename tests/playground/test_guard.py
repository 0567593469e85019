"""What other sites' pages can do to a playground that runs beside them: nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import telegram

from bot.playground.page import About
from bot.playground.stand_ins import BOT_ID, EmulatedTelegram, emulate_openai, emulate_telegram
from bot.playground.telegram.botfather import BOTFATHER_ID
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.methods import METHODS
from tests.playground.openai.test_process import started
from tests.playground.telegram.test_main import running

EVIL = "https://evil.example"
WRITES = sorted(name for name in METHODS if not name.startswith("get") or name == "getupdates")
READS = ["/", "/client/state", "/client/events", "/control/calls", "/static/js/main.js"]
FOREIGN = {
    "an image": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "another port": {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    "a frame": {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "iframe",
    },
    "a script": {"Origin": EVIL, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
    "an old browser": {"Origin": EVIL},
    "a sandbox": {"Origin": "null"},
    "no browser's spelling": {"Origin": "HTTP://127.0.0.1"},
}
REBOUND = ["evil.example", "127.0.0.1.evil.example:80", "localhost.", "", "127.0.0.2", "[::1"]
VISIT = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@dataclass(frozen=True)
class Playground:
    """One that runs, and a program that sends requests to it."""

    telegram: EmulatedTelegram
    http: httpx2.AsyncClient

    async def asks(self, path: str, method: str = "GET", **options: Any) -> httpx2.Response:
        """Only the head of the answer: there are some that never end."""
        async with self.http.stream(method, path, **options) as response:
            return response

    async def said(self) -> list[str]:
        """What the bot said to its first client."""
        path = f"/client/chats/1001/messages?bot={BOT_ID}"
        return [message["text"] for message in (await self.http.get(path)).json()]


async def about(admins: tuple[int, ...]) -> About:
    return About("Hotel Aurora", "it", "offline", "SQLite", "0.1.0", admins)


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    async with (
        emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram,
        httpx2.AsyncClient(base_url=telegram.url) as http,
    ):
        await http.post("/client/chats/1001/messages", json={"bot": BOT_ID, "text": "Ciao"})
        yield Playground(telegram, http)


# ------------------------------------------------------------------ where requests come from


@pytest.mark.parametrize("kind", FOREIGN)
async def test_a_foreign_page_gets_and_changes_nothing(playground: Playground, kind: str) -> None:
    token = playground.telegram.token
    sending = f"/bot{token}/sendMessage?chat_id=1001&text=x"
    paths = [("GET", path) for path in (*READS, f"/bot{token}/getMe", sending)]
    paths += [("POST", path) for path in ("/client/people", "/control/faults", sending)]
    for method, path in [*paths, ("DELETE", f"/control/bots/{BOT_ID}"), ("OPTIONS", sending)]:
        answer = await playground.asks(path, method, headers=FOREIGN[kind])
        assert answer.status_code == 403, path
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert await playground.said() == ["Ciao"]


@pytest.mark.parametrize("host", REBOUND)
async def test_a_foreign_name_that_leads_here_is_refused(playground: Playground, host: str) -> None:
    token = playground.telegram.token
    for method in ("GET", "POST"):
        for path in (*READS, f"/bot{token}/sendMessage?chat_id=1001&text=x"):
            answer = await playground.asks(path, method, headers={"Host": host})
            assert answer.status_code == 400, path
    assert await playground.said() == ["Ciao"]


async def test_a_link_leads_to_the_page_and_to_nothing_else(playground: Playground) -> None:
    assert (await playground.asks("/", headers=VISIT)).status_code == 200
    for path in READS[1:]:
        assert (await playground.asks(path, headers=VISIT)).status_code == 403
    assert (await playground.asks("/", "POST", headers=VISIT)).status_code == 403


async def test_the_page_itself_and_programs_are_served(playground: Playground) -> None:
    url = playground.telegram.url
    own = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    written = {"bot": BOT_ID, "text": "Buonasera"}
    for headers in (own, {}, {"Sec-Fetch-Site": "none"}):
        path = "/client/chats/1001/messages"
        assert (await playground.asks(path, "POST", json=written, headers=headers)).is_success
        assert (await playground.asks("/client/state", headers=headers)).is_success


# ------------------------------------------------------------------ what a GET can do


@pytest.mark.parametrize("method", WRITES)
async def test_a_method_that_changes_something_is_not_called_with_get(
    playground: Playground, method: str
) -> None:
    path = f"/bot{playground.telegram.token}/{method}?chat_id=1001&text=x&offset=99"
    for spelled in (path, path.replace(method, method.upper())):
        answer = await playground.http.get(spelled)
        assert answer.status_code == 405
        assert answer.json()["ok"] is False
    assert (await playground.http.get("/control/calls")).json() == []
    assert await playground.said() == ["Ciao"]


async def test_the_librarys_bot_is_served(playground: Playground) -> None:
    token, url = playground.telegram.token, playground.telegram.url
    async with telegram.Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        update = (await bot.get_updates())[-1]
        assert update.message
        assert update.message.text == "Ciao"
        await bot.send_message(1001, "Buongiorno")
    assert await playground.said() == ["Ciao", "Buongiorno"]


# ------------------------------------------------------------------ the token


async def test_each_start_makes_a_token_of_its_own(tmp_path: Path) -> None:
    tokens: list[str] = []
    for state in ("one.db", "one.db", "two.db"):
        async with (
            emulate_telegram(state=tmp_path / state, port=0, about=about) as telegram,
            httpx2.AsyncClient(base_url=telegram.url) as http,
        ):
            for before in tokens:
                assert (await http.post(f"/bot{before}/getMe")).status_code == 401
            assert (await http.post(f"/bot{telegram.token}/getMe")).is_success
            tokens.append(telegram.token)
    assert len({*tokens}) == 3
    assert all(len(token.partition(":")[2]) >= 32 for token in tokens)


def test_nobody_knows_botfathers_token(tmp_path: Path) -> None:
    tokens: list[str] = []
    for _ in range(2):
        emulator = TelegramEmulator(state=tmp_path / "telegram.db")
        emulator.botfather.open()
        tokens.append(emulator.world.bots[BOTFATHER_ID].token)
        assert [emulator.world.bot_by_token(token) is not None for token in tokens] == [
            token == tokens[-1] for token in tokens
        ]
        emulator.close()


# ------------------------------------------------------------------ the other servers


async def test_the_offline_model_is_guarded_too(tmp_path: Path) -> None:
    async with emulate_openai(state=tmp_path / "m.db") as model, httpx2.AsyncClient() as http:
        await _is_guarded(http, model.base_url.removesuffix("/v1"))


async def test_an_emulated_telegram_by_itself_is_guarded() -> None:
    async with running() as (_, emulator), httpx2.AsyncClient() as http:
        await _is_guarded(http, emulator.url)


async def test_an_emulated_openai_by_itself_is_guarded() -> None:
    async with started() as (_, api), httpx2.AsyncClient() as http:
        await _is_guarded(http, str(api.base_url).rstrip("/").removesuffix("/v1"))


async def _is_guarded(http: httpx2.AsyncClient, url: str) -> None:
    faults = f"{url}/control/faults"
    assert (await http.get(faults)).status_code == 200
    assert (await http.get(faults, headers={"Host": "evil.example"})).status_code == 400
    for headers in FOREIGN.values():
        assert (await http.get(faults, headers=headers)).status_code == 403
        assert (await http.delete(faults, headers=headers)).status_code == 403
