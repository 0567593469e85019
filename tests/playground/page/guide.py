"""The way through /setup on the page, as its questions come."""

from dataclasses import dataclass

from playwright.async_api import expect

from bot.core.texts.desk import Home
from bot.core.texts.hosts import Tenants
from bot.core.texts.setup import Hours, Setup
from tests.playground.page.walk import PATIENCE_MS, Walk


@dataclass(frozen=True, slots=True)
class Guided:
    """What an admin answers to the guide's questions."""

    name: str
    knowledge: str
    hours: str
    contact: str
    questions: tuple[str, str, str]  # two that are offered, one that is written
    link: str  # its name there
    asks: tuple[str, str]  # a client, and the question
    trade: Setup = Setup.TRADE_MEDICAL


async def is_guided(walk: Walk, company: Guided) -> int:
    """From the name to what clients are answered from; how many messages and taps it took."""
    press, write = walk.presses, walk.writes
    *offered, own = company.questions
    steps = [
        (press, walk.say(Home.NEW_COMPANY), walk.say(Tenants.ASK_NAME)),
        (write, company.name, walk.say(Setup.TRADE)),
        (press, walk.say(company.trade), walk.say(Setup.KNOWLEDGE)),
        (write, company.knowledge, walk.say(Setup.KNOWLEDGE_TAKEN, pages="|").partition("|")[2]),
        (press, walk.say(Setup.NEXT), walk.say(Setup.HOURS)),
        (write, company.hours, walk.say(Hours.UNDERSTOOD, hours="|").partition("|")[2]),
        (press, walk.say(Hours.AGREE), walk.say(Setup.CONTACT)),
        (write, company.contact, walk.say(Setup.VOICE)),
        (press, walk.say(Setup.VOICE_INFORMAL), walk.say(Setup.TRY)),
        *((press, question, _quoted(walk, question)) for question in offered),
        (write, own, _quoted(walk, own)),
        (press, walk.say(Setup.NEXT), walk.say(Setup.PUBLISH)),
        (press, walk.say(Setup.PUBLISH_NOW), walk.say(Setup.BOT)),
    ]
    for number, (does, words, then) in enumerate(steps, 1):
        await does(words, then=then.strip().partition("\n")[0])
        await walk.shoot(f"guide-{number:02}")
    return len(steps)


def _quoted(walk: Walk, question: str) -> str:
    """As it stands above its answer."""
    return walk.say(Setup.TRIED, question=question, answer="")


async def asks_by_link(walk: Walk, company: Guided, username: str, *, answer: str) -> None:
    """A client opens a company on the shared bot by its link, and asks."""
    client, question = company.asks
    link = f"https://t.me/{username}?start={company.link}"
    await walk.opens_link(link, walk.clients[client])
    await walk.page.locator("#start").click()
    await expect(walk.window.bubbles.first).to_be_visible(timeout=PATIENCE_MS)
    await walk.window.write(question)
    answered = walk.window.bubbles.filter(has_text=answer)
    await expect(answered.first).to_be_visible(timeout=PATIENCE_MS)
    await walk.shoot("guest")
