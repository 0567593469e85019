"""Whether a turn is answered at all: its tenant, and its preview."""

from dataclasses import dataclass

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.ports import Clock
from db.engine import Database
from db.journal import Journal
from db.people import roles_of
from db.previews import LeavePreview
from db.records import OutboxKind, Purpose, TenantState, Turn
from tenants.permissions import Action, Role, may
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody answers: what is said instead, and why."""

    text: str
    cause: str


@dataclass(frozen=True, slots=True)
class Door:
    """`hosts`: those of the settings, who may try every draft."""

    journal: Journal
    database: Database
    clock: Clock
    hosts: tuple[int, ...]

    async def closed_for(self, turn: Turn, profile: Profile) -> Closed | None:
        """None when the turn is answered; what was begun before a pause is finished."""
        language = turn.language or profile.language
        if turn.purpose is Purpose.PREVIEW:
            if await self._may_try(turn):
                return None
            await self.journal.do(LeavePreview(turn.chat, self.clock.now()))
            return Closed(say(Versions.PREVIEW_OVER, language), "no longer an admin")
        if turn.tenant_state is TenantState.ACTIVE or has_begun(turn):
            return None
        if turn.tenant_state is TenantState.PAUSED:
            return Closed(profile.text_for("pause_message", turn.language), turn.tenant_state)
        return Closed(say(Versions.ARCHIVED, language), turn.tenant_state)

    async def _may_try(self, turn: Turn) -> bool:
        """A role may have been taken, or have ended, since the preview was entered."""
        person = turn.address.person
        if person is None or person in self.hosts:
            return person is not None
        roles = await self.database.read(roles_of, user_id=person, now=self.clock.now())
        held = (roles.get(None), roles.get(turn.tenant))
        return any(may(Role(role), Action.CONFIGURE) for role in held if role)


def has_begun(turn: Turn) -> bool:
    """Whether the model began an answer, or a part of it was said."""
    said = any(row.kind is OutboxKind.REPLY for row in turn.rows)
    return said or turn.response_id is not None
