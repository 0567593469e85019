"""What a run plays on: Telegram and a model, the real ones or what stands in for them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from bot.app import current_profile
from bot.cli.version import version
from bot.playground.page import About
from bot.playground.questions import example_questions
from bot.playground.stand_ins import BOT_ID, emulate_openai, emulate_telegram
from bot.settings import Settings
from db.engine import Database, explained, open_database, sqlite_path
from db.errors import DatabaseError
from tenants.profile import Profile

PLAYGROUND_FILE: Final = Path("data/playground.db")


@dataclass(frozen=True, slots=True)
class Stage:
    """Settings with nothing missing, and what stands in for what was."""

    settings: Settings
    missing: tuple[str, ...]  # the credentials that were not given
    page: str | None  # the address of the playground, whose Telegram is emulated
    offline: bool  # the model

    def announce(self, username: str) -> str:
        """One line for the host, now that the bot listens."""
        why = f"{', '.join(f'no {name}' for name in self.missing)}: " if self.missing else ""
        model = "offline model" if self.offline else f"model {self.settings.openai_model}"
        where = f"@{username} on Telegram ({model})"
        if self.page:
            where = f"playground on {self.page} (emulated Telegram, {model})"
        line = f"{why}{where}. Ctrl+C stops."
        return line[:1].upper() + line[1:]


@asynccontextmanager
async def set_stage(settings: Settings, *, playground: bool) -> AsyncIterator[Stage]:
    """Put up stand-ins for the credentials that are missing, or for both. Raises ConfigError."""
    given = {
        "TELEGRAM_BOT_TOKEN": settings.telegram_bot_token,
        "OPENAI_API_KEY": settings.openai_api_key,
    }
    if playground:
        settings = _without_credentials(settings)
    offline, emulated = settings.openai_api_key is None, settings.telegram_bot_token is None
    changes: dict[str, Any] = {}
    page = None
    async with AsyncExitStack() as stack:
        if offline:
            changes |= await _stand_in_for_openai(stack, settings)
        if emulated:
            page, more = await _stand_in_for_telegram(stack, settings)
            changes |= more
        missing = () if playground else tuple(name for name, value in given.items() if not value)
        yield Stage(settings.model_copy(update=changes), missing, page, offline)


def _without_credentials(settings: Settings) -> Settings:
    """The same, on a database of its own unless one was named."""
    changes: dict[str, Any] = {"telegram_bot_token": None, "openai_api_key": None}
    if "database_url" not in settings.model_fields_set:
        changes["database_url"] = SecretStr(f"sqlite+aiosqlite:///{PLAYGROUND_FILE}")
    return settings.model_copy(update=changes)


async def _stand_in_for_openai(stack: AsyncExitStack, settings: Settings) -> dict[str, Any]:
    state = _beside_database(settings, "model")
    model = await stack.enter_async_context(emulate_openai(state=state))
    return {
        "openai_api_key": SecretStr(model.key),
        "openai_base_url": model.base_url,
        "openai_model": model.model,
        "openai_reasoning_effort": model.effort,
    }


async def _stand_in_for_telegram(
    stack: AsyncExitStack, settings: Settings
) -> tuple[str, dict[str, Any]]:
    database = open_database(settings.database_url.get_secret_value())
    stack.push_async_callback(database.close)
    telegram = await stack.enter_async_context(
        emulate_telegram(
            state=_beside_database(settings, "telegram"),
            port=settings.playground_port,
            about=lambda admins: _describe(settings, database, admins),
        )
    )
    return telegram.url, {
        "telegram_bot_token": SecretStr(telegram.token),
        "telegram_api_url": telegram.url,
        "admin_ids": telegram.admins,  # people of the real Telegram are strangers here
    }


def _beside_database(settings: Settings, part: str) -> Path:
    """The file in which a stand-in keeps what belongs to the chats of this database."""
    url = settings.database_url.get_secret_value()
    path = sqlite_path(url) or PLAYGROUND_FILE
    return path.with_name(f"{path.stem}-{part}.db")


async def _describe(settings: Settings, database: Database, admins: tuple[int, ...]) -> About:
    """What the page tells, as it is at this moment."""
    profile = await _current(database)
    return About(
        company=profile.company_name,
        language=profile.language,
        model=settings.openai_model if settings.openai_api_key else "offline",
        database="SQLite" if database.sqlite else "PostgreSQL",
        version=version(),
        admins=admins,
        questions=example_questions(profile.company_name, profile.language),
    )


async def _current(database: Database) -> Profile:
    try:
        with explained():
            return await current_profile(database, BOT_ID)
    except DatabaseError:  # the page was asked for while the application still starts
        return Profile()
