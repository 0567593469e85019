"""`/v1/threads/chat`: a client's thread goes on under the id that its first answer gave.

Both shapes that clients of such servers read are answered together: one text, and its bubbles.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateways.bodies import ThreadMessage, read_told
from bot.gateways.counter import (
    ANSWER_SECONDS,
    DEFAULT,
    Counter,
    Inquiry,
    in_one,
    is_called,
)
from bot.gateways.files import had, left_out, link_in
from bot.gateways.plain import plain
from bot.web.problems import ProblemDetails

ROUTE: Final = "threads"
NOTHING: Final = "Provide 'content' or 'files' with {url, mediaType}."
TOO_LATE: Final = f"Run not completed (status=in_progress, waited={ANSWER_SECONDS}s)."
LONGEST_INFO: Final = 2000  # characters of what a program tells of its client


@dataclass(frozen=True, slots=True)
class Threads:
    """Each thread is a chat."""

    counter: Counter
    per_minute: int

    async def chat(self, request: Request) -> Response:
        """`POST /v1/threads/chat[/{assistant}]`."""
        counter = self.counter
        program = await counter.program(request)
        name = request.path_params.get("assistant", DEFAULT)
        company = await counter.company(program)
        if not is_called(company, name):
            raise ProblemDetails(404, "not-found", f"Unknown assistant '{name}'.")
        body = await read_told(request, ThreadMessage, absent=NOTHING)
        named, text = [*map(link_in, body.files or ())], body.content or ""
        links = had(named)
        if not text and not links:
            raise ProblemDetails(400, "not-valid", NOTHING)
        if body.thread_id and not await counter.is_there(program, ROUTE, body.thread_id):
            raise ProblemDetails(404, "not-found", "There is no such thread.")
        text = _with(body.client_info, text)
        question = Inquiry(ROUTE, text, body.thread_id, self.per_minute, links=links)
        entered = await counter.hand_in(request, program, question)
        told = await counter.answers(entered)
        if told is None:
            thread = {"thread_id": entered.caller}
            raise ProblemDetails(504, "too-late", TOO_LATE, entered.headers, thread)
        answer: dict[str, Any] = {
            "assistant": name,
            "thread_id": entered.caller,
            "message": in_one(told),
            "messages": [plain(one) for one in told],
        }
        if named:
            left = left_out(named, entered.attached)
            urls = [link.url if link else "" for link in named]
            if why_not := [{"url": urls[place], "reason": why} for place, why in left]:
                answer["ignored"] = why_not
        return JSONResponse(answer, headers=dict(entered.headers))


def _with(info: Any, content: str) -> str:
    """The client's words, with what the program tells of the client: as words, no instructions."""
    if not info or content.startswith("/"):
        return content
    told = info if isinstance(info, str) else json.dumps(info, ensure_ascii=False)
    about = f"(client_info: {told[:LONGEST_INFO]})"
    return f"{content}\n\n{about}" if content else about
