"""What every command begins with: the settings, and logs that keep their secrets."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from bot.ops.logs import set_up_logging
from bot.settings import Settings, load_settings
from db.engine import password


def begin() -> Settings:
    """The settings, with logging set up as they say. Raises ConfigError."""
    settings = load_settings()
    set_up_logging(
        level=settings.log_level, form=settings.log_format, secrets=tuple(secrets(settings))
    )
    return settings


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
