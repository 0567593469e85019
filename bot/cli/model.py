"""The model that the settings lead to, for a command."""

from contextlib import AbstractAsyncContextManager

from bot.llm.model import OpenAIModel, open_model
from bot.net.ways import Ways
from bot.settings import Settings


def chosen_model(settings: Settings) -> AbstractAsyncContextManager[OpenAIModel]:
    """Its server, by the way that leads there. Raises ConfigError, as open_model does."""
    key, url = settings.openai_api_key, settings.openai_base_url
    return open_model(
        api_key=key.get_secret_value() if key else None,
        base_url=url,
        way=Ways.of(settings).to(url),
    )
