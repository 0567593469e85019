"""/audit: who changed what and when, the latest first; of long texts what went and what came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.desk import Audit as Say
from bot.telegram.admin.codes import rule
from bot.telegram.admin.command import Command, on_press
from bot.telegram.admin.diffs import is_value, named, names_in, place, sentences, sides
from bot.telegram.admin.moments import moment
from bot.telegram.admin.roles import role_name
from bot.telegram.admin.state import in_order, state_of
from bot.telegram.admin.visit import NUMBER, Card, Step, Visit, button, headed, showing
from db.audit import Deed, Entry, trail
from db.engine import Database
from tenants.difference import Difference
from tenants.permissions import Action, Role

TENANT, SERVICE = "tenant", "service"  # whose trail, in the words of a button
PAGE: Final = 6  # changes: with an excerpt each, they fit into one message
SENTENCES: Final = 4
ROLES: Final = frozenset({Deed.ADMIN_ADDED, Deed.ADMIN_CHANGED, Deed.ADMIN_REMOVED})
LINKS: Final = frozenset({Deed.INVITED, Deed.INVITE_REVOKED})
PROFILE: Final = frozenset({Deed.DRAFT_CHANGED, Deed.PUBLISHED, Deed.ROLLED_BACK})
# About the company whose name stands above; what they note is its name in links.
COMPANY: Final = frozenset(
    {
        Deed.TENANT_CREATED,
        Deed.TENANT_PAUSED,
        Deed.TENANT_RESUMED,
        Deed.TENANT_ARCHIVED,
        Deed.TENANT_SPEAKS,
    }
)
CODES: Final = frozenset(
    {Deed.CODE_ADDED, Deed.CODE_CHANGED, Deed.CODE_REVOKED, Deed.CODE_USED}
)  # each of an assistant
DID: Final[Mapping[str, Say]] = MappingProxyType(
    {
        Deed.ADMIN_ADDED: Say.DID_ADMIN_ADDED,
        Deed.ADMIN_CHANGED: Say.DID_ADMIN_CHANGED,
        Deed.ADMIN_REMOVED: Say.DID_ADMIN_REMOVED,
        Deed.INVITED: Say.DID_INVITED,
        Deed.INVITE_REVOKED: Say.DID_INVITE_REVOKED,
        Deed.SERVER_ADDED: Say.DID_SERVER_ADDED,
        Deed.SERVER_REMOVED: Say.DID_SERVER_REMOVED,
        Deed.BOT_ADDED: Say.DID_BOT_ADDED,
        Deed.BOT_TOKEN_CHANGED: Say.DID_BOT_TOKEN_CHANGED,
        Deed.BOT_REMOVED: Say.DID_BOT_REMOVED,
        Deed.SITE_ADDED: Say.DID_SITE_ADDED,
        Deed.SITE_ADDRESSES_CHANGED: Say.DID_SITE_ADDRESSES_CHANGED,
        Deed.SITE_LOOK_CHANGED: Say.DID_SITE_LOOK_CHANGED,
        Deed.SITE_LIMITS_CHANGED: Say.DID_SITE_LIMITS_CHANGED,
        Deed.SITE_SWITCHED_ON: Say.DID_SITE_SWITCHED_ON,
        Deed.SITE_SWITCHED_OFF: Say.DID_SITE_SWITCHED_OFF,
        Deed.SITE_REMOVED: Say.DID_SITE_REMOVED,
        Deed.KEY_ADDED: Say.DID_KEY_ADDED,
        Deed.KEY_REVOKED: Say.DID_KEY_REVOKED,
        Deed.CODE_ADDED: Say.DID_CODE_ADDED,
        Deed.CODE_CHANGED: Say.DID_CODE_CHANGED,
        Deed.CODE_REVOKED: Say.DID_CODE_REVOKED,
        Deed.CODE_REFUSED: Say.DID_CODE_REFUSED,
        Deed.CODE_USED: Say.DID_CODE_USED,
        Deed.FACT_SET: Say.DID_FACT_SET,
        Deed.FACT_REMOVED: Say.DID_FACT_REMOVED,
        Deed.TOOL_ADDED: Say.DID_TOOL_ADDED,
        Deed.TOOL_CHANGED: Say.DID_TOOL_CHANGED,
        Deed.TOOL_SECRET_SET: Say.DID_TOOL_SECRET_SET,
        Deed.TOOL_REMOVED: Say.DID_TOOL_REMOVED,
        Deed.TENANT_CREATED: Say.DID_TENANT_CREATED,
        Deed.TENANT_RENAMED: Say.DID_TENANT_RENAMED,
        Deed.TENANT_PAUSED: Say.DID_TENANT_PAUSED,
        Deed.TENANT_RESUMED: Say.DID_TENANT_RESUMED,
        Deed.TENANT_ARCHIVED: Say.DID_TENANT_ARCHIVED,
        Deed.TENANT_SPEAKS: Say.DID_TENANT_SPEAKS,
        Deed.TENANT_DELETED: Say.DID_TENANT_DELETED,
        Deed.DRAFT_CHANGED: Say.DID_DRAFT_CHANGED,
        Deed.DRAFT_DISCARDED: Say.DID_DRAFT_DISCARDED,
        Deed.PUBLISHED: Say.DID_PUBLISHED,
        Deed.ROLLED_BACK: Say.DID_ROLLED_BACK,
        Deed.CHAT_READ: Say.DID_CHAT_READ,
        Deed.CHATS_EXPORTED: Say.DID_CHATS_EXPORTED,
    }
)


@dataclass(frozen=True, slots=True)
class AuditCommand(Command):
    """The trail of the tenant in hand; for hosts also that of the process."""

    name = "audit"
    action = Action.AUDIT

    database: Database

    async def open(self, visit: Visit, words: str) -> Step:
        """The latest changes."""
        return showing(await self._page(visit, TENANT))

    @on_press(Action.AUDIT, "", TENANT)
    @on_press(Action.TENANTS, SERVICE)
    async def press(self, visit: Visit, words: str) -> Step:
        """Older ones: after the words "tenant" or "service" the row before which they are."""
        first, _, before = words.partition(" ")
        whose = first if first == SERVICE else TENANT
        row = int(before) if NUMBER.fullmatch(before) else None
        return Step(card=await self._page(visit, whose, row))

    async def _page(self, visit: Visit, whose: str, before: int | None = None) -> Card:
        tenant = None if whose == SERVICE else visit.here.id
        found = await self.database.read(trail, tenant=tenant, before=before, limit=PAGE + 1)
        shown = found[:PAGE]
        told = [say(Say.TRAIL if shown else Say.NOTHING, visit.language)]
        called = str if tenant is None else await self._names(visit)
        told += [_told(visit, entry, called) for entry in shown]
        text = "\n\n".join(told)
        older = f"{whose} {shown[-1].row}" if len(found) > PAGE else ""
        return Card(text if tenant is None else headed(visit, text), self._rows(visit, older))

    async def _names(self, visit: Visit) -> Callable[[str], str]:
        state = await state_of(self.database, visit)
        return names_in(state.profile, state.published)

    def _rows(self, visit: Visit, older: str) -> Sequence[Sequence[InlineKeyboardButton]]:
        labels = {older: Say.OLDER} if older else {}
        if visit.role is Role.HOST:
            labels[SERVICE] = Say.SERVICE
        return [
            [button(say(label, visit.language), self.name, visit.here, words)]
            for words, label in labels.items()
        ]


def _told(visit: Visit, entry: Entry, called: Callable[[str], str]) -> str:
    """When and who, what to whom, and both values; `called`: the name of an assistant."""
    language = visit.language
    did = say(DID[entry.action], language) if entry.action in DID else entry.action
    changed, what = _changed(entry), entry.subject
    if changed:
        what = place(changed, language, called)
    elif what and entry.action in CODES:
        what = called(what)
    lines = [
        f"{moment(entry.at, language, zone=visit.zone)}, {entry.actor.name}",
        f"{did}: {what}" if what else did,
    ]
    values = _sides(changed, language) if changed else _values(visit, entry)
    return "\n".join([*lines, *values])


def _changed(entry: Entry) -> Difference | None:
    """What an entry of the profile's trail is about; see `Difference.subject`."""
    field, _, part = (entry.subject or "").partition(" ")
    return Difference(field, part, entry.old, entry.new) if entry.action in PROFILE else None


def _sides(changed: Difference, language: str) -> Sequence[str]:
    if is_value(changed):
        return [sides(changed, language)]
    return sentences(changed, language, most=SENTENCES)


def _values(visit: Visit, entry: Entry) -> Sequence[str]:
    """Old and new in the reader's words, where there are some."""
    language = visit.language
    known = [value for value in (entry.old, entry.new) if value]
    match entry.action:
        case action if action in ROLES | LINKS:
            values = [role_name(role, language) for role in known]
        case Deed.DRAFT_DISCARDED:
            values = [named(in_order(fields.split(", ")), language) for fields in known]
        case Deed.CODE_CHANGED:
            values = [rule(visit, told) for told in known]
        case action if action in COMPANY:
            values = []
        case _:
            values = known
    return [" → ".join(values)] if values else []
