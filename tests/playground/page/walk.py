"""From nothing to companies that answer: what an admin and clients do on the page, step by step.

The test walks it, and `make screenshots` walks it again with a camera. Whatever is typed and
pressed is what a person would find: buttons are pressed by their words.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import FilePayload, Locator, Page, ViewportSize, expect

from bot.app import build
from bot.core.texts import Key, say
from bot.core.texts.desk import Admins, Bots
from bot.core.texts.hosts import Tenants
from bot.core.texts.profile import CompanyCard, Configure, Knowledge, Versions
from bot.ops.vault import new_key
from bot.playground.openai import Emulator
from bot.playground.serve import serve
from bot.playground.telegram.records import Person
from bot.settings import Settings
from bot.telegram.admin.fields import choice, label
from bot.turns.speech import PREVIEW_MARK
from tenants.fields import FIELDS
from tests.fakes.telemetry import FakeTelemetry
from tests.playground.page.desk import PHONE, Desk, Window
from tests.scenarios.clock import HastyClock
from tests.scenarios.process import start

PATIENCE_MS: Final = 15_000
QUIET_SECONDS: Final = 0.05  # nobody writes two messages in a row here
SPEED: Final = 10.0  # the bot sends a chat one message a second, and an admin hears dozens
Shoot = Callable[[str], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Company:
    """What an admin says about a company."""

    template: str  # the button that it begins with
    name: str
    knowledge: str
    bot: tuple[str, str]  # name and username
    tapped: tuple[tuple[str, str], ...] = ()  # fields with few choices
    file: tuple[str, str] | None = None  # name and text of one that holds more knowledge


BAKERY: Final = Company(
    template="From scratch",
    name="Bakery Lane",
    knowledge="The bakery is open from 7:00 to 19:00, on Sundays until 13:00.",
    bot=("Bakery Lane", "bakery_lane_bot"),
    file=("cakes.txt", "Cakes are made to order: two days ahead, from 28 € a kilo."),
    tapped=(("address", "informal"),),
)


async def _nobody_looks(_: str) -> None:
    """No camera."""


@dataclass(slots=True)
class Walk:
    """One admin's way through the page; `shoot` is called with the name of what is seen."""

    desk: Desk
    window: Window
    admin: Person
    clients: Mapping[str, Person]
    folder: Path
    openai_url: str
    shoot: Shoot = _nobody_looks
    host: str = ""  # the name of the first bot
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)

    # ------------------------------------------------------------- the page

    @property
    def page(self) -> Page:
        return self.window.page

    def say(self, text: Key, **values: object) -> str:
        """A text of the product, as the admin reads it."""
        return say(text, self.admin.language_code, **values)

    async def reads(self, text: str) -> None:
        """Wait until the last bubble says this."""
        await expect(self.window.bubbles.last).to_contain_text(text, timeout=PATIENCE_MS)

    async def writes(self, text: str, *, then: str) -> None:
        await self.window.write(text)
        await self.reads(then)

    async def presses(self, words: str, *, then: str) -> None:
        """Press the latest button with these words."""
        await self.button(words).click()
        await self.reads(then)

    def button(self, words: str) -> Locator:
        """The latest with these words."""
        exactly = re.compile(rf"^{re.escape(words)}$")
        return self.page.locator(".inline-button").filter(has_text=exactly).last

    async def opens(self, person: Person, bot: str) -> None:
        """Go to somebody's chat with the bot of this name, by the list."""
        await self._shows_list()
        name, its = self.page.locator(".chat-name > span"), self.page.locator(".chat-bot")
        whose = re.compile(rf"^{re.escape(person.first_name)}$")
        rows = self.page.locator(".chat").filter(has=name.filter(has_text=whose))
        is_only = await rows.count() == 1  # and then it does not say whose it is
        await (rows if is_only else rows.filter(has=its.filter(has_text=bot))).click()
        await expect(self.page.locator("#head-status")).to_contain_text(bot)

    async def opens_link(self, link: str, person: Person) -> None:
        """A link from elsewhere, as this person."""
        await self._shows_list()
        await self.page.locator("#open-link").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Link", exact=True).fill(link)
        await dialog.get_by_label("Open as").select_option(person.first_name)
        await dialog.get_by_role("button", name="Open", exact=True).click()
        await expect(self.page.locator("#head-title")).to_contain_text(person.first_name)

    async def _shows_list(self) -> None:
        """On a phone the list and a chat take turns."""
        if await self.page.locator("#back").is_visible():
            await self.page.locator("#back").click()

    # ------------------------------------------------------------- the steps

    async def sets_up(self, company: Company, question: str, *, answer: str) -> None:
        """All that makes a company answer; the question is asked in the preview."""
        await self.creates(company)
        await self.configures(company)
        await self.previews(question, answer=answer)
        await self.gives_bot(company)
        await self.publishes(company)

    async def gets_token(self, name: str, username: str) -> str:
        """Ask BotFather for a bot."""
        await self.opens(self.admin, "BotFather")
        self.host = self.host or name
        await self.writes("/newbot", then="How shall it be called")
        await self.writes(name, then="username")
        await self.writes(username, then="Its token")
        return str(await self.window.bubbles.last.locator("code").text_content())

    @asynccontextmanager
    async def runs(self, token: str) -> AsyncIterator[str]:
        """The program, with nothing but this token; the link that it offers whoever comes first."""
        clock = HastyClock(SPEED)
        process = await start(build(self._settings(token), clock=clock, telemetry=self.telemetry))
        try:
            (link,) = process.claims
            yield link
        finally:
            await process.stops()

    def _settings(self, token: str) -> Settings:
        chosen: dict[str, Any] = {
            "telegram_bot_token": token,
            "telegram_api_url": self.desk.url,
            "openai_api_key": "sk-offline-0123456789",
            "openai_base_url": f"{self.openai_url}/v1",
            "database_url": f"sqlite+aiosqlite:///{self.folder / 'sportello.db'}",
            "secret_key": new_key(),
            "turn_quiet_seconds": QUIET_SECONDS,
            "pace": "off",
        }
        return Settings(_env_file=None, **chosen)

    async def claims(self, link: str) -> None:
        await self.opens_link(link, self.admin)
        await self.page.locator("#start").click()
        await self.reads(self.say(Admins.JOINED_HOST))
        await self.shoot("claim")

    async def creates(self, company: Company) -> None:
        """A company with nothing but its name; its card is open then."""
        asked = await self._is_new()
        await self.presses(self.say(Tenants.EXAMPLES), then=self.say(Tenants.NEW_FROM))
        await self.shoot("template")
        await self.presses(company.template, then=asked)
        created = self.say(Tenants.CREATED, company=company.name)
        await self.window.write(company.name)
        told = self.window.bubbles.filter(has_text=created)
        await expect(told.last).to_be_visible(timeout=PATIENCE_MS)
        await self.writes("/configure", then="🗣")
        await self.shoot("card")

    async def _is_new(self) -> str:
        """Up to the question for a name, which is the result."""
        await self.window.write("/tenants")
        await expect(self.button(self.say(Tenants.NEW))).to_be_visible(timeout=PATIENCE_MS)
        asked = self.say(Tenants.ASK_NAME).partition("\n")[0]
        await self.presses(self.say(Tenants.NEW), then=asked)
        return asked

    async def configures(self, company: Company) -> None:
        """By tapping fields, from the card and back to it."""
        language, back = self.admin.language_code or "", self.say(Configure.BUTTON_BACK)
        for name, value in company.tapped:
            await self._opens(name, then=Configure.TAP_VALUE)
            await self.presses(choice(value, language), then=self.say(Configure.DRAFTED))
            await self.presses(back, then="🗣")
        await self.presses(self.say(CompanyCard.KNOWLEDGE), then=self.say(Knowledge.CARD))
        asked = self.say(Knowledge.ASK_ADD).partition("\n")[0]
        await self.presses(self.say(Knowledge.ADD), then=asked)
        drafted = self.say(Knowledge.DRAFTED)
        await self.writes(company.knowledge, then=drafted)
        if company.file:
            await self.presses(self.say(Knowledge.BACK), then=self.say(Knowledge.DRAFTED))
            await self._sends(*company.file, then=drafted)
        await self.shoot("knowledge")

    async def _opens(self, name: str, *, then: Configure) -> None:
        """A field, from the card of the company."""
        called = label(name, self.admin.language_code or "")
        which = self.say(CompanyCard(f"group_{FIELDS[name].group}"))
        await self.presses(which, then=f"{called}:")
        await self.presses(called, then=self.say(then))

    async def _sends(self, name: str, text: str, *, then: str) -> None:
        """A file, where the card of the knowledge is open."""
        asked = self.say(Knowledge.ASK_FILE, megabytes=20).partition(":")[0]
        await self.presses(self.say(Knowledge.FILE), then=asked)
        async with self.page.expect_file_chooser() as choosing:
            await self.page.get_by_role("button", name="Attach").click()
            await self.page.get_by_role("menuitem", name="Photo or file").click()
        file: FilePayload = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        await (await choosing.value).set_files([file])
        await self.page.get_by_role("dialog").get_by_role("button", name="Send").click()
        await self.reads(then)

    async def gives_bot(self, company: Company) -> None:
        """A bot of its own, by the token that BotFather gives; the token does not stay here."""
        name, username = company.bot
        token = await self.gets_token(name, username)
        await self.opens(self.admin, self.host)
        await self.writes("/bots", then=self.say(Bots.NONE))
        asked = self.say(Bots.ASK_TOKEN).partition("\n")[0]
        await self.presses(self.say(Bots.ADD), then=asked)
        await self.writes(token, then=self.say(Bots.ADDED, bot=username))
        await expect(self.page.locator(".row", has_text=token)).to_have_count(0)
        await self.listens(username)
        await self.shoot("bot")

    async def listens(self, username: str) -> None:
        """Wait until the bot of this name asks Telegram for updates."""
        emulator = self.desk.emulator
        bot = emulator.world.bot_by_username(username)
        assert bot is not None
        async with asyncio.timeout(PATIENCE_MS / 1000):
            calls = emulator.calls
            await emulator.until(lambda: any(c.bot_id == bot.id for c in calls.of("getUpdates")))

    async def previews(self, question: str, *, answer: str) -> None:
        """Ask the draft, whose bubbles are marked."""
        await self.writes("/preview", then="/done")
        await self.window.write(question)
        answered = self.window.bubbles.filter(has_text=PREVIEW_MARK.strip()).filter(has_text=answer)
        await expect(answered.first).to_be_visible(timeout=PATIENCE_MS)
        await self.shoot("preview")
        await self.writes("/done", then=self.say(Versions.PREVIEW_OVER))

    async def publishes(self, company: Company) -> None:
        """And let its bot show what it is."""
        await self.writes("/publish", then=self.say(Versions.ASK_PUBLISH))
        await self.shoot("publish")
        anyway = self.button(self.say(Versions.PUBLISH_ANYWAY))  # it gave no contact
        await (anyway.or_(self.button(self.say(Versions.PUBLISH))).last).click()
        done = self.say(Versions.PUBLISHED)
        published = self.window.bubbles.filter(has_text=company.name).filter(has_text=done)
        await expect(published.last).to_be_visible(timeout=PATIENCE_MS)
        offered = self.say(Versions.SHOW_OFFER, what="|").partition("|")[0]
        await self.reads(offered)
        await self.shoot("published")
        await self.presses(self.say(Versions.SHOW), then=self.say(Versions.SHOWN))

    async def asks(self, client: str, company: Company, question: str, *, answer: str) -> str:
        """A client opens the company's bot by its link; all that is said until the answer."""
        name, username = company.bot
        await self.opens_link(f"https://t.me/{username}", self.clients[client])
        await expect(self.page.locator("#head-status")).to_contain_text(name)
        await self.window.write(question)
        answered = self.window.bubbles.filter(has_text=answer)
        await expect(answered.first).to_be_visible(timeout=PATIENCE_MS)
        await self.shoot("client")
        return "\n".join(await self.window.bubbles.all_text_contents())


@asynccontextmanager
async def on_the_way(
    page: Page,
    folder: Path,
    *,
    language: str,
    clients: Sequence[str] = (),
    size: ViewportSize = PHONE,
) -> AsyncIterator[Walk]:
    """The page with BotFather alone, and a model that works offline; Ada is the admin."""
    desk = Desk(page, has_bot=False)
    desk.emulator.botfather.open()
    ada = desk.person("Ada", language)
    desk.admins = (ada.id,)
    people = {name: desk.person(name, language) for name in clients}
    async with AsyncExitStack() as stack:
        openai_url = await stack.enter_async_context(serve(Emulator().app()))
        await stack.enter_async_context(desk.serving())
        window = await stack.enter_async_context(desk.window(size=size))
        yield Walk(desk, window, ada, people, folder, openai_url)
    desk.emulator.close()
