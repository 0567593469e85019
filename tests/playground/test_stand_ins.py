"""What stands in for missing credentials."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.errors import ConfigError
from bot.playground.page import About
from bot.playground.stand_ins import (
    BOT_ID,
    CLIENTS,
    PORTS_TRIED,
    emulate_openai,
    emulate_telegram,
)


async def about(admins: tuple[int, ...]) -> About:
    return About("Hotel Aurora", "it", "offline", "SQLite", "0.1.0", admins)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        yield port


async def fetch(url: str, path: str, **options: Any) -> httpx2.Response:
    async with httpx2.AsyncClient(base_url=url) as http:
        return await http.get(path, **options)


# ------------------------------------------------------------------ Telegram


async def test_the_bot_and_its_people_live_there(tmp_path: Path) -> None:
    async with emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram:
        me = (await fetch(telegram.url, f"/bot{telegram.token}/getMe")).json()["result"]
        state = (await fetch(telegram.url, "/client/state")).json()

    names = {person["id"]: person["first_name"] for person in state["people"]}
    (group,) = state["chats"]
    assert (me["id"], me["first_name"], me["username"]) == (
        BOT_ID,
        "Hotel Aurora",
        "hotel_aurora_bot",
    )
    assert {person["language_code"] for person in state["people"]} == {"it", "en", "ru"}
    assert [names[admin] for admin in telegram.admins] == ["Marco Bellini"]
    assert {member["id"] for member in group["members"]} == {BOT_ID, *names}


async def test_the_page_knows_the_admins(tmp_path: Path) -> None:
    async with emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram:
        told = (await fetch(telegram.url, "/playground/about")).json()
        page = await fetch(telegram.url, "/")

    assert tuple(told["admins"]) == telegram.admins
    assert page.headers["content-type"].startswith("text/html")


async def test_nobody_moves_in_twice(tmp_path: Path) -> None:
    states = []
    for _ in range(2):
        async with emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram:
            states.append((telegram.admins, (await fetch(telegram.url, "/client/state")).json()))

    first, second = ((admins, state["people"], state["chats"]) for admins, state in states)
    assert first == second


@pytest.mark.parametrize("change", [("POST", "/revoke"), ("DELETE", "")], ids=["revoke", "delete"])
async def test_what_botfather_did_to_the_bot_does_not_end_the_playground(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    method, path = change
    async with (
        emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram,
        httpx2.AsyncClient() as http,
    ):
        await http.request(method, f"{telegram.url}/control/bots/{BOT_ID}{path}")

    async with emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram:
        me = (await fetch(telegram.url, f"/bot{telegram.token}/getMe")).json()["result"]
        people = (await fetch(telegram.url, "/client/state")).json()["people"]
    assert me["id"] == BOT_ID
    assert len(people) == len(CLIENTS) + 1


async def test_a_foreign_site_gets_nothing(tmp_path: Path) -> None:
    async with (
        emulate_telegram(state=tmp_path / "t.db", port=0, about=about) as telegram,
        emulate_openai(state=tmp_path / "m.db") as model,
    ):
        for url in (telegram.url, model.base_url):
            answer = await fetch(url, "/client/state", headers={"Host": "evil.example"})
            assert answer.status_code == 400


async def test_a_taken_port_makes_way_for_the_next(tmp_path: Path, taken: int) -> None:
    async with emulate_telegram(state=tmp_path / "t.db", port=taken, about=about) as telegram:
        assert taken < int(telegram.url.rpartition(":")[2]) < taken + PORTS_TRIED


async def test_when_all_ports_are_taken_it_says_so(tmp_path: Path) -> None:
    with ExitStack() as stack:
        last = 65_535
        stack.enter_context(closing(socket.create_server(("127.0.0.1", last))))
        with pytest.raises(ConfigError, match="PLAYGROUND_PORT: 65535 to 65535 are taken"):
            async with emulate_telegram(state=tmp_path / "t.db", port=last, about=about):
                pytest.fail("it listens")


async def test_a_state_in_use_is_told(tmp_path: Path) -> None:
    state = tmp_path / "t.db"
    async with emulate_telegram(state=state, port=0, about=about):
        with pytest.raises(ConfigError, match="another `sportello` is using"):
            async with emulate_telegram(state=state, port=0, about=about):
                pytest.fail("two at once")


@pytest.mark.parametrize("stand_in", ["telegram", "openai"])
async def test_a_file_that_is_no_state_is_told(tmp_path: Path, stand_in: str) -> None:
    state = tmp_path / "diary.db"
    state.write_text("Caro diario, oggi non ho scritto nessuna base di dati.")
    opening = (
        emulate_telegram(state=state, port=0, about=about)
        if stand_in == "telegram"
        else emulate_openai(state=state)
    )

    with pytest.raises(ConfigError, match=r"diary.db is no SQLite database: is it the right file"):
        async with opening:
            pytest.fail("it opened a diary")


# ------------------------------------------------------------------ the model


async def test_the_offline_model_answers_to_its_name(tmp_path: Path) -> None:
    async with emulate_openai(state=tmp_path / "m.db") as model:
        headers = {"Authorization": f"Bearer {model.key}"}
        found = await fetch(f"{model.base_url}/", f"models/{model.model}", headers=headers)

    assert found.json()["id"] == model.model
