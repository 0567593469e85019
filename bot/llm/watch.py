"""What a start says of the host's model, before any client asks it."""

from bot.core.texts import say
from bot.errors import SportelloError, cause_of
from bot.llm.model import OpenAIModel
from bot.ports import Telemetry
from bot.turns.hosts import TROUBLES


async def watch_model(model: OpenAIModel, name: str, telemetry: Telemetry) -> None:
    """Warn when the model is unknown or about to be shut down, or its server will not do."""
    try:
        facts = await model.describe(name)
        if not facts.known:
            telemetry.warn("model unknown", model=name, cause=str(facts.why or ""))
        elif facts.shutdown_date:
            telemetry.warn("model will be shut down", model=name, on=str(facts.shutdown_date))
        await model.check_conversations()
    except SportelloError as error:
        advice = say(TROUBLES[error.trouble], "en", model=name) if error.trouble else ""
        telemetry.warn("model not checked", cause=cause_of(error), advice=advice)
