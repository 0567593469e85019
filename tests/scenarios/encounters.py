"""How many dialogues begin, and how some are cut short."""

from typing import Any

from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage


async def met(stage: Stage, name: str = "Anna") -> Person:
    """Someone who knows that an AI answers."""
    person = stage.person(name)
    person.writes("/start")
    await person.hears(WELCOME, AI_NOTICE)
    return person


async def talked(stage: Stage) -> Person:
    """Someone who was answered once."""
    person = await met(stage)
    stage.will_say("Salve.", "Dica pure.")
    person.writes("Buongiorno")
    await person.hears("Salve.", "Dica pure.")
    await stage.settles()
    return person


async def dies_before_confirming(stage: Stage) -> None:
    """The program, which cannot poll, is killed; at its next start Telegram delivers again."""
    await stage.until(lambda: stage.warned("Telegram cannot be polled"))
    await stage.dies()
    stage.telegram.faults.clear()
    assert stage.telegram.world.updates[BOT].pending == 1
    await stage.opens()


async def host_of(stage: Stage, language: str = "en", **settings: Any) -> Person:
    """The program runs, and its host has written to the bot: so he can be told."""
    host = stage.person("Oste", language)
    await stage.opens(admin_ids=str(host.chat_id), **settings)
    host.writes("/start")
    await host.receives(1)
    return host
