import traceback

import httpx2
import openai
import pytest

from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    OutOfCredit,
    RetryElsewhere,
    RetryLater,
    SportelloError,
    Trouble,
    Unauthorized,
    Unserved,
)
from bot.llm.refusal import ErrorObject, NotFound
from bot.playground.openai import FaultKind
from tests.llm.support import CLIENT_TEXT, KEY, Desk

ORPHAN = "No tool output found for function call"
TOO_LARGE = (
    "Request too large for gpt-6-luna on tokens per min (TPM): Limit 30000, Requested 31538."
)
UNVERIFIED = "Your organization must be verified"


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (ErrorObject(status=400, code="conversation_locked"), RetryElsewhere),
        (ErrorObject(status=400, code="context_length_exceeded"), ContextOverflow),
        (ErrorObject(status=400, message="Input exceeds the context window."), ContextOverflow),
        (ErrorObject(status=400, message=f"{ORPHAN} call_1."), CallUnanswered),
        (ErrorObject(status=400, message=f"{ORPHAN}."), GiveUp),
        (ErrorObject(status=400, message="No tool call found for call_1."), GiveUp),
        (ErrorObject(status=400, code="billing_hard_limit_reached"), OutOfCredit),
        (ErrorObject(status=400, code="unsupported_parameter"), GiveUp),
        (ErrorObject(status=401, code="invalid_api_key"), Unauthorized),
        (ErrorObject(status=403), Unserved),
        (
            ErrorObject(status=404, message="Conversation with id 'conv_1' not found."),
            ConversationGone,
        ),
        (ErrorObject(status=404, message="Conversation item with id 'm' not found."), NotFound),
        (ErrorObject(status=404, message="Response with id 'resp_1' not found."), NotFound),
        (ErrorObject(status=404, message="Invalid URL (POST /v1/conversations)"), Unserved),
        (ErrorObject(status=404, code="model_not_found"), Unserved),
        (ErrorObject(status=408), RetryLater),
        (ErrorObject(status=429, code="rate_limit_exceeded"), RetryLater),
        (ErrorObject(status=429, code="rate_limit_exceeded", message=TOO_LARGE), ContextOverflow),
        (ErrorObject(status=429, code="insufficient_quota"), OutOfCredit),
        (ErrorObject(status=500), RetryElsewhere),
        (ErrorObject(status=503), RetryLater),
        (ErrorObject(status=500, code="server_is_overloaded"), RetryLater),
        (ErrorObject(status=529), RetryLater),
        (ErrorObject(code="server_error"), RetryElsewhere),
        (ErrorObject(code="invalid_prompt"), GiveUp),
        (ErrorObject(), GiveUp),
    ],
)
def test_a_refusal_says_what_to_do_next(refusal: ErrorObject, kind: type[SportelloError]) -> None:
    assert type(refusal.translate()) is kind


@pytest.mark.parametrize(
    ("status", "code", "message", "trouble"),
    [
        (429, "insufficient_quota", "You exceeded your current quota", Trouble.OUT_OF_CREDIT),
        (401, "invalid_api_key", f"Incorrect API key provided: {KEY}.", Trouble.KEY_REFUSED),
        (401, "", "Missing scopes: api.responses.write.", Trouble.KEY_LIMITED),
        (403, "", "Missing scopes: model.request.", Trouble.KEY_LIMITED),
        (403, "", "", Trouble.FORBIDDEN),
        (403, "unsupported_country_region_territory", "Country not supported", Trouble.COUNTRY),
        (403, "model_not_found", "Project `p` does not have access", Trouble.MODEL_DENIED),
        (404, "model_not_found", "The model `m` has been deprecated", Trouble.MODEL_UNKNOWN),
        (404, "404", "The model `m` does not exist.", Trouble.MODEL_UNKNOWN),  # vLLM
        (404, "", 'model "m" not found, try pulling it first', Trouble.MODEL_UNKNOWN),  # Ollama
        (404, "DeploymentNotFound", "The API deployment does not exist", Trouble.MODEL_UNKNOWN),
        (400, "unsupported_value", f"{UNVERIFIED} to stream this model", Trouble.ORGANIZATION),
        (403, "", f"{UNVERIFIED} to use the model `m`", Trouble.ORGANIZATION),
        (404, "", "", Trouble.NO_API),  # a page, or {"detail": "Not Found"}
        (404, "", "Invalid URL (POST /responses)", Trouble.NO_API),
        (404, "404", "Resource not found", Trouble.NO_API),  # Azure
        (404, "404", "File Not Found", Trouble.NO_API),  # llama.cpp
        (405, "", "Method Not Allowed", Trouble.NO_API),
        (501, "", "", Trouble.NO_API),
        (404, "", "Conversation with id 'conv_1' not found.", None),
        (404, "", "Item with id 'msg_1' not found.", None),
        (400, "invalid_value", "Invalid 'input'.", None),
        (429, "rate_limit_exceeded", "Rate limit reached for model `m`", None),
        (500, "", "The model produced invalid output", None),
    ],
)
def test_a_refusal_says_what_a_host_can_mend(
    status: int, code: str, message: str, trouble: Trouble | None
) -> None:
    error = ErrorObject(status=status, code=code, message=message, request_id="req_1").translate()

    assert error.why
    assert error.why.trouble is trouble
    assert str(error.why) == " ".join(filter(None, (str(status), code, "req_1")))


def test_every_orphaned_call_is_named() -> None:
    error = ErrorObject(status=400, message=f"{ORPHAN}s call_Ab-1, call_c_2.").translate()

    assert isinstance(error, CallUnanswered)
    assert error.call_ids == ("call_Ab-1", "call_c_2")


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("Please try again in 11.054s.", 11.054),
        ("Please try again in 250ms.", 0.25),
        ("Please try again in a few seconds.", None),
        ("", None),
    ],
)
def test_a_message_may_tell_when_to_come_back(message: str, seconds: float | None) -> None:
    assert ErrorObject.of_event({"message": message}).after_seconds == seconds


@pytest.mark.parametrize("code", ["a client's words", KEY])
def test_only_codes_are_fit_for_the_log(code: str) -> None:
    refusal = ErrorObject(status=400, code=code, param="input[0].content", request_id="req_1")

    assert str(refusal.why) == "400 input[0].content req_1"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17.0),
        ({"retry-after": "17", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "86400"}, 3600.0),
        ({"retry-after": "Fri, 20 Nov 2026 10:00:00 GMT"}, 5.0),
        ({"retry-after": "nan"}, 5.0),
        ({}, 5.0),
    ],
)
def test_headers_may_tell_when_to_come_back(headers: dict[str, str], seconds: float) -> None:
    request = httpx2.Request("POST", "http://host/v1/responses")
    response = httpx2.Response(429, headers=headers, request=request)
    body = {"code": "rate_limit_exceeded"}

    error = ErrorObject.of_status(
        openai.RateLimitError("", response=response, body=body)
    ).translate()

    assert isinstance(error, RetryLater)
    assert error.after == seconds


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (FaultKind.STATUS, {"status": 400, "message": f"{KEY} {CLIENT_TEXT}"}),
        (FaultKind.STATUS, {"status": 400, "code": f"{KEY} {CLIENT_TEXT}"}),
        (FaultKind.STATUS, {"status": 500, "message": f"{KEY} {CLIENT_TEXT}"}),
        (FaultKind.UNAUTHORIZED, {}),
        (FaultKind.CUT, {}),
        (FaultKind.ERROR_EVENT, {"message": f"{KEY} {CLIENT_TEXT}"}),
    ],
)
async def test_what_is_raised_holds_neither_the_key_nor_a_client_s_words(
    desk: Desk, kind: FaultKind, fields: dict[str, object]
) -> None:
    if kind in {FaultKind.CUT, FaultKind.ERROR_EVENT}:
        desk.will_say("Mai detto.")
    desk.will_fail(kind, **fields)

    with pytest.raises(SportelloError) as caught:
        await desk.ask()

    shown = (
        "".join(traceback.format_exception(caught.value))
        + repr(caught.value)
        + repr(caught.value.why)
    )
    assert KEY[:8] not in shown
    assert CLIENT_TEXT not in shown
