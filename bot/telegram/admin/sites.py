"""/sites: on which pages of its own a company's assistant answers, and how the chat looks."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from telegram import Message

from bot.core.texts import say
from bot.core.texts.web import Sites as Say
from bot.telegram.admin import sites_cards as cards
from bot.telegram.admin.accounts import SiteAccounts
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.fields import cut
from bot.telegram.admin.limits_card import tapped
from bot.telegram.admin.visit import (
    NUMBER,
    Card,
    Step,
    Visit,
    answer,
    asking,
    closing,
    headed,
    one_after_another,
    showing,
)
from bot.telegram.links import clients_link
from db.bots import bots_to_open
from db.chats import ChatWork
from db.engine import Database
from db.errors import AddressTaken
from db.records import Draft
from db.sites import (
    MOST,
    AddSite,
    Changes,
    ChangeSite,
    Corner,
    RemoveSite,
    Site,
    called,
    sites_of,
)
from tenants.origins import MOST as MOST_ADDRESSES
from tenants.origins import line_for, typed
from tenants.permissions import Action
from tenants.size import answer_tokens

KEY_BYTES: Final = 12
UNREAD_CHARACTERS: Final = 200
# What is waited for: the addresses of a new site, or all those that a site is to have.
NEW, WHERE = "new", "where"


@dataclass(frozen=True, slots=True)
class SitesCommand(Command):
    """The sites of the tenant in hand. `public_url`: where we are on the web; None: nowhere.

    `leads_to_telegram`: whether visitors may be sent there: not where it is emulated.
    """

    name = cards.NAME
    action = Action.SITES

    database: Database
    public_url: str | None
    accounts: SiteAccounts
    leads_to_telegram: bool

    async def open(self, visit: Visit, words: str) -> Step:
        """All of them; with addresses after the command, a site is added."""
        if self.public_url is None:
            return showing(cards.off(visit))
        if words:
            return await self._add(visit, words)
        return showing(await self._list(visit))

    @on_press(Action.SITES, "", "list", "add", "site", "also", "where", "look", "limits")
    @on_press(Action.SITES, "accent", "corner", "pace", "day", "on", "off", "drop", "gone")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        if self.public_url is None:
            return Step(card=cards.off(visit))
        match words.split():
            case ["add"]:
                return asking(self._say(visit, Say.ASK), self.name, visit, NEW)
            case [verb, number, *more]:
                site = await self._find(visit, number)
                if site is None:
                    return self._say(visit, Say.GONE)
                return await self._about(visit, site, verb, *more[:1])
        return Step(card=await self._list(visit))

    @on_press(Action.KEYS, "known", "secret", "hide", "retire", "retired", "only", "all")
    async def press_accounts(self, visit: Visit, words: str) -> Step:
        """A button about a site's known visitors, whom a secret lets anybody pass for."""
        verb, number, *more = (*words.split(), "")
        site = await self._find(visit, number)
        if site is None or self.public_url is None:
            return await self.press(visit, "list")
        return await self.accounts.press(visit, site, verb, *more[:1])

    @on_answer(Action.SITES, NEW, WHERE)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """Addresses: of a new site, or in the place of those that one has."""
        verb, _, number = step.partition(" ")
        if verb != WHERE:
            return await self._add(visit, message.text or "")
        site = await self._find(visit, number)
        if site is None:
            return closing(self._say(visit, Say.GONE))
        origins = self._read(visit, message.text or "")
        if isinstance(origins, Step):
            return origins
        after = replace(site, origins=origins)
        card = self._card(visit, after, await self._tokens(visit), await self._elsewhere(visit))
        told = one_after_another(_insecure(visit, message.text or ""), card.drafts())
        return closing(self._change(visit, site, {"origins": origins}, *told))

    # ---------------------------------------------------------------- what is shown

    async def _find(self, visit: Visit, number: str) -> Site | None:
        known = await self.database.read(sites_of, visit.here.id)
        return next((site for site in known if str(site.id) == number), None)

    async def _list(self, visit: Visit) -> Card:
        return cards.list_of(visit, await self.database.read(sites_of, visit.here.id))

    async def _tokens(self, visit: Visit) -> int:
        """What an answer takes; a long profile is measured outside the event loop."""
        return await asyncio.to_thread(answer_tokens, visit.profile)

    async def _elsewhere(self, visit: Visit) -> str:
        """Where clients find the company in Telegram; "": nowhere."""
        if not self.leads_to_telegram:
            return ""
        return clients_link(*await self.database.read(bots_to_open, visit.here.id), visit.here.name)

    def _card(self, visit: Visit, site: Site, tokens: int, elsewhere: str) -> Card:
        words = say(Say.WITHOUT_SCRIPTS, visit.profile.language)
        url = self.public_url or ""
        line = line_for(url, site.public_key, elsewhere=elsewhere, words=words)
        return cards.one_of(visit, site, line, tokens)

    async def _about(self, visit: Visit, site: Site, verb: str, value: str = "") -> Step:
        """A button about one site: what is asked, or done; and what is shown then."""
        if verb == "where":
            asked = self._say(visit, Say.ASK_WHERE, addresses=cards.shown(site.origins))
            return asking(asked, self.name, visit, f"{WHERE} {site.id}")
        if verb == "gone":
            return self._remove(visit, site)
        tokens = await self._tokens(visit)
        changes = _changes(site, verb, value, tokens)
        step = self._change(visit, site, changes) if changes else Step()
        return replace(step, card=await self._after(visit, replace(site, **changes), verb, tokens))

    async def _after(self, visit: Visit, site: Site, verb: str, tokens: int) -> Card:
        match verb:
            case "look" | "accent" | "corner":
                return cards.look(visit, site)
            case "limits" | "pace" | "day":
                return cards.limits(visit, site, tokens)
            case "drop":
                return cards.really_remove(visit, site)
        return self._card(visit, site, tokens, await self._elsewhere(visit))

    def _say(self, visit: Visit, text: Say, **values: object) -> Step:
        return answer(headed(visit, say(text, visit.language, **values)))

    # ---------------------------------------------------------------- what is done

    def _read(self, visit: Visit, text: str) -> tuple[str, ...] | Step:
        """The addresses that were typed; or what to send instead, and it is waited for."""
        found = typed(text)
        if found.unread:
            words = cut(" ".join(found.unread), UNREAD_CHARACTERS)
            told = Say.UNREAD_BESIDE if found.origins else Say.UNREAD
            return self._say(visit, told, words=words)
        if not found.origins:
            return self._say(visit, Say.NO_ADDRESS)
        if len(found.origins) > MOST_ADDRESSES:
            return self._say(visit, Say.TOO_MANY_ADDRESSES, count=MOST_ADDRESSES)
        return found.origins

    async def _add(self, visit: Visit, text: str) -> Step:
        origins = self._read(visit, text)
        if isinstance(origins, Step):
            return asking(origins, self.name, visit, NEW)
        key, tokens = new_site_key(), await self._tokens(visit)
        elsewhere = await self._elsewhere(visit)
        add = AddSite(visit.here.id, key, origins, visit.actor, visit.now)
        full = self._say(visit, Say.TOO_MANY, count=MOST)

        def work(chat: ChatWork) -> Sequence[Draft]:
            try:
                site = chat.do(add)
            except AddressTaken as taken:
                return self._taken(visit, taken, NEW).work(chat)
            if site is None:
                return full.work(chat)
            new = Site(site, visit.here.id, key, origins)
            card = self._card(visit, new, tokens, elsewhere)
            return one_after_another(_insecure(visit, text), card.drafts())

        return closing(Step(work))

    def _change(self, visit: Visit, site: Site, changes: Changes, *said: Draft) -> Step:
        """It is done, and then this is said."""
        change = ChangeSite(site.id, visit.here.id, changes, visit.actor, visit.now)
        gone = self._say(visit, Say.GONE)

        def work(chat: ChatWork) -> Sequence[Draft]:
            try:
                return said if chat.do(change) else gone.work(chat)
            except AddressTaken as taken:
                return self._taken(visit, taken, f"{WHERE} {site.id}").work(chat)

        return Step(work)

    def _taken(self, visit: Visit, taken: AddressTaken, question: str) -> Step:
        """And the addresses are waited for again."""
        told = self._say(visit, Say.TAKEN, address=called([taken.origin]), site=taken.site)
        return asking(told, self.name, visit, question)

    def _remove(self, visit: Visit, site: Site) -> Step:
        remove = RemoveSite(site.id, visit.here.id, visit.actor, visit.now)
        removed = self._say(visit, Say.REMOVED, site=site.name)
        gone = self._say(visit, Say.GONE)

        def work(chat: ChatWork) -> Sequence[Draft]:
            return (removed if chat.do(remove) else gone).work(chat)

        return Step(work, card=Card(headed(visit, site.name), over=True))


def _insecure(visit: Visit, text: str) -> Sequence[Draft]:
    """That a page which is opened with http shows nothing, where that was typed."""
    if not (found := typed(text).insecure):
        return ()
    told = say(Say.INSECURE, visit.language, addresses=cards.shown(found))
    return Card(headed(visit, told)).drafts()


def new_site_key() -> str:
    """A key for a page: no secret, but none is guessed."""
    return f"site_{secrets.token_urlsafe(KEY_BYTES)}"


def _changes(site: Site, verb: str, value: str, answer_tokens: int) -> dict[str, Any]:
    """What a button changes; nothing, if it only shows something, or is none."""
    changes: dict[str, Any] = {}
    chosen = int(value) if NUMBER.fullmatch(value) else -1
    colours, others = [*cards.COLOURS], cards.others(site)
    match verb:
        case "on" | "off":
            changes["is_on"] = verb == "on"
        case "also" if 0 <= chosen < len(others):
            changes["origins"] = (*site.origins, others[chosen])
        case "accent" if 0 <= chosen < len(colours):
            changes["accent"] = colours[chosen]
        case "corner" if value in [*Corner]:
            changes["corner"] = Corner(value)
        case "pace" | "day":
            changes.update(tapped(cards.LIMITS, verb, chosen, answer_tokens))
    return changes
