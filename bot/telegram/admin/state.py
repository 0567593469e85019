"""A tenant's profile as it is published, and as it is drafted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.front.here import profile_of
from bot.telegram.admin.visit import Visit
from db.chats import ChatWork
from db.drafts import Change, Drafted, Version, draft_of, held_draft
from db.engine import Database
from tenants.difference import differences, trail_of
from tenants.fields import FIELDS
from tenants.form import drafted
from tenants.heir import PRESET
from tenants.profile import Profile

LISTED: Final = (*FIELDS, *(name for name in Profile.model_fields if name not in FIELDS))


@dataclass(frozen=True, slots=True)
class State:
    """Without a draft, `profile` is what is published."""

    published: Profile
    profile: Profile
    draft: Drafted | None = None
    left_out: tuple[str, ...] = ()  # changes that do not fit what was published since

    @property
    def changed(self) -> tuple[str, ...]:
        """What the draft changes, in the order of the card."""
        return in_order(self.draft.changes if self.draft else ())


def in_order(fields: Collection[str]) -> tuple[str, ...]:
    """These fields as the card has them; then what is no field any more."""
    return (*(name for name in LISTED if name in fields), *sorted({*fields} - {*LISTED}))


async def state_of(database: Database, visit: Visit) -> State:
    """That of the tenant at hand."""
    draft = await database.read(draft_of, visit.here.id)
    return state_with(visit.profile, draft)


def state_now(chat: ChatWork, visit: Visit) -> State:
    """The same in the transaction at work: until the commit nobody else changes it."""
    tenant, draft = chat.read(held_draft, visit.here.id)
    return state_with(profile_of(tenant), draft)


def redraft(chat: ChatWork, visit: Visit, changes: Mapping[str, Any]) -> tuple[Profile, Profile]:
    """Put changes into the draft: the profile before and after. Raises ValidationError."""
    before = state_now(chat, visit).profile
    after = before.changed(changes)
    said = after.model_dump(mode="json")
    kept = {name: said.get(name) for name in changes}
    trail = trail_of(differences(before, after))
    chat.do(Change(visit.here.id, kept, visit.actor, visit.now, trail))
    return before, after


def state_with(published: Profile, draft: Drafted | None) -> State:
    """What a draft makes of a profile."""
    if draft is None:
        return State(published, published)
    profile, left_out = drafted(published, draft.changes)
    return State(published, profile, draft, left_out)


def author_of(version: Version) -> str:
    """Who published it; the example that a first start brings came with the program."""
    return "Sportello" if version.author == PRESET else version.author
