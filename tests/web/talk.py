"""What tests of the API do again and again: a question, its answer, and reading them."""

import asyncio

from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.scenarios.web import SITE
from tests.web.reader import Event, Reader


async def heard(page: Reader, chat: str, *, number: int, after: int = 0) -> list[Event]:
    """So many numbered events."""
    found: list[Event] = []
    async with page.follows(chat, after) as events, asyncio.timeout(PATIENCE_SECONDS):
        async for event in events:
            found += [event] if event.seq is not None else []
            if len(found) == number:
                return found
    raise AssertionError(found)


def texts(events: list[Event]) -> list[tuple[str, str]]:
    return [(one.data["from"], one.data["text"]) for one in events]


async def talked(stage: Stage, page: Reader) -> str:
    """A chat with a question and its answer: its numbers are 1 to 3."""
    chat = await page.opens(SITE, language="it")
    stage.will_say("Dalle 14:00.")
    await page.says(chat, "A che ora è il check-in?", "m1")
    await heard(page, chat, number=3)
    await stage.settles()
    return chat
