"""What publishing and rolling back need besides: that nothing changed since it was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import tokens
from db.people import people_of
from db.rows import count_tokens, days_of
from db.transaction import OneByOne


def colleagues(
    connection: Connection, tenant: int, *, roles: Sequence[str], besides: int | None, now: float
) -> tuple[int, ...]:
    """Those with these roles in a tenant, by Telegram's id, but one."""
    people = people_of(connection, tenant, now)
    return tuple(
        person.user_id for person in people if person.role in roles and person.user_id != besides
    )


@dataclass(frozen=True, slots=True)
class CountTokens(OneByOne[None]):
    """Tokens that were used outside of a turn count for today (and tomorrow: `count_tokens`)."""

    days: tuple[str, str]
    used: int

    def carry_out(self, connection: Connection) -> None:
        count_tokens(connection, self.days, self.used)


def tokens_used(connection: Connection, days: tuple[str, str]) -> int:
    """Tokens used today, or tomorrow, if they are counted there."""
    used = select(tokens.c.used).where(tokens.c.day.in_(days)).order_by(tokens.c.day.desc())
    return connection.execute(used.limit(1)).scalar() or 0


def tokens_used_by(connection: Connection, whose: str, days: tuple[str, str]) -> int:
    """The same of a bot (its id) or a key (`of_key`) whose tokens are counted by themselves."""
    return tokens_used(connection, days_of(whose, days))
