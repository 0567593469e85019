"""/tenants: a host's companies."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from telegram import InlineKeyboardButton, Message

from bot.core.texts import nearest, say
from bot.core.texts.hosts import Tenants as Say
from bot.front.here import profile_of
from bot.telegram.account import Account
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.company import choice
from bot.telegram.admin.company_card import link_for_clients
from bot.telegram.admin.pages import page_of
from bot.telegram.admin.setup import begin
from bot.telegram.admin.visit import (
    Card,
    Step,
    Visit,
    answer,
    asking,
    button,
    closing,
    company,
    one_after_another,
    showing,
)
from db.chats import ChatWork
from db.companies import DeleteTenant, Rename, SetState
from db.company_now import company_now
from db.engine import Database
from db.errors import Gone
from db.people import TakeInHand
from db.records import Draft, TenantState
from db.tenants import (
    Listed,
    TakeBots,
    TenantRow,
    find_tenant,
    list_companies,
    tenant_by_id,
    tenant_of,
)
from db.transaction import OneByOne
from tenants import presets
from tenants.fields import FIELDS
from tenants.founding import found
from tenants.names import short_name
from tenants.permissions import Action
from tenants.profile import Language, Profile
from tenants.values import is_blank

NAME: Final = "tenants"
BLANK: Final = "-"  # in the place of a preset
_STATES: Final = {
    TenantState.ACTIVE: Say.STATE_ACTIVE,
    TenantState.PAUSED: Say.STATE_PAUSED,
    TenantState.ARCHIVED: Say.STATE_ARCHIVED,
}
CHANGES: Final = {
    "pause": (TenantState.PAUSED, Say.PAUSED),
    "resume": (TenantState.ACTIVE, Say.RESUMED),
    "archive": (TenantState.ARCHIVED, Say.ARCHIVED),
}


Press = Callable[[Visit, str], Awaitable[Step]]


@dataclass(frozen=True, slots=True)
class TenantsCommand(Command):
    """List, create, rename, pause, archive, delete."""

    name = NAME
    action = Action.TENANTS
    needs_tenant = False

    database: Database
    account: Account  # of the bot on which it is
    closed: Callable[[int], AbstractAsyncContextManager[object]]  # within it nothing is done for it

    async def open(self, visit: Visit, words: str) -> Step:
        """The list; with a name after it, that tenant's card."""
        named = await self.database.read(find_tenant, words) if words else None
        return showing(await self._card(visit, named) if named else await self._list(visit))

    @on_press(
        Action.TENANTS, "", "list", "new", "from", "make", "show", "rename", "delete", "speak"
    )
    @on_press(Action.TENANTS, *CHANGES)
    async def press(self, visit: Visit, words: str) -> Step:
        """Whatever the cards offer."""
        verb, _, rest = words.partition(" ")
        anywhere: Mapping[str, Press] = {
            "list": self._back,
            "new": self._new,
            "from": self._examples,
            "make": self._make,
        }
        if known := anywhere.get(verb):
            return await known(visit, rest)
        if visit.tenant is None:
            return Step(toast=say(Say.GONE, visit.language))
        about: Mapping[str, Press] = {
            "show": self._show,
            "rename": self._ask_rename,
            "delete": self._ask_delete,
            "speak": self._speak,
        }
        if verb in CHANGES:
            return await self._change(visit, verb)
        return await about.get(verb, self._show)(visit, rest)

    @on_answer(Action.TENANTS, "new", "rename", "delete")
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """A name for a new tenant or for this one, or the word that deletes it."""
        verb, _, rest = step.partition(" ")
        said = (message.text or "").strip()
        if verb == "delete":
            return await self._delete(visit, said)
        name = " ".join(said.split())
        limit = FIELDS["company_name"].limit
        if is_blank(name) or len(name) > limit:
            return answer(say(Say.BAD_NAME, visit.language, limit=limit))
        if verb == "rename":
            return self._rename(visit, short_name(name))
        return self._create(visit, name, await asyncio.to_thread(_begun, rest, visit))

    # ---------------------------------------------------------------- cards

    async def _list(self, visit: Visit, first: str = "") -> Card:
        page = page_of(await self.database.read(list_companies), first)
        rows = [[self._button(_line(visit, tenant), tenant, "show")] for tenant in page.items]
        turns = page.turns(lambda label, at: self._button(label, None, f"list {at}"))
        new = [self._button(say(Say.NEW, visit.language), None, "new")]
        text = Say.LIST if page.count else Say.LIST_EMPTY
        return Card(say(text, visit.language, count=page.count), [*rows, *turns, new])

    async def _card(self, visit: Visit, tenant: TenantRow) -> Card:
        speaks = await self.database.read(tenant_of, self.account.me.id)
        now = await self.database.read(company_now, tenant)
        text = say(
            Say.CARD,
            visit.language,
            company=company(tenant),
            name=tenant.name,
            state=say(_STATES[tenant.state], visit.language),
            version=tenant.version,
            link=link_for_clients(now),
        )
        return Card(text, self._buttons(visit, tenant, speaks=speaks))

    def _buttons(
        self, visit: Visit, tenant: TenantRow, *, speaks: TenantRow | None
    ) -> Sequence[Sequence[InlineKeyboardButton]]:
        def make(label: Say, words: str) -> InlineKeyboardButton:
            return self._button(say(label, visit.language), tenant, words)

        active = tenant.state is TenantState.ACTIVE
        rows = [
            [choice(say(Say.TAKE, visit.language), tenant, "configure")],
            [make(Say.PAUSE, "pause") if active else make(Say.RESUME, "resume")],
            [make(Say.RENAME, "rename"), make(Say.ARCHIVE, "archive")],
            [make(Say.DELETE, "delete"), make(Say.BACK, "list")],
        ]
        if speaks is None or speaks.id != tenant.id:
            rows.insert(1, [make(Say.SPEAK, "speak")])
        return rows

    def _button(
        self, label: str, tenant: TenantRow | Listed | None, words: str
    ) -> InlineKeyboardButton:
        return button(label, NAME, tenant, words)

    async def _back(self, visit: Visit, first: str) -> Step:
        return Step(card=await self._list(visit, first))

    async def _show(self, visit: Visit, _: str) -> Step:
        return Step(card=await self._card(visit, visit.here))

    # ---------------------------------------------------------------- a new one

    async def _new(self, visit: Visit, _: str) -> Step:
        """Its name is all that is needed."""
        examples = self._button(say(Say.EXAMPLES, visit.language), None, "from")
        asked = answer(say(Say.ASK_NAME, visit.language), rows=[[examples]])
        return asking(asked, NAME, visit, f"new {BLANK}")

    async def _examples(self, visit: Visit, _: str) -> Step:
        offered = await asyncio.to_thread(_offers)
        offered.append((say(Say.BLANK, visit.language), BLANK))
        rows = [[self._button(label, None, f"make {preset}")] for label, preset in offered]
        return Step(card=Card(say(Say.NEW_FROM, visit.language), rows))

    async def _make(self, visit: Visit, preset: str) -> Step:
        if preset not in (BLANK, *presets.names()):
            return await self._examples(visit, "")
        return self._ask(visit, say(Say.ASK_NAME, visit.language), f"new {preset}")

    def _create(self, visit: Visit, company: str, profile: Profile) -> Step:
        """A company, and with it the guide through what it needs."""

        def work(chat: ChatWork) -> Sequence[Draft]:
            made, _ = found(chat, company, profile, actor=visit.actor, now=visit.now)
            chat.do(TakeInHand(visit.user_id, made))
            tenant = chat.read(tenant_by_id, made)
            if tenant is None:
                raise Gone(made)
            created = Card(say(Say.CREATED, visit.language, company=company)).drafts()
            there = replace(visit, tenant=tenant, profile=profile_of(tenant))
            return one_after_another(created, begin(chat, there))

        return Step(work)

    # ---------------------------------------------------------------- changes

    async def _change(self, visit: Visit, verb: str) -> Step:
        state, said = CHANGES[verb]
        change = SetState(visit.here.id, state, visit.actor, visit.now)
        ends = [[self._button(say(Say.RESUME, visit.language), visit.here, "resume")]]
        return await self._do(visit, lambda _: change, said, ends if verb == "pause" else [])

    async def _speak(self, visit: Visit, _: str) -> Step:
        def take(tenant: TenantRow) -> TakeBots:
            return TakeBots(tenant.name, visit.actor, visit.now)

        return await self._do(visit, take, Say.SPEAKS, [])

    async def _do(
        self,
        visit: Visit,
        change: Callable[[TenantRow], OneByOne[Any]],
        said: Say,
        rows: Sequence[Sequence[InlineKeyboardButton]],
    ) -> Step:
        """The change is told what the tenant is by then: it may have been renamed."""
        text = say(said, visit.language, company=visit.company)
        back = self._button(say(Say.BACK, visit.language), visit.here, "show")

        def work(chat: ChatWork) -> Sequence[Draft]:
            tenant = chat.read(tenant_by_id, visit.here.id) or visit.here
            chat.do(change(tenant))
            return ()

        return Step(work, toast=text, card=Card(text, [*rows, [back]]))

    async def _ask_rename(self, visit: Visit, _: str) -> Step:
        text = say(Say.ASK_LINK, visit.language, name=visit.here.name)
        return self._ask(visit, text, "rename")

    def _rename(self, visit: Visit, name: str) -> Step:
        tenant = visit.here

        def work(chat: ChatWork) -> Sequence[Draft]:
            rename = Rename(tenant.id, name, visit.actor, visit.now)
            done = chat.do(rename)
            if not done:
                return Card(say(Say.NAME_TAKEN, visit.language, name=name)).drafts()
            chat.ask(None)
            return Card(say(Say.RENAMED, visit.language, old=tenant.name, name=name)).drafts()

        return Step(work)

    async def _ask_delete(self, visit: Visit, _: str) -> Step:
        tenant = visit.here
        text = say(Say.ASK_DELETE, visit.language, company=visit.company, name=tenant.name)
        return self._ask(visit, text, "delete")

    async def _delete(self, visit: Visit, said: str) -> Step:
        tenant = visit.here
        if said != tenant.name:
            return answer(say(Say.NOT_DELETED, visit.language, name=tenant.name))

        def work(chat: ChatWork) -> Sequence[Draft]:
            return Card(self._deleted(chat, visit, tenant)).drafts()

        own = await self.database.read(tenant_of, self.account.me.id)
        if own and own.id == tenant.id:
            return closing(Step(work))  # it says why not, and this bot has to stay for that
        return closing(Step(work, within=partial(self.closed, tenant.id)))

    def _deleted(self, chat: ChatWork, visit: Visit, tenant: TenantRow) -> str:
        """Delete it, and what there is to say about that."""
        own = chat.read(tenant_of, self.account.me.id)
        if own and own.id == tenant.id and not self.account.shared:
            return say(Say.DELETE_ELSEWHERE, visit.language, company=visit.company)
        delete = DeleteTenant(tenant.id, visit.actor, visit.now, asked_by=chat.update)
        held = chat.do(delete)
        if held:
            bots = ", ".join(f"@{one}" for one in held)
            return say(Say.DELETE_SPEAKS, visit.language, bots=bots, company=visit.company)
        return say(Say.DELETED, visit.language, company=visit.company)

    @staticmethod
    def _ask(visit: Visit, text: str, step: str) -> Step:
        return asking(answer(text), NAME, visit, step)


def _line(visit: Visit, tenant: Listed) -> str:
    if tenant.state is TenantState.ACTIVE:
        return tenant.company
    return f"{tenant.company} ({say(_STATES[tenant.state], visit.language)})"


def _begun(preset: str, visit: Visit) -> Profile:
    """A blank company speaks as whoever makes it."""
    if preset != BLANK:
        return presets.load(preset)
    spoken = nearest(visit.language)
    return Profile(language=Language(spoken)) if spoken in [*Language] else Profile()


def _offers() -> list[tuple[str, str]]:
    known = [(presets.load(name), name) for name in presets.names()]
    return [(f"{profile.company_name} ({profile.language})", name) for profile, name in known]
