"""What a run plays on: Telegram and a model, the real ones or what stands in for them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from bot.errors import ConfigError
from bot.settings import Settings

PLAYGROUND_FILE: Final = Path("data/playground.db")


@dataclass(frozen=True, slots=True)
class Stage:
    """Settings with nothing missing, and what stands in for what was."""

    settings: Settings
    missing: tuple[str, ...]  # the credentials that were not given
    page: str | None  # the address of the playground, whose Telegram is emulated
    offline: bool  # the model

    def announce(self, username: str | None) -> str:
        """One line for the host, now that the bot listens; None: there is none."""
        why = f"{', '.join(f'no {name}' for name in self.missing)}: " if self.missing else ""
        model = "offline model" if self.offline else f"model {self.settings.openai_model}"
        web = f"sites and programs on {self.settings.http_url}"
        where = f"@{username} on Telegram ({model})"
        if self.page:
            where = f"playground on {self.page} (emulated Telegram, {model})"
        elif username is None:
            where = f"{web}, without Telegram ({model})"
        if username is not None and self.settings.http_port:
            where += f"; {web}"
        line = f"{why}{where}. Ctrl+C stops."
        return line[:1].upper() + line[1:]


@asynccontextmanager
async def set_stage(settings: Settings, *, playground: bool) -> AsyncIterator[Stage]:
    """Put up stand-ins for the credentials that are missing, or for both. Raises ConfigError."""
    missing = () if playground else tuple(_missing(settings))
    if playground:
        settings = _without_credentials(settings)
    offline = settings.offline
    emulated = settings.telegram_bot_token is None and not settings.web_alone
    refuse_pretence(settings)
    changes: dict[str, Any] = {}
    page = None
    async with AsyncExitStack() as stack:
        if offline:
            from bot.cli.understudies import for_openai  # noqa: PLC0415 - as below

            changes |= await for_openai(stack, settings, beside=PLAYGROUND_FILE)
        if emulated:
            from bot.cli.understudies import for_telegram  # noqa: PLC0415 - 8 MB spared on Telegram

            page, more = await for_telegram(stack, settings, beside=PLAYGROUND_FILE)
            changes |= more
        yield Stage(settings.model_copy(update=changes), missing, page, offline)


def refuse_pretence(settings: Settings) -> None:
    """No client on Telegram gets the offline model's answers unasked. Raises ConfigError."""
    if settings.offline and settings.telegram_bot_token and not settings.offline_model:
        raise ConfigError(
            "OPENAI_API_KEY is not set, and the offline model only pretends: set the key, or"
            " OFFLINE_MODEL=true if clients on Telegram are to get its answers"
        )


def _missing(settings: Settings) -> Iterator[str]:
    if settings.telegram_bot_token is None and not settings.web_alone:
        yield "TELEGRAM_BOT_TOKEN"
    if settings.offline and not settings.offline_model:
        yield "OPENAI_API_KEY"


def _without_credentials(settings: Settings) -> Settings:
    """The same, on a database of its own unless one was named."""
    changes: dict[str, Any] = {"telegram_bot_token": None, "offline_model": True}
    if "database_url" not in settings.model_fields_set:
        changes["database_url"] = SecretStr(f"sqlite+aiosqlite:///{PLAYGROUND_FILE}")
    return settings.model_copy(update=changes)
