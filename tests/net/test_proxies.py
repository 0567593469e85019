"""Both APIs, called through proxies that are real servers on this machine."""

import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.net.sessions import new_session
from bot.net.ways import Proxy as Way
from bot.playground.openai import Emulator
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.server import build_app
from bot.telegram.request import NotSent, Request, call
from tests.cli.processes import Typed, typed
from tests.net.stands import (
    Certificate,
    Proxy,
    behind_tls,
    http_proxy,
    make_certificate,
    socks_proxy,
    tinyproxy,
)

TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
TELEGRAM, OPENAI = "telegram.test", "openai.test"
USER = "anna:se%3Agreto"  # her password has a colon, which an address must write otherwise


Kind = Callable[[dict[str, int], str], AbstractAsyncContextManager[Proxy]]


@dataclass(frozen=True)
class Far:
    """Two servers that speak TLS, under names that only a proxy knows."""

    certificate: Certificate
    ports: dict[str, int]

    def settings(self) -> dict[str, str]:
        return {
            "SSL_CERT_FILE": str(self.certificate.file),
            "TELEGRAM_API_URL": f"https://{TELEGRAM}",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "OPENAI_BASE_URL": f"https://{OPENAI}/v1",
            "OPENAI_API_KEY": "sk-x",
            "ADMIN_IDS": "1",
        }


@pytest.fixture
async def far(tmp_path: Path) -> AsyncIterator[Far]:
    telegram = TelegramEmulator()
    telegram.accounts.add_bot(TOKEN, username="aurora_bot", first_name="Aurora")
    certificate = make_certificate(tmp_path, TELEGRAM, OPENAI)
    async with AsyncExitStack() as stack:
        stack.callback(telegram.close)
        ports = {}
        for name, app in ((TELEGRAM, build_app(telegram)), (OPENAI, Emulator().app())):
            url = await stack.enter_async_context(serve(app))
            ports[name] = await stack.enter_async_context(behind_tls(url, certificate))
        yield Far(certificate, ports)


async def checked(folder: Path, far: Far, *ways: Mapping[str, str]) -> list[list[str]]:
    """The lines of `sportello check` about the two calls, with each of these ways out set."""
    commands = [Typed(folder, ["check"], way) for way in ways]
    told = [one.told + one.complaint for one in await typed(commands, **far.settings())]
    assert "greto" not in "".join(told)
    known = {"Way", "Telegram", "Model"}
    return [[line for line in text.splitlines() if line.split()[1] in known] for text in told]


async def test_both_apis_are_called_through_the_proxy(tmp_path: Path, far: Far) -> None:
    async with http_proxy(far.ports, USER) as http, socks_proxy(far.ports, USER) as socks:
        proxies = (http, socks)
        told = await checked(tmp_path, far, *({"HTTPS_PROXY": one.url} for one in proxies))

    shown = [one.url.replace(f"{USER}@", "") for one in proxies]
    assert told == [
        [
            f"ok       Way out   https://{TELEGRAM} is called through the proxy {way}",
            "ok       Telegram  @aurora_bot (Aurora)",
            f"ok       Way out   https://{OPENAI}/v1 is called through the proxy {way}",
            "ok       Model     gpt-6-luna, no shutdown is announced",
        ]
        for way in shown
    ]
    assert [set(one.asked) for one in proxies] == [{TELEGRAM, OPENAI}] * 2


@pytest.mark.skipif(not shutil.which("tinyproxy"), reason="no tinyproxy (apt install tinyproxy)")
async def test_a_proxy_that_others_wrote_is_understood(tmp_path: Path, far: Far) -> None:
    async with (
        http_proxy(far.ports) as next_one,
        tinyproxy(tmp_path, int(next_one.url.rpartition(":")[2]), "anna:segreto") as url,
    ):
        addresses = (url, url.replace("segreto", "greto"))
        lines, refused = await checked(tmp_path, far, *({"HTTPS_PROXY": one} for one in addresses))

    assert [line for line in lines if line.startswith("problem")] == []
    assert set(next_one.asked) == {TELEGRAM, OPENAI}
    assert sum("the proxy wants a name and a password" in line for line in refused) == 2


async def test_a_proxy_that_refuses_is_told_and_what_is_listed_goes_directly(
    tmp_path: Path, far: Far
) -> None:
    async with http_proxy(far.ports, USER) as proxy:
        wrong = proxy.url.replace("se%3Agreto", "greto")
        listed = {"ALL_PROXY": "http://127.0.0.1:1", "NO_PROXY": OPENAI}
        refused, directly = await checked(tmp_path, far, {"ALL_PROXY": wrong}, listed)

    why = "the proxy wants a name and a password, or others than it was given"
    assert [line for line in refused if line.startswith("problem")] == [
        f"problem  Telegram  Telegram cannot be reached at https://{TELEGRAM} ({why})",
        f"problem  Model     https://{OPENAI}/v1 cannot be reached (no connection: {why})",
    ]
    assert directly == [
        f"ok       Way out   https://{TELEGRAM} is called through the proxy http://127.0.0.1:1",
        f"problem  Telegram  Telegram cannot be reached at https://{TELEGRAM} "
        "(the proxy: Connection refused)",
        f"ok       Way out   https://{OPENAI}/v1 is called directly",
        f"problem  Model     https://{OPENAI}/v1 cannot be reached "
        f"(no connection: nobody knows the name {OPENAI})",
    ]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_what_a_proxy_refuses_was_not_sent(far: Far, scheme: str) -> None:
    """Else a bubble would be in doubt whom nobody was ever told of, and the password in the log."""
    async with (
        http_proxy(far.ports, USER) as proxy,
        new_session(connections=1, way=Way(proxy.url.replace("anna", "bruno"))) as session,
    ):
        with pytest.raises(NotSent, match="the proxy wants a name and a password") as caught:
            await call(Request(session), f"{scheme}://{TELEGRAM}/bot{TOKEN}/getMe", {})

    assert "greto" not in str(caught.value)


async def test_what_a_socks_proxy_refuses_was_not_sent(far: Far) -> None:
    async with (
        socks_proxy(far.ports, USER) as proxy,
        new_session(connections=1, way=Way(proxy.url.replace("anna", "bruno"))) as session,
    ):
        with pytest.raises(NotSent, match=r"the proxy: .*authentication") as caught:
            await call(Request(session), f"https://{TELEGRAM}/bot{TOKEN}/getMe", {})

    assert "greto" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_without_the_proxy_nothing_was_sent(scheme: str) -> None:
    nobody = Way(f"{scheme}://127.0.0.1:1")
    async with new_session(connections=1, way=nobody) as session:
        with pytest.raises(NotSent, match=r"^the proxy: Connection refused$"):
            await call(Request(session), f"https://{TELEGRAM}/bot{TOKEN}/getMe", {})


@pytest.mark.parametrize("kind", [http_proxy, socks_proxy])
async def test_a_certificate_that_nobody_vouches_for_is_told(far: Far, kind: Kind) -> None:
    async with (
        kind(far.ports, "") as proxy,
        new_session(connections=1, way=Way(proxy.url)) as session,
    ):
        with pytest.raises(NotSent, match=r"^its certificate is not trusted: self-signed"):
            await call(Request(session), f"https://{TELEGRAM}/bot{TOKEN}/getMe", {})


async def test_a_call_in_the_plain_is_passed_on(far: Far) -> None:
    telegram = TelegramEmulator()
    telegram.accounts.add_bot(TOKEN)
    async with serve(build_app(telegram)) as url:
        ports = {TELEGRAM: int(url.rpartition(":")[2])}
        async with (
            http_proxy(ports) as proxy,
            new_session(connections=1, way=Way(proxy.url)) as session,
        ):
            me = await call(Request(session), f"http://{TELEGRAM}/bot{TOKEN}/getMe", {})

    telegram.close()
    assert (me["is_bot"], proxy.asked) == (True, [TELEGRAM])
