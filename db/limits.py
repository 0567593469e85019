"""How often somebody may ask: counted in one place, for all processes.

Of each who asks one moment is kept: when all that was asked for is made up for. Asking puts it
off by a share of the limit's time; where it would lie further ahead than that time, it is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from db.models import limits
from db.rows import insert
from db.transaction import OneByOne

MOST_OWED: Final = 2  # times of a limit
_SET = update(limits).where(limits.c.key == bindparam("whose")).values(until=bindparam("later"))


@dataclass(frozen=True, slots=True)
class Quota:
    """So many times within so many seconds; `key`: whose, as a hash. `cost`: in times, of one."""

    key: str
    times: int
    seconds: float
    cost: int = 1

    def after(self, until: float, now: float, times: int = 1) -> float:
        """When it is made up for, with so many times more.

        What lies further ahead than anything can was noted before the clock was put back.
        """
        begins = until if now < until <= now + MOST_OWED * self.seconds else now
        return begins + times * self.cost * self.seconds / self.times

    def left(self, until: float, now: float) -> float:
        """Seconds of it that are left; below zero: so long before it may be asked again."""
        return self.seconds - (until - now)


@dataclass(frozen=True, slots=True)
class QuotaState:
    """Times of a limit that are left, seconds until all are; where it is refused, how long."""

    limit: Quota
    left: int
    full_in: float
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Spend(OneByOne[QuotaState]):
    """Take one time of each limit, or of none if one is used up; that one, or the nearest to it."""

    limits: Sequence[Quota]
    now: float

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Spend"]
    ) -> Sequence[QuotaState]:
        if len(batch) > 1:  # each in its own order, two processes would wait for each other
            keys = {limit.key for one in batch for limit in one.limits}
            _locked(connection, sorted(keys), min(one.now for one in batch))
        return [one.carry_out(connection) for one in batch]

    def carry_out(self, connection: Connection) -> QuotaState:
        until = _locked(connection, sorted(one.key for one in self.limits), self.now)
        later = {one.key: one.after(until[one.key], self.now) for one in self.limits}
        tightest = min(self.limits, key=lambda one: one.left(later[one.key], self.now))
        left = tightest.left(later[tightest.key], self.now)
        if left < 0:
            return QuotaState(tightest, 0, until[tightest.key] - self.now, wait=-left)
        values = [{"whose": key, "later": moment} for key, moment in sorted(later.items())]
        connection.execute(_SET, values)
        share = tightest.seconds / tightest.times
        return QuotaState(tightest, int(left / share), later[tightest.key] - self.now)


def charge(connection: Connection, limit: Quota, times: int, *, now: float) -> None:
    """So many times were taken, whether they were left or not: what was not is owed."""
    later = limit.after(_locked(connection, [limit.key], now)[limit.key], now, times)
    most = now + MOST_OWED * limit.seconds
    connection.execute(_SET, {"whose": limit.key, "later": min(later, most)})


def wait_for(connection: Connection, limit: Quota, *, now: float) -> float:
    """Seconds until one time more may be taken; 0: at once."""
    mine = select(limits.c.until).where(limits.c.key == limit.key)
    until = connection.execute(mine).scalar()
    return 0.0 if until is None else max(0.0, -limit.left(limit.after(until, now), now))


def _locked(connection: Connection, keys: Sequence[str], now: float) -> Mapping[str, float]:
    add = insert(connection, limits).on_conflict_do_nothing()
    connection.execute(add, [{"key": key, "until": now} for key in keys])
    mine = select(limits).where(limits.c.key.in_(keys)).order_by(limits.c.key)
    found = connection.execute(mine.with_for_update(key_share=True))
    return {row.key: row.until for row in found}
