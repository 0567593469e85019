"""What stands in for Telegram and for the model when their credentials are missing."""

import time
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from bot.cli.database import HOST
from bot.cli.version import version
from bot.errors import ConfigError
from bot.ops.vault import new_key
from bot.playground.page import About
from bot.playground.questions import example_questions
from bot.playground.shop import Shop, shop_app
from bot.playground.stand_ins import BOT_ID, emulate_openai, emulate_telegram, serve_near
from bot.settings import Settings
from db.engine import Database, explained, open_database, sqlite_path, transact
from db.errors import AddressTaken, DatabaseError
from db.files import keep_private, make_private
from db.place import find_fault
from db.sites import AddSite, ChangeSite, site_by_key
from db.tenants import tenant_of
from db.transaction import Transaction
from tenants.profile import Profile

SHOP_KEY: Final = "site_playground"


async def for_openai(stack: AsyncExitStack, settings: Settings, *, beside: Path) -> dict[str, Any]:
    """Put up the emulated OpenAI; the settings that lead to it.

    It keeps its state beside the database's file, or beside `beside` where there is none.
    """
    state = _state(settings, beside, "model")
    model = await stack.enter_async_context(emulate_openai(state=state))
    return {
        "openai_api_key": SecretStr(model.key),
        "openai_base_url": model.base_url,
        "openai_model": model.model,
        "openai_reasoning_effort": model.effort,
        "offline_model": True,
    }


async def for_telegram(
    stack: AsyncExitStack, settings: Settings, *, beside: Path
) -> tuple[str, dict[str, Any]]:
    """Put up the emulated Telegram; its address and the settings that lead to it."""
    database = open_database(settings.database_url.get_secret_value())
    stack.push_async_callback(database.close)
    shop: list[str] = []
    telegram = await stack.enter_async_context(
        emulate_telegram(
            state=_state(settings, beside, "telegram"),
            port=settings.playground_port,
            about=lambda admins: _describe(settings, database, admins, *shop),
        )
    )
    if settings.http_port:
        app = shop_app(partial(shop_at, database, _desk(settings)))
        port = settings.playground_port and settings.playground_port + 1
        shop.append(await stack.enter_async_context(serve_near(app, port)))
    return telegram.url, {
        "secret_key": settings.secret_key or _kept_key(_beside(settings, beside, "secret.key")),
        "telegram_bot_token": SecretStr(telegram.token),
        "telegram_api_url": telegram.url,
        "managed_bots": True,
        "admin_ids": telegram.admins,  # people of the real Telegram are strangers here
    }


def _state(settings: Settings, beside: Path, part: str) -> Path:
    """The file in which a stand-in keeps what belongs to the chats of this database."""
    path = _beside(settings, beside, f"{part}.db")
    with suppress(OSError):  # the stand-in says what is wrong with it
        path.parent.mkdir(parents=True, exist_ok=True)
        make_private(path)
        keep_private(path)
    return path


def _beside(settings: Settings, beside: Path, name: str) -> Path:
    url = settings.database_url.get_secret_value()
    path = sqlite_path(url) or beside
    return path.with_name(f"{path.stem}-{name}")


def _kept_key(path: Path) -> SecretStr:
    """The playground's SECRET_KEY: made at its first start. Raises ConfigError."""
    try:
        make_private(path)
        keep_private(path)
        if not path.read_text(encoding="utf-8").strip():  # new, or a start that was killed here
            path.write_text(new_key(), encoding="utf-8")
        return SecretStr(path.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise ConfigError(find_fault(path) or f"{path} cannot be used: {error.strerror}") from None


async def _describe(
    settings: Settings, database: Database, admins: tuple[int, ...], shop: str | None = None
) -> About:
    """What the page tells, as it is at this moment."""
    profile = await _current(database)
    return About(
        company=profile.company_name,
        language=profile.language,
        model="offline" if settings.offline else settings.openai_model,
        database="SQLite" if database.sqlite else "PostgreSQL",
        version=version(),
        admins=admins,
        questions=example_questions(profile.company_name, profile.language),
        shop=shop,
    )


def _desk(settings: Settings) -> str:
    """Where pages find the chat."""
    return settings.http_public_url or f"http://127.0.0.1:{settings.http_port}"


async def shop_at(database: Database, desk: str, origin: str) -> Shop | None:
    """The playground's company, whose chat may from now on stand on a page of this origin."""
    tenant = await database.read(tenant_of, BOT_ID)
    if tenant is None:
        return None
    await transact(database, partial(_let_in, tenant.id, origin))
    profile = Profile.model_validate_json(tenant.body)
    return Shop(profile.company_name, profile.language, desk, SHOP_KEY)


def _let_in(tenant: int, origin: str, transaction: Transaction) -> None:
    site, now = transaction.read(site_by_key, SHOP_KEY), time.time()
    with suppress(AddressTaken):  # somebody tries /sites with this very page
        if site is None:
            transaction.do(AddSite(tenant, SHOP_KEY, (origin,), HOST, now))
        elif origin not in site.origins:
            changes = {"origins": (origin,)}  # the port is another one, or the name
            transaction.do(ChangeSite(site.id, site.tenant, changes, HOST, now))


async def _current(database: Database) -> Profile:
    try:
        with explained():
            tenant = await database.read(tenant_of, BOT_ID)
    except DatabaseError:  # the page was asked for while the application still starts
        tenant = None
    return Profile.model_validate_json(tenant.body) if tenant else Profile()
