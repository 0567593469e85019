"""Server-sent events, split off a stream of bytes (WHATWG HTML, section 9.2)."""

from dataclasses import dataclass, field
from typing import NamedTuple


class RawEvent(NamedTuple):
    """One event as it came; `name` is empty when the server did not give one."""

    name: bytes
    data: bytes


@dataclass(slots=True)
class EventSplitter:
    """Cuts a stream into its events, wherever its chunks end."""

    pending: int = 0  # bytes of an event that has no end yet
    _rest: bytes = b""
    _line: list[bytes] = field(default_factory=list)  # of a long one: not read before its end

    def feed(self, chunk: bytes) -> list[RawEvent]:
        """The events that this chunk completes."""
        self._line.append(chunk)
        self.pending += len(chunk)
        if b"\n" not in chunk:
            return []
        buffer, self._line = self._rest + b"".join(self._line), []
        if b"\r" in buffer:
            buffer = buffer.replace(b"\r\n", b"\n")
        *blocks, self._rest = buffer.split(b"\n\n")
        self.pending = len(self._rest)
        return [event for event in map(_read_event, blocks) if event.data]


def _read_event(block: bytes) -> RawEvent:
    name, data = b"", []
    for line in block.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            data.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.removeprefix(b" ")
    return RawEvent(name, b"\n".join(data))
