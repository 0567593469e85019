"""The endpoints under /v1/responses and /v1/models."""

import time
from dataclasses import dataclass, field, replace

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.openai.api_error import (
    ApiError,
    Json,
    context_overflow,
    not_cancellable,
    unsupported_parameter,
)
from bot.playground.openai.catalogue import Catalogue
from bot.playground.openai.draft import Answers, Draft, Prompt, Rhythm, Unscripted
from bot.playground.openai.events import Composer
from bot.playground.openai.faults import Fault, FaultKind, Then, distort
from bot.playground.openai.gate import Asked, Gate
from bot.playground.openai.generation import RUNNING, Generation, Plan, make_plan
from bot.playground.openai.items import called, check_calls, count_item, new_id, said
from bot.playground.openai.mcp import McpServers
from bot.playground.openai.parts import check_senses, marked
from bot.playground.openai.request import ResponseRequest, read_request
from bot.playground.openai.state import Answered, Conversation, State
from bot.playground.openai.streaming import GeneratedResponse
from bot.playground.openai.timing import Records, Timing
from bot.playground.openai.tokens import (
    MarkedCache,
    PrefixCache,
    count_tokens,
    goes_by_marks,
)


@dataclass(slots=True)
class Responses:
    """Creating, retrieving, cancelling and deleting responses."""

    state: State
    answers: Answers
    records: Records
    catalogue: Catalogue
    rhythm: Rhythm
    then: Then
    context_tokens: int
    servers: McpServers
    _cache: PrefixCache = field(default_factory=PrefixCache)
    _marks: MarkedCache = field(default_factory=MarkedCache)

    def routes(self, gate: Gate) -> list[Route]:
        """The endpoints, behind the gate."""
        one = "/v1/responses/{response_id}"
        table = [
            ("POST", "/v1/responses", "responses.create", self.create),
            ("GET", one, "responses.retrieve", self.retrieve),
            ("DELETE", one, "responses.delete", self.delete),
            ("POST", one + "/cancel", "responses.cancel", self.cancel),
            ("GET", "/v1/models", "models.list", self.list_models),
            ("GET", "/v1/models/{model}", "models.retrieve", self.retrieve_model),
        ]
        return [
            Route(path, gate.guard(operation, handler), methods=[method])
            for method, path, operation, handler in table
        ]

    def create(self, asked: Asked) -> Response:
        request = read_request(asked.body)
        self.catalogue.check_answers(request.model)
        self.catalogue.check_effort(request.model, request.effort)
        if any(map(marked, request.items)) and not goes_by_marks(request.model):
            raise unsupported_parameter("prompt_cache_breakpoint")
        conversation = None
        if request.conversation_id is not None:
            conversation = self.state.lock(request.conversation_id)
        try:
            return GeneratedResponse(self._generation(asked, request, conversation))
        except BaseException:
            if conversation is not None:
                conversation.busy = False
            raise

    def retrieve(self, asked: Asked) -> Response:
        return JSONResponse(self.state.response(asked.path["response_id"]).body)

    def delete(self, asked: Asked) -> Response:
        response_id = asked.path["response_id"]
        self.state.delete_response(response_id)
        return JSONResponse({"id": response_id, "object": "response", "deleted": True})

    def cancel(self, asked: Asked) -> Response:
        answered = self.state.response(asked.path["response_id"])
        if not answered.body["background"]:
            raise not_cancellable()
        if answered.body["status"] in {"queued", "in_progress"}:
            answered.body["status"] = "cancelled"
            answered.stop.set()
        return JSONResponse(answered.body)

    def list_models(self, asked: Asked) -> Response:
        return JSONResponse(self.catalogue.list())

    def retrieve_model(self, asked: Asked) -> Response:
        return JSONResponse(self.catalogue.retrieve(asked.path["model"]))

    def _generation(
        self, asked: Asked, request: ResponseRequest, conversation: Conversation | None
    ) -> Generation:
        history = self._history(request, conversation)
        usage = self._measure(request, history)
        draft = self._draft(request, history, asked.fault)
        remote = self.servers.ask(asked.body.get("tools") or [], draft.asks, history)
        draft = replace(draft, remote=tuple(remote))
        shell: Json = {"id": new_id("resp"), "object": "response", "created_at": int(time.time())}
        shell |= request.echo
        answered = Answered({**shell, **RUNNING}, request.items)
        timing = Timing(asked.received, shell["id"], request.conversation_id)
        self.records.timings.append(timing)
        return Generation(
            request=request,
            plan=self._plan(draft, asked.fault, request.max_output_tokens),
            state=self.state,
            conversation=conversation,
            answered=answered,
            timing=timing,
            then=asked.fault.then or self.then,
            composer=Composer(shell=shell, draft=draft, obfuscate=request.obfuscate),
            usage=usage,
        )

    def _history(self, request: ResponseRequest, conversation: Conversation | None) -> list[Json]:
        """Every item that the model sees, the new input last. Raises ApiError."""
        if conversation is not None:
            before = list(conversation.items.values())
        elif request.previous_response_id is not None:
            before = self.state.history(request.previous_response_id)
        else:
            before = []
        items = [*before, *request.items]
        check_calls(items)
        check_senses(items, model=request.model, refused=self.catalogue.refused)
        return items

    def _measure(self, request: ResponseRequest, history: list[Json]) -> Json:
        """The input's part of `usage`; drops the oldest items if asked to. Raises ApiError."""
        sizes = [*map(count_item, history)]
        total = count_tokens(request.instructions + request.tools) + sum(sizes)
        while total > self.context_tokens and request.truncate and len(history) > 1:
            del history[0]
            total -= sizes.pop(0)
        if total > self.context_tokens:
            raise context_overflow()
        details = {"cached_tokens": self._cached(request, history), "cache_write_tokens": 0}
        return {"input_tokens": total, "input_tokens_details": details}

    def _cached(self, request: ResponseRequest, history: list[Json]) -> int:
        messages = [item for item in history if item["type"] == "message"]
        parts = [request.tools + request.instructions, *(line.text for line in said(messages))]
        if not goes_by_marks(request.model):
            return self._cache.cached_tokens(request.cache_key, parts)
        marks = [False, *map(marked, messages)]
        return self._marks.cached_tokens(request.cache_key, parts, marks)

    def _draft(self, request: ResponseRequest, history: list[Json], fault: Fault) -> Draft:
        prompt = Prompt(
            *(request.instructions, said(history), request.structured, request.keys),
            functions=request.callable,
            called=called(history),
        )
        try:
            return distort(self.answers.draft(prompt), fault)
        except Unscripted as unforeseen:
            self.records.unexpected.append(str(unforeseen))
            raise ApiError(500, "Unexpected call.", None, None, "server_error") from None

    def _plan(self, draft: Draft, fault: Fault, max_tokens: int | None) -> Plan:
        rhythm = draft.rhythm or self.rhythm
        if fault.kind is FaultKind.SLOW:
            rhythm = replace(rhythm, first_seconds=fault.seconds)
        return make_plan(draft, fault=fault, rhythm=rhythm, max_tokens=max_tokens)
