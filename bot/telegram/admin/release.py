"""What publishing and rolling back have in common: what differs, and telling the others."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.diffs import named
from bot.telegram.admin.state import state_of
from bot.telegram.admin.visit import Card, Visit, answer, button, headed
from db.chats import ChatWork
from db.drafts import Drafted
from db.engine import Database
from db.records import Draft
from db.versions import colleagues
from tenants.difference import Difference, differences, noticed
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
    noticed: Sequence[Difference]
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

    def know_alone(self) -> Sequence[str]:
        """The private assistants that from now on know a text in the place of everybody's."""
        shared, before = self.new.knowledge, self.old.assistants
        return [
            self.new.called(name)
            for name, own in self.new.assistants.items()
            if own.knowledge and shared and shared not in own.knowledge
            if name not in before or before[name].knowledge != own.knowledge
        ]


async def plan_of(database: Database, visit: Visit) -> Plan | None:
    """What publishing would do now; None when nothing is drafted."""
    state = await state_of(database, visit)
    if state.draft is None:
        return None
    old, new = state.published, state.profile
    # Beside the event loop: a knowledge may have thousands of lines.
    found = await asyncio.to_thread(differences, old, new)
    told = await asyncio.to_thread(noticed, old, new)
    return Plan(visit.here.version, old, new, state.draft, found, told, state.left_out)


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
        return Card(headed(self.visit, "\n".join(lines))).leading_home(spoken).drafts()


def announce(chat: ChatWork, visit: Visit, news: News) -> None:
    """Tell the tenant's other admins, in the transaction at work."""
    tenant = visit.here.id
    others = chat.read(colleagues, tenant, roles=CONFIGURES, besides=visit.user_id, now=visit.now)
    chat.tell(others, news.drafts)


def stale(visit: Visit, command: str) -> Callable[[ChatWork], Sequence[Draft]]:
    """Somebody was faster: nothing is done."""
    again = button(say(Say.LOOK_AGAIN, visit.language), command, visit.tenant)
    return answer(headed(visit, say(Say.CHANGED_MEANWHILE, visit.language)), rows=[[again]]).work
