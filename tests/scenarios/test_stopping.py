"""/stop on Telegram and on a second channel."""

from bot.core.texts import Text, say
from tests.scenarios.stage import AI_NOTICE
from tests.scenarios.test_channels import on_either, town
from tests.scenarios.town import Town

__all__ = ["town"]  # the fixture


@on_either
async def test_an_answer_is_stopped(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    anna.writes("/stop")
    await anna.hears(say(Text.NOTHING_TO_STOP, "it"))
    town.stage.will_say("Dalle 14:00.", delay_ms=300)
    anna.writes("A che ora è il check-in?")
    await town.stage.until(lambda: len(town.stage.asked()) == 1)
    anna.writes("/stop")
    await anna.hears(AI_NOTICE, say(Text.STOPPED, "it"))
    town.stage.will_say("Buongiorno!")
    anna.writes("Buongiorno")
    await anna.hears("Buongiorno!")
