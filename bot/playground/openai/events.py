"""The events of a streamed response, rendered to bytes before the first is due."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from bot.playground.openai.api_error import Json
from bot.playground.openai.draft import Draft, count_closings
from bot.playground.openai.items import new_id
from bot.playground.openai.mcp import begun, steps
from bot.playground.openai.parts import output_text

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PADDING = "x" * 16  # stands for the random characters that hide a delta's length


class Frame(NamedTuple):
    """One event on its way to the client."""

    data: bytes
    delta: int = 0  # 1 for the event of a delta
    closings: int = 0  # how many strings of `messages` close in it


def encode(value: object) -> str:
    """JSON as the API writes it: compact, not escaped to ASCII."""
    return _ENCODER.encode(value)


class Composer:
    """Writes the events of one response in their order, numbering them.

    The order is that of the facts, section 4; which fields an event has, of the SDK's types.
    """

    def __init__(self, *, shell: Json, draft: Draft, obfuscate: bool) -> None:
        self._shell = encode(shell)[:-1]
        self._draft = draft
        self._obfuscate = obfuscate
        self._numbers = count()
        self._item_id = new_id("fc" if draft.call else "msg")
        self._call_id = (draft.call and draft.call.call_id) or new_id("call")
        self._earlier = self._precede(shell)
        before = self._earlier._index + 1 if self._earlier else 0
        self._index: int = before + len(draft.remote)
        self._at = f'"output_index":{self._index}'

    def _precede(self, shell: Json) -> "Composer | None":
        """Who writes the message that comes before."""
        before = replace(self._draft, twice=False) if self._draft.twice else self._draft.before
        if before is None:
            return None
        earlier = Composer(shell=shell, draft=before, obfuscate=self._obfuscate)
        earlier._numbers = self._numbers
        if self._draft.twice:
            earlier._item_id, earlier._call_id = self._item_id, self._call_id
        return earlier

    @property
    def _shown_id(self) -> str | None:
        return None if self._draft.nameless else self._item_id

    def whole(self, name: str, body: Json) -> Frame:
        """An event about the response as a whole; `body` is what changes in it."""
        data = f'"response":{self._shell},{encode(body)[1:]}'
        return Frame(self._event(name, data))

    def error(self, code: str, message: str, *, nested: bool) -> Frame:
        """An error event; nested is the form that the SDK raises instead of yielding."""
        error: dict[str, object] = {"code": code, "message": message, "param": None}
        if nested:
            error = {"error": {"type": "invalid_request_error", **error}}
        return Frame(self._event("error", encode(error)[1:-1]))

    def output(self, chunks: Sequence[str], closings: Sequence[int]) -> Iterator[Frame]:
        """From output_item.added to the last delta; before it, the message that precedes."""
        if self._earlier:
            text = (self._earlier._draft.body,)
            closed = (0,) if self._earlier._draft.call else count_closings(text)
            yield from self._earlier.output(text, closed)
            yield from self._earlier.output_done(*text, status="completed")
        for at, item in enumerate(self._draft.remote, self._index - len(self._draft.remote)):
            yield from self._remote(item, at)
        if self._draft.is_silent:
            return
        item = self.item("", status="in_progress")
        yield Frame(self._event("response.output_item.added", f'"item":{encode(item)},{self._at}'))
        if not self._draft.call:
            yield Frame(self._event("response.content_part.added", self._part_data("")))
        name, extra = self._delta_form()
        head = f'event: {name}\ndata: {{"type":"{name}","sequence_number":'
        tail = f',"item_id":{encode(self._shown_id)},{extra}"delta":'
        pad = f',"obfuscation":"{_PADDING}"}}\n\n' if self._obfuscate else "}\n\n"
        for chunk, strings in zip(chunks, closings, strict=False):
            data = f"{head}{next(self._numbers)}{tail}{encode(chunk)}{pad}"
            yield Frame(data.encode(), 1, strings)

    def _remote(self, item: Json, at: int) -> Iterator[Frame]:
        """What an MCP server was asked, from its beginning to its end."""
        place = f'"output_index":{at}'
        for name, body in (("added", begun(item)), ("done", item)):
            if name == "done":
                for step, more in steps(item):
                    fields = {"item_id": item["id"], "output_index": at, **more}
                    yield Frame(self._event(step, encode(fields)[1:-1]))
            data = f'"item":{encode(body)},{place}'
            yield Frame(self._event(f"response.output_item.{name}", data))

    def output_done(self, text: str, *, status: str) -> Iterator[Frame]:
        """From output_text.done (or its like) to output_item.done."""
        if self._draft.is_silent:
            return
        own = f'"item_id":{encode(self._shown_id)}'
        if self._draft.call:
            data = f'{own},{self._at},"arguments":{encode(text)}'
            yield Frame(self._event("response.function_call_arguments.done", data))
        else:
            kind, logprobs = ("refusal", "") if self._draft.refusal else ("text", ',"logprobs":[]')
            name = "response.refusal.done" if self._draft.refusal else "response.output_text.done"
            data = f'{own},{self._at},"content_index":0,"{kind}":{encode(text)}{logprobs}'
            yield Frame(self._event(name, data))
            yield Frame(self._event("response.content_part.done", self._part_data(text)))
        item = encode(self.item(text, status=status))
        yield Frame(self._event("response.output_item.done", f'"item":{item},{self._at}'))

    def items(self, text: str, *, status: str) -> list[Json]:
        """Every output item, once `text` was written."""
        earlier = self._earlier
        before = earlier.items(earlier._draft.body, status="completed") if earlier else []
        own = [] if self._draft.is_silent else [self.item(text, status=status)]
        return [*before, *self._draft.remote, *own]

    def item(self, text: str, *, status: str) -> Json:
        """The output item as it stands once `text` was written."""
        if self._draft.call:
            return {
                "id": self._shown_id,
                "type": "function_call",
                "status": status,
                "arguments": text,
                "call_id": self._call_id,
                "name": self._draft.call.name,
            }
        begun = [self._part(text)] if text or status != "in_progress" else []
        return {
            "id": self._shown_id,
            "type": "message",
            "status": status,
            "content": begun,
            "role": "assistant",
            **({"phase": self._draft.phase} if self._draft.phase else {}),
        }

    def _part(self, text: str) -> Json:
        if self._draft.refusal:
            return {"type": "refusal", "refusal": text}
        return output_text(text)

    def _part_data(self, text: str) -> str:
        part = encode(self._part(text))
        return f'"item_id":{encode(self._shown_id)},{self._at},"content_index":0,"part":{part}'

    def _delta_form(self) -> tuple[str, str]:
        if self._draft.call:
            return "response.function_call_arguments.delta", f"{self._at},"
        if self._draft.refusal:
            return "response.refusal.delta", f'{self._at},"content_index":0,'
        return "response.output_text.delta", f'{self._at},"content_index":0,"logprobs":[],'

    def _event(self, name: str, data: str) -> bytes:
        number = next(self._numbers)
        return (
            f'event: {name}\ndata: {{"type":"{name}","sequence_number":{number},{data}}}\n\n'
        ).encode()
