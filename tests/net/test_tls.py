"""A server whose TLS does not stand: both adapters say so, and that nothing was sent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from bot.errors import RetryLater
from bot.llm.model import open_model
from bot.net.sessions import new_session
from bot.playground.serve import serve
from bot.telegram.request import NotSent, Request, call
from tests.net.stands import behind_tls, make_certificate

NOT_TRUSTED = r"its certificate is not trusted: self-signed certificate$"
NO_TLS = r"no TLS: wrong version number$"


@pytest.fixture
async def plain() -> AsyncIterator[str]:
    async with serve(PlainTextResponse("")) as url:
        yield url


@pytest.fixture
async def self_signed(plain: str, tmp_path: Path) -> AsyncIterator[str]:
    async with behind_tls(plain, make_certificate(tmp_path, "localhost")) as port:
        yield f"https://localhost:{port}"


async def call_telegram(url: str) -> None:
    async with new_session(connections=1) as session:
        await call(Request(session), f"{url}/bot1:x/getMe", {})


async def call_openai(url: str) -> None:
    async with open_model(api_key="sk-x", base_url=f"{url}/v1") as model:
        await model.create_conversation()


async def test_telegrams_certificate_is_not_trusted(self_signed: str) -> None:
    with pytest.raises(NotSent, match=NOT_TRUSTED):
        await call_telegram(self_signed)


async def test_openais_certificate_is_not_trusted(self_signed: str) -> None:
    with pytest.raises(RetryLater) as refusal:
        await call_openai(self_signed)

    assert refusal.value.cause == f"no connection: {NOT_TRUSTED[:-1]}"


async def test_telegram_speaks_no_tls(plain: str) -> None:
    with pytest.raises(NotSent, match=NO_TLS):
        await call_telegram(plain.replace("http://", "https://"))


async def test_openai_speaks_no_tls(plain: str) -> None:
    with pytest.raises(RetryLater) as refusal:
        await call_openai(plain.replace("http://", "https://"))

    assert refusal.value.cause == f"no connection: {NO_TLS[:-1]}"
