"""How often somebody may ask: counted in one place, for all processes.

Of each who asks one moment is kept: when all that was asked for is made up for. Asking puts it
off by a share of the limit's time; where it would lie further ahead than that time, it is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from db.models import limits
from db.rows import Insert, insert_for
from db.transaction import Operation

MOST_OWED: Final = 2  # times of a limit
_MINE = (
    select(limits)
    .where(limits.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(limits.c.key)
    .with_for_update(key_share=True)
)
_SET = update(limits).where(limits.c.key == bindparam("whose")).values(until=bindparam("later"))


@cache
def _add(dialect: str) -> Insert:
    return insert_for(dialect, limits).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Quota:
    """So many times within so many seconds; `key`: whose, as a hash. `cost`: in times, of one.

    `name`: what is told of it, where anything is.
    """

    key: str
    times: int
    seconds: float
    cost: int = 1
    name: str = ""

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


class Tally:
    """All limits of which is taken in a commit, locked together and in one order.

    Else two processes would wait for each other. `write` it when all is taken.
    """

    def __init__(self, connection: Connection, limits: Iterable[Quota], now: float) -> None:
        keys = sorted({one.key for one in limits})
        self._connection = connection
        self._until = dict(_locked(connection, keys, now)) if keys else {}
        self._later = dict[str, float]()

    def ask(self, limits: Sequence[Quota], now: float) -> QuotaState:
        """How it would be with one time more of each: the limit that is used up, or the nearest."""
        later = self._with_one_more(limits, now)
        tightest = min(limits, key=lambda one: one.left(later[one.key], now))
        left = tightest.left(later[tightest.key], now)
        if left < 0:
            return QuotaState(tightest, 0, self._until[tightest.key] - now, wait=-left)
        share = tightest.seconds / tightest.times
        return QuotaState(tightest, int(left / share), later[tightest.key] - now)

    def take(self, limits: Sequence[Quota], now: float) -> None:
        """One time more of each."""
        later = self._with_one_more(limits, now)
        self._until |= later
        self._later |= later

    def write(self) -> None:
        """Keep what was taken."""
        if self._later:
            values = [{"whose": key, "later": self._later[key]} for key in sorted(self._later)]
            self._connection.execute(_SET, values)

    def _with_one_more(self, limits: Sequence[Quota], now: float) -> dict[str, float]:
        return {one.key: one.after(self._until[one.key], now) for one in limits}


@dataclass(frozen=True, slots=True)
class Spend(Operation[QuotaState]):
    """Take one time of each limit, or of none if one is used up; that one, or the nearest to it."""

    limits: Sequence[Quota]
    now: float

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Spend"]
    ) -> Sequence[QuotaState]:
        every = (limit for one in batch for limit in one.limits)
        tally = Tally(connection, every, min(one.now for one in batch))
        states = [one._take(tally) for one in batch]
        tally.write()
        return states

    def _take(self, tally: Tally) -> QuotaState:
        state = tally.ask(self.limits, self.now)
        if not state.wait:
            tally.take(self.limits, self.now)
        return state


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
    found: dict[str, float] = {}
    while missing := [key for key in keys if key not in found]:
        # Another process may delete what is over between one statement and the next.
        connection.execute(
            _add(connection.dialect.name), [{"key": key, "until": now} for key in missing]
        )
        rows = connection.execute(_MINE, {"keys": missing})
        found |= {row.key: row.until for row in rows}
    return found
