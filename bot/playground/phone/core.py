"""The core of Agent Voice Response, as it is described: what it asks, and what it speaks.

Each piece of the answer's body is parsed by itself, as it comes out of HTTP's parser, which is the
one that node has. What is said is cut at every `.`, `!` and `?`; a tail without one is never
spoken. Who speaks again is asked for anew, and the answer before is not listened to any more.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from httptools import HttpResponseParser

OK: Final = 200
AT_ONCE: Final = 65_536  # bytes that are read
_SENTENCE: Final = re.compile(r"[^.!?]*[.!?]")


class Dropped(Exception):
    """The core drops what it was told: the answer is none, or cannot be parsed; says why."""


@dataclass(slots=True)
class _Answer:
    """What HTTP's parser calls."""

    pieces: list[bytes] = field(default_factory=list)
    over: bool = False

    def on_body(self, body: bytes) -> None:
        self.pieces.append(body)

    def on_message_complete(self) -> None:
        self.over = True

    def take(self) -> list[bytes]:
        taken, self.pieces = self.pieces, []
        return taken


@dataclass(slots=True)
class Core:
    """A call. `address`: LLM_URL, of this machine. `speak`: is given each sentence."""

    address: str
    uuid: str
    speak: Callable[[str], object]
    _messages: list[dict[str, str]] = field(default_factory=list)
    _asked: int = 0

    async def ask(self, words: str) -> str:
        """Say it, and speak the answer; the tail that is never spoken. Raises Dropped.

        Cancelled, the caller hangs up.
        """
        self._asked += 1
        mine, spoken, tail = self._asked, list[str](), ""
        self._messages.append({"role": "user", "content": words})
        place, answer = urlsplit(self.address), _Answer()
        parser = HttpResponseParser(answer)
        try:
            reader, writer = await asyncio.open_connection(place.hostname, place.port or 80)
        except OSError:
            raise Dropped(f"Nobody answers at {place.netloc}.") from None
        try:
            writer.write(self._request(words))
            while not answer.over:
                data = await reader.read(AT_ONCE)
                if not data:
                    raise Dropped("The answer was cut.")
                parser.feed_data(data)
                for piece in answer.take():
                    tail += _content(piece, parser.get_status_code())
                found, tail = _SENTENCE.findall(tail), _SENTENCE.sub("", tail)
                if mine == self._asked:
                    spoken += map(str.strip, found)
                    for sentence in found:
                        self.speak(sentence.strip())
        except OSError:
            raise Dropped("The answer was cut.") from None
        finally:
            writer.close()
        self._messages.append({"role": "assistant", "content": " ".join(spoken)})
        return tail.strip()

    def _request(self, words: str) -> bytes:
        told = {"uuid": self.uuid, "message": words, "messages": self._messages}
        body, place = json.dumps(told).encode(), urlsplit(self.address)
        head = (
            f"POST {place.path} HTTP/1.1",
            f"Host: {place.netloc}",
            "Connection: close",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join((*head, "", "")).encode() + body


def _content(piece: bytes, status: int) -> str:
    """What is said in a piece of the body."""
    if status != OK:
        raise Dropped(f"HTTP {status}: {piece.decode(errors='replace')}")
    try:
        told = json.loads(piece)
    except ValueError:
        raise Dropped("A piece of the answer cannot be parsed.") from None
    return str(told["content"]) if told["type"] == "text" else ""
