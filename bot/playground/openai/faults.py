"""Faults on request: what goes wrong, how often, and where."""

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus

from bot.playground.openai.api_error import ApiError, conversation_locked, incorrect_key
from bot.playground.openai.draft import Call, Draft


class FaultKind(StrEnum):
    """What goes wrong."""

    # answered instead of the result
    STATUS = "status"  # `status` and `code` as given
    RATE_LIMIT = "rate_limit"  # 429 rate_limit_exceeded, with retry-after
    NO_CREDIT = "no_credit"  # 429 insufficient_quota, or `code`
    SERVER_ERROR = "server_error"  # 500
    OVERLOADED = "overloaded"  # 503 server_is_overloaded
    UNAUTHORIZED = "unauthorized"  # 401
    LOCKED = "locked"  # 400 conversation_locked
    NO_STREAM = "no_stream"  # 200 with `text`, whatever it is, where a stream was due
    SAME_PAGE = "same_page"  # of items.list: it says that more follows, and it is the same again
    # in time
    HANG = "hang"  # no headers for `seconds`, whatever was asked
    SLOW = "slow"  # headers at once, the first delta after `seconds`
    # in the stream, after `after_deltas`
    SILENT_END = "silent_end"  # the body ends cleanly, with no terminal event
    CUT = "cut"  # the socket is closed in the middle of an event
    PINGS = "pings"  # comments for ever, with no further event
    FAILED = "failed"  # response.failed
    INCOMPLETE = "incomplete"  # response.incomplete
    ERROR_EVENT = "error_event"  # an event of type error
    ERROR_FIELD = "error_field"  # an event with an `error` object inside
    # in what the model says
    REFUSAL = "refusal"
    NOT_JSON = "not_json"
    WRONG_SCHEMA = "wrong_schema"
    NO_MESSAGES = "no_messages"
    EXTRA_TEXT = "extra_text"
    KEYS_MISSING = "keys_missing"  # of the reply, all but its messages
    KEYS_TURNED = "keys_turned"  # its keys come in the opposite order
    KEYS_MISTYPED = "keys_mistyped"  # behind its messages stand numbers
    FUNCTION_CALL = "function_call"
    PREFACE = "preface"  # another message before the reply: `text`, of `phase`
    NO_REPLY = "no_reply"  # nothing but commentary: `text`
    TWICE = "twice"  # the item of the reply comes again under its id
    NO_ID = "no_id"  # its item has none
    NONE = "none"  # nothing but the `then` of a client that leaves


class Then(StrEnum):
    """What becomes of an answer whose client is gone."""

    FINISH = "finish"  # the server writes on and commits (after `then_seconds`, if given)
    DROP = "drop"  # it is as if it had never been asked


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; it strikes `count` times (None means until cleared)."""

    kind: FaultKind
    count: int | None = 1
    on: str = "responses.create"  # the operation, or the beginning of its name; "" is any
    conversation: str | None = None  # strikes this one only
    after_deltas: int = 0
    seconds: float = 3600.0  # of HANG and SLOW
    status: int = 500
    code: str | None = None
    param: str | None = None
    message: str = "Injected by the playground."
    retry_after: float | None = None  # seconds, sent as a header
    text: str = ""  # replaces what the model says, where the kind says something
    phase: str = "commentary"  # of PREFACE; "" is none, as with older models
    then: Then | None = None  # None means the emulator's own
    then_seconds: float | None = None


@dataclass(slots=True)
class Faults:
    """The faults still to come."""

    _waiting: list[tuple[Fault, int | None]] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Arm a fault, behind those already armed."""
        self._waiting.append((fault, fault.count))

    def clear(self) -> None:
        """Disarm everything."""
        self._waiting.clear()

    def pending(self) -> list[Fault]:
        """The faults that have not struck as often as they should."""
        return [fault for fault, _ in self._waiting]

    def take(self, operation: str, conversation: str | None = None) -> Fault | None:
        """The fault that strikes this operation now, used up by one."""
        for index, (fault, left) in enumerate(self._waiting):
            if operation.startswith(fault.on) and fault.conversation in {None, conversation}:
                if left == 1:
                    del self._waiting[index]
                elif left is not None:
                    self._waiting[index] = (fault, left - 1)
                return fault
        return None


_REFUSALS: dict[FaultKind, ApiError] = {
    FaultKind.RATE_LIMIT: ApiError(
        429, "Rate limit reached.", "rate_limit_exceeded", type="requests"
    ),
    FaultKind.NO_CREDIT: ApiError(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        type="insufficient_quota",
    ),
    FaultKind.SERVER_ERROR: ApiError(
        500, "The server had an error while processing your request.", type="server_error"
    ),
    FaultKind.OVERLOADED: ApiError(
        503,
        "Our servers are currently overloaded. Please try again later.",
        "server_is_overloaded",
        type="service_unavailable_error",
    ),
    FaultKind.LOCKED: conversation_locked(),
}

_PLAN = "I will check the knowledge base first."

_SAYINGS: dict[FaultKind, str] = {
    FaultKind.NOT_JSON: "Good morning! Tell me.",
    FaultKind.WRONG_SCHEMA: '{"answer":"Good morning!"}',
    FaultKind.NO_MESSAGES: '{"messages":[]}',
}


def refuse(fault: Fault, *, key: str) -> ApiError | None:
    """The error that this fault answers with, if it is of that sort."""
    match fault.kind:
        case FaultKind.STATUS:
            kind = "server_error" if fault.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
            refusal = ApiError(fault.status, fault.message, type=kind or "invalid_request_error")
        case FaultKind.UNAUTHORIZED:
            refusal = incorrect_key(key)
        case kind if kind in _REFUSALS:
            refusal = _REFUSALS[kind]
        case _:
            return None
    headers = {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after:g}"}
    code, param = fault.code or refusal.code, fault.param or refusal.param
    return replace(refusal, code=code, param=param, headers=headers)


def distort(draft: Draft, fault: Fault) -> Draft:
    """What the model says under this fault; the draft itself, for a fault of another sort."""
    match fault.kind:
        case FaultKind.REFUSAL:
            refusal = fault.text or "I'm sorry, but I can't help with that."
            return Draft(refusal=refusal, rhythm=draft.rhythm)
        case FaultKind.EXTRA_TEXT:
            return Draft(f"Here it is: {draft.text} Done.", rhythm=draft.rhythm)
        case FaultKind.FUNCTION_CALL:
            return Draft(call=Call("look_up", fault.text or '{"what":"x"}'), rhythm=draft.rhythm)
        case FaultKind.NO_REPLY:
            return Draft(fault.text or _PLAN, rhythm=draft.rhythm, phase="commentary")
        case kind if kind in _SAYINGS:
            return Draft(fault.text or _SAYINGS[kind], rhythm=draft.rhythm)
        case _:
            return _alter(draft, fault)


def _alter(draft: Draft, fault: Fault) -> Draft:
    """The draft with other keys, or another message beside it."""
    match fault.kind:
        case FaultKind.KEYS_MISSING | FaultKind.KEYS_TURNED | FaultKind.KEYS_MISTYPED:
            return replace(draft, text=_change_keys(draft.text, fault.kind))
        case FaultKind.PREFACE:
            before = Draft(fault.text or _PLAN, phase=fault.phase)
            phase = "final_answer" if fault.phase else ""
            return replace(draft, phase=phase, before=before)
        case FaultKind.TWICE:
            return replace(draft, twice=True)
        case FaultKind.NO_ID:
            return replace(draft, nameless=True)
        case _:
            return draft


def _change_keys(text: str, kind: FaultKind) -> str:
    reply = json.loads(text)
    if kind is FaultKind.KEYS_TURNED:
        return json.dumps(dict(reversed(reply.items())), ensure_ascii=False)
    of_itself = {} if kind is FaultKind.KEYS_MISSING else dict.fromkeys([*reply][1:], 1)
    return json.dumps({"messages": reply["messages"], **of_itself}, ensure_ascii=False)
