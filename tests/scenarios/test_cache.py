"""What the company knows is read from the cache by the first turn of a new client."""

from bot.llm.requests import BEGINNING
from tests.scenarios.stage import AI_NOTICE, Stage

LONG = "\n\n".join(f"La camera {number} guarda il lago." for number in range(200))


def begun(stage: Stage) -> int:
    """In how many places of all conversations OpenAI keeps the mark."""
    return str([*stage.openai.state.items.values()]).count(BEGINNING)


async def two_clients_ask(stage: Stage) -> list[int]:
    """Of the tokens that the first turns of two clients read, so many came from the cache."""
    await stage.publishes(knowledge=LONG)
    for name in ("Anna", "Bruno"):
        person = stage.person(name)
        stage.will_say("Sì.")
        person.writes(f"Sono {name}, c'è una camera?")
        await person.hears(AI_NOTICE, "Sì.")
    await stage.settles()
    rows = await stage.rows("SELECT cached_tokens FROM turns ORDER BY id")
    return [row[0] for row in rows]


async def test_a_second_clients_first_turn_reads_the_companys_prefix(stage: Stage) -> None:
    first, second = await two_clients_ask(stage)
    assert first == 0
    assert second >= len(stage.asked()[0]["instructions"]) // 4
    assert begun(stage) == 2


async def test_without_the_mark_it_does_not(closed: Stage) -> None:
    await closed.opens(openai_cache_mark=False)
    assert await two_clients_ask(closed) == [0, 0]
    assert begun(closed) == 0
