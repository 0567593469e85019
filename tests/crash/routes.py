"""Clients of the gateways, each of which asks in its own words until it has the answer."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import ClientConnectorError, ClientError

from tests.crash.callers import Caller
from tests.crash.verdict import BUBBLE, Verdict, judge_chat
from tests.web.reader import Json

AGAIN_LATER: Final = (503, 504)  # it stops, or it takes longer
DATA: Final = "data: "


def with_key(words: str, _: int) -> Mapping[str, str]:
    """A repetition has the key of what it repeats."""
    return {"Idempotency-Key": words}


def with_count(_: str, tries: int) -> Mapping[str, str]:
    """As OpenAI's own client says that it asked before."""
    return {"x-stainless-retry-count": str(tries)}


@dataclass(frozen=True, slots=True)
class Route:
    """`asks`: what a client of this name sends; `tells`: the text in an answer, "" in a broken one.

    `repeats`: whether it asks again for an answer that was cut off.
    """

    path: str
    asks: Callable[[str, str], Json]
    tells: Callable[[Any], str]
    headers: Callable[[str, int], Mapping[str, str]] = with_key
    repeats: bool = True


def _completion(name: str | None, words: str, *, stream: bool = False) -> Json:
    said = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": words}]
    named = {"user": name} if name else {}
    return {"model": "default", "messages": said, "stream": stream, **named}


def _whole(body: Any) -> str:
    return str(body["choices"][0]["message"]["content"])


def _chunks(body: str) -> str:
    told = [line.removeprefix(DATA) for line in body.splitlines() if line.startswith(DATA)]
    if told[-1:] != ["[DONE]"]:
        return ""
    deltas = (choice["delta"] for one in told[:-1] for choice in json.loads(one)["choices"])
    return "".join(delta.get("content", "") for delta in deltas)


def _spoken(body: str) -> str:
    """One object behind the other; each is a sentence, and each bubble here is one."""

    def pieces(at: int = 0) -> Iterator[str]:
        while at < len(body):
            told, at = json.JSONDecoder().raw_decode(body, at)
            yield told["content"].removesuffix(".")

    return "\n\n".join(pieces())


ROUTES: Final[Mapping[str, Route]] = {
    "threads": Route(
        "/v1/threads/chat",
        lambda _, words: {"content": words},
        lambda body: "\n\n".join(body["messages"]),
    ),
    "ask": Route(
        "/ask",
        lambda name, words: {"session_id": name, "user_input": words},
        lambda body: str(body["response"]),
    ),
    "api/ask": Route(
        "/api/ask",
        lambda name, words: {"session_id": name, "user_input": words},
        lambda body: str(body["response"]),
    ),
    "chat": Route(
        "/api/chat",
        lambda name, words: {"user_id": name, "message": words},
        lambda body: str(body["answer"]),
    ),
    "completions": Route("/v1/chat/completions", _completion, _whole),
    "completions, streamed": Route(
        "/v1/chat/completions",
        lambda name, words: _completion(name, words, stream=True),
        _chunks,
    ),
    "completions, tried again": Route("/v1/chat/completions", _completion, _whole, with_count),
    "completions of nobody's": Route(
        "/v1/chat/completions", lambda _, words: _completion(None, words), _whole, with_count
    ),
    "phone": Route(
        "/prompt-stream",
        lambda name, words: {"uuid": name, "message": words},
        _spoken,
        repeats=False,
    ),
}
UPDATE: Final = Route(
    "/v1/threads/update",
    lambda _, words: {"sector": words},
    lambda body: str(body["metadata"]["sector"]),
)


@dataclass(slots=True)
class Client(Caller):
    """Of one route."""

    route: Route = UPDATE
    thread: str | None = None
    tries: int = 0
    cut: int = 0  # answers that a kill has broken off
    heard: list[str] = field(default_factory=list)  # what came in answers that were whole
    refused: list[str] = field(default_factory=list)
    logged: Sequence[str] = ()  # what was said, by the tables
    stored: Sequence[str] = ()  # what of its words is in the tables

    async def says(self, words: str) -> bool:
        body = self.route.asks(f"g{self.number}", words)
        body |= {"thread_id": self.thread} if self.thread else {}
        headers = {**self.route.headers(words, self.tries), "Connection": "close"}
        try:
            answer = await self.reader.asks("POST", self.route.path, body, headers=headers)
        except (ClientError, OSError) as error:
            self.tries += 1
            self.cut += not isinstance(error, ClientConnectorError)
            if self.route.repeats or isinstance(error, ClientConnectorError):
                raise
            return True
        if answer.status in AGAIN_LATER:
            self.tries += 1
            return False
        if answer.status != 200:
            self.refused.append(str(answer))
            return True
        return self._hears(answer.body)

    def _hears(self, body: Any) -> bool:
        text = self.route.tells(body)
        if not text:
            self.tries, self.cut = self.tries + 1, self.cut + 1
            return False
        if isinstance(body, dict):
            self.thread = body.get("thread_id")
        self.tries = 0
        self.heard += [one.splitlines()[0] for one in text.split("\n\n")]  # keys stand below
        return True

    async def has_read_all(self) -> bool:
        """It waited for each answer."""
        return True

    def judge(self, verdict: Verdict) -> None:
        """What came must be what was said, and each message is stored and answered once."""
        heard = [one for one in self.heard if BUBBLE.fullmatch(one)]
        said = [one for one in self.logged if BUBBLE.fullmatch(one)]
        own = Verdict()
        judge_chat(own, self.written, 0, said)
        if not self.route.repeats:  # what was cut off may be lost, and its answer was stopped
            whole = Verdict()
            judge_chat(whole, self.written, 0, heard)
            own.updates_lost, own.bubbles_lost = 0, whole.bubbles_lost
            said = [one for one in said if one in heard]
        own.turns_twice += len(self.stored) - len({*self.stored})
        own.out_of_order += heard != said
        verdict.updates_lost += own.updates_lost
        verdict.turns_twice += own.turns_twice
        verdict.bubbles_lost += own.bubbles_lost
        verdict.bubbles_twice += own.bubbles_twice
        verdict.out_of_order += own.out_of_order
        if own != Verdict() or self.refused:
            verdict.evidence.append(
                f"{self.route.path} {self.number}: wrote {self.written}, stored {self.stored}, "
                f"heard {heard} of {said}, was refused {self.refused}"
            )
