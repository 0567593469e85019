"""When things happened, for the benchmark: seconds on the monotonic clock of this machine."""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from bot.playground.openai.api_error import Json

_MOST_REQUESTS = 2_000
_MOST_BYTES = 256 * 1024 * 1024


@dataclass(slots=True)
class Timing:
    """One response. The monotonic clock is shared by all processes of a Linux machine."""

    received: float  # its request was read
    response_id: str = ""
    conversation_id: str | None = None
    first_delta: float | None = None
    closed: list[float] = field(default_factory=list)  # the closing quote of each message
    completed: float | None = None


@dataclass(slots=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    body: Json | None
    at: float
    size: int = 0  # bytes


@dataclass(slots=True)
class Records:
    """The last requests and responses, as many as fit; pictures in requests count."""

    timings: deque[Timing] = field(default_factory=lambda: deque(maxlen=20_000))
    requests: deque[Received] = field(default_factory=deque)
    unexpected: list[str] = field(default_factory=list)  # calls that the script did not foresee
    noted: Callable[[], object] = lambda: None  # called after each request
    _held_bytes: int = 0

    def note(self, request: Received) -> None:
        """Keep a request."""
        self.requests.append(request)
        self._held_bytes += request.size
        while len(self.requests) > _MOST_REQUESTS or self._held_bytes > _MOST_BYTES:
            self._held_bytes -= self.requests.popleft().size
        self.noted()

    def clear(self) -> None:
        """Start afresh."""
        self.timings.clear()
        self.requests.clear()
        self._held_bytes = 0
        self.unexpected.clear()

    def list_timings(self) -> list[Json]:
        """The timings as JSON, oldest first."""
        return [asdict(timing) for timing in self.timings]

    def list_requests(self) -> list[Json]:
        """The requests as JSON, oldest first."""
        return [asdict(request) for request in self.requests]
