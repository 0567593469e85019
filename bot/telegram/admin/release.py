"""What publishing and rolling back have in common: what differs, and telling the others."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.diffs import named
from bot.telegram.admin.state import state_of
from bot.telegram.admin.visit import Card, Visit, answer, headed
from db.chats import ChatWork
from db.drafts import Drafted
from db.engine import Database
from db.records import Draft
from db.versions import colleagues
from tenants.difference import Difference, differences
from tenants.permissions import Action, Role, may
from tenants.profile import Profile

CONFIGURES: Final = tuple(role.value for role in Role if may(role, Action.CONFIGURE))


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft as an admin looks at it: what it changes, and what does not fit any more."""

    version: int
    old: Profile
    new: Profile
    draft: Drafted
    found: Sequence[Difference]
    unfitting: Sequence[str]

    @property
    def seen(self) -> str:
        """Names what was looked at; short enough for a button."""
        return f"{self.version}.{self.draft.revision}"

    def authors(self) -> Mapping[str, Sequence[str]]:
        """Who changed which fields last."""
        by: dict[str, list[str]] = {}
        for changed, touch in self.draft.touched.items():
            by.setdefault(touch.author, []).append(changed)
        return by


async def plan_of(database: Database, visit: Visit) -> Plan | None:
    """What publishing would do now; None when nothing is drafted."""
    state = await state_of(database, visit)
    if state.draft is None:
        return None
    old, new = state.published, state.profile
    found = await compare(old, new)
    return Plan(visit.here.version, old, new, state.draft, found, state.left_out)


async def compare(old: Profile, new: Profile) -> Sequence[Difference]:
    """What differs, found beside the event loop: a knowledge may have thousands of lines."""
    return await asyncio.to_thread(differences, old, new)


@dataclass(frozen=True, slots=True)
class News:
    """What the other admins are told: a sentence, the note, and who changed what."""

    visit: Visit
    text: Say
    values: Mapping[str, object]
    note: str | None = None
    authors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def drafts(self, language: str | None) -> tuple[Draft, ...]:
        """The message, in the language of whoever is told."""
        spoken = language or self.visit.language
        actor = self.visit.name
        lines = [say(self.text, spoken, author=actor, **self.values)]
        if self.note:
            lines.append(say(Say.TOLD_NOTE, spoken, note=self.note))
        lines += [
            say(Say.CHANGED_BY, spoken, author=author, fields=named(fields, spoken))
            for author, fields in self.authors.items()
        ]
        return Card(headed(self.visit, "\n".join(lines))).drafts()


def announce(chat: ChatWork, visit: Visit, news: News) -> None:
    """Tell the tenant's other admins, in the transaction at work."""
    tenant = visit.here.id
    others = chat.read(colleagues, tenant, roles=CONFIGURES, besides=visit.user_id, now=visit.now)
    chat.tell(others, news.drafts)


def stale(visit: Visit, command: str) -> Callable[[ChatWork], Sequence[Draft]]:
    """Somebody was faster: nothing is done."""
    text = say(Say.CHANGED_MEANWHILE, visit.language, command=f"/{command}")
    return answer(headed(visit, text)).work
