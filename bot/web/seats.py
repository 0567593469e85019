"""How much somebody may have open at once: counted by the process that has it open, while it is.

A stream, or a request that waits, takes a place at the server for as long as it lasts; how often
somebody asks says nothing of that.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.web.problems import QUOTA, ProblemDetails
from bot.web.visitors import Program, SiteVisitor, counted_as
from db.records import Address

IN_A_CHAT: Final = 32  # more than anybody has tabs in sight
FROM_A_PLACE: Final = 256  # visitors behind one address: a company, a hotel, a school
OF_A_KEY: Final = 512
AGAIN_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Seats:
    """All that are taken in this process, and how many there are."""

    in_a_chat: int = IN_A_CHAT
    from_a_place: int = FROM_A_PLACE
    of_a_key: int = OF_A_KEY
    _taken: Counter[object] = field(default_factory=Counter)

    @contextmanager
    def taken(self, who: SiteVisitor | Program, place: str, address: Address) -> Iterator[None]:
        """One more, in a chat and for who asks from a place. Raises ProblemDetails."""
        mine = counted_as(who, place)
        most = self.of_a_key if isinstance(who, Program) else self.from_a_place
        if self._taken[address] >= self.in_a_chat or self._taken[mine] >= most:
            title = "Too much is open at the same time. Ask without waiting, or later."
            raise ProblemDetails(429, QUOTA, title, {"Retry-After": str(AGAIN_SECONDS)})
        self._taken.update((address, mine))
        try:
            yield
        finally:
            for one in (address, mine):
                self._taken[one] -= 1
                if not self._taken[one]:
                    del self._taken[one]
