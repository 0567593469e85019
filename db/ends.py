"""What ends at a time: roles, invitations, access codes. What has ended stays ended."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, update

from db.models import admins, codes, invites
from db.seconds import DAY_SECONDS
from db.transaction import OneByOne

ENDED: Final = 0.0  # in the place of an end that was reached: no clock can be put back to it
RECENT_SECONDS: Final = 7 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class CloseEnded(OneByOne[None]):
    """Make the ends of the last days final: a clock that is put back opens nothing again.

    Earlier ones stay as they are, so that a clock that is wrong by years for a moment ends nothing
    for good.
    """

    now: float

    def carry_out(self, connection: Connection) -> None:
        for table in (admins, codes):
            ended = self._reached(table.c.expires_at)
            connection.execute(update(table).where(ended).values(expires_at=ENDED))
        ended = self._reached(invites.c.expires_at) | self._reached(invites.c.member_until)
        is_open = invites.c.used_at.is_(None) & invites.c.revoked_at.is_(None)
        connection.execute(update(invites).where(is_open, ended).values(revoked_at=self.now))

    def _reached(self, end: ColumnElement[float]) -> ColumnElement[bool]:
        return end.between(self.now - RECENT_SECONDS, self.now)
