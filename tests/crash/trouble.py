"""What goes wrong within a victim that lives on: commits that fail, a clock that is put back."""

import json
import random
import time
from dataclasses import asdict, dataclass, field
from typing import Self

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from bot.ops.clock import SystemClock
from bot.ops.logs import LogTelemetry
from bot.ports import Telemetry

COMMIT_FAILED = "commit failed on purpose"
CLOCK_PUT_BACK = "clock put back on purpose"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a victim is to suffer; nothing, if nothing is said."""

    commits: float = 0.0  # the share of all commits that fail
    settled: float = 0.0  # the share that fails of those next after a doubt is settled
    happened: float = 0.0  # the share of the failed that were committed: only the answer is lost
    back_seconds: float = 0.0  # so far the wall clock is put back
    back_after: float = 0.0  # seconds of its life before that
    seed: int = 0

    def dump(self) -> str:
        """As an argument of the victim's."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Self:
        """From an argument of the victim's."""
        return cls(**json.loads(text))


@dataclass(slots=True)
class PutBack(SystemClock):
    """The wall clock goes back at a moment of the process's life; the monotonic one goes on."""

    trouble: Trouble
    telemetry: Telemetry
    began: float = field(default_factory=time.monotonic)
    told: bool = False

    def now(self) -> float:
        seconds = self.trouble.back_seconds
        if not seconds or time.monotonic() - self.began < self.trouble.back_after:
            return time.time()
        if not self.told:
            self.told = True
            self.telemetry.warn(CLOCK_PUT_BACK, seconds=seconds)
        return time.time() - seconds


@dataclass(slots=True)
class FailingCommits:
    """Telemetry that knows when a doubt was settled, and a database that refuses to commit then."""

    trouble: Trouble
    telemetry: Telemetry = field(default_factory=LogTelemetry)
    just_settled: bool = False
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.trouble.seed)

    def begin(self) -> None:
        """From now on; nothing of a start fails, for a start may be refused."""
        if self.trouble.commits or self.trouble.settled:
            event.listen(Engine, "commit", self._at_commit)

    def record(self, event: str, **fields: object) -> None:
        self.just_settled |= event == "doubt settled"
        self.telemetry.record(event, **fields)

    def warn(self, event: str, **fields: object) -> None:
        self.telemetry.warn(event, **fields)

    def _at_commit(self, connection: Connection) -> None:
        share = self.trouble.settled if self.just_settled else self.trouble.commits
        after_doubt, self.just_settled = self.just_settled, False
        if self.chance.random() < share:
            happened = self.chance.random() < self.trouble.happened
            if happened:
                connection.connection.commit()
            self.telemetry.record(COMMIT_FAILED, after_doubt=after_doubt, happened=happened)
            raise OperationalError("COMMIT", {}, OSError("no space left on device"))
