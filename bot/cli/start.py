"""What every command begins with: the settings, hints at those that are misspelt, and logs."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.ops.logs import set_up_logging
from bot.settings import Settings, load_settings
from db.engine import password

ENV_FILE: Final = Path(".env")
_NAME: Final = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", re.MULTILINE)
# How like a setting a name must be. The environment is full of names that are others' business:
# OPENAI_ADMIN_KEY is like OPENAI_API_KEY by 0.87.
IN_FILE: Final = 0.8
IN_ENVIRONMENT: Final = 0.9


def find_misspelt() -> tuple[str, ...]:
    """A sentence for each name of `.env` and of the environment that was probably meant as one."""
    written: list[str] = []
    with suppress(OSError, UnicodeDecodeError):  # what is wrong with the file is told elsewhere
        written = _NAME.findall(ENV_FILE.read_text(encoding="utf-8"))
    in_file = _guess(written, "in .env", alike=IN_FILE)
    in_environment = _guess(os.environ, "in the environment", alike=IN_ENVIRONMENT)
    return (*in_file, *in_environment)


def _guess(names: Iterable[str], where: str, *, alike: float) -> Iterator[str]:
    known = [name.upper() for name in Settings.model_fields]
    for name in names:
        if name.upper() not in known and (
            meant := get_close_matches(name.upper(), known, 1, alike)
        ):
            yield f"{name} {where} is no setting; did you mean {meant[0]}?"


def begin() -> Settings:
    """The settings, with logging set up as they say. Raises ConfigError."""
    settings = load_settings()
    log_without(settings, ())
    return settings


def log_without(settings: Settings, more: Iterable[str]) -> None:
    """Log as the settings say, without their secrets and those that came to be known since."""
    hidden = (*secrets(settings), *more)
    set_up_logging(level=settings.log_level, form=settings.log_format, secrets=hidden)


def secrets(settings: Settings) -> Iterator[str]:
    """What no log may show."""
    for value in (settings.telegram_bot_token, settings.openai_api_key):
        if value:
            yield value.get_secret_value()
    if settings.secret_key:
        keys = settings.secret_key.get_secret_value()
        yield from keys.replace(",", " ").split()
    url = settings.database_url.get_secret_value()
    if hidden := password(url):
        yield from (url, hidden)
    for proxy in (settings.https_proxy, settings.http_proxy, settings.all_proxy):
        if proxy and (hidden := urlsplit(proxy.get_secret_value()).password):
            yield from (proxy.get_secret_value(), hidden, unquote(hidden))
