"""How many dialogues begin."""

from tests.scenarios.people import Person
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
