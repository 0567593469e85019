"""The API's refusals, in the real one's words."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class ApiError(Exception):
    """A request is answered with an error object instead of its result."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    type: str = "invalid_request_error"
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> Json:
        """The object that stands under `error` in a response, and in an error event."""
        return {
            "message": self.message,
            "type": self.type,
            "param": self.param,
            "code": self.code,
        }


def body_too_large() -> ApiError:
    """More than the server reads at all."""
    return ApiError(413, "The request is too large.")


def missing_key() -> ApiError:
    """No Bearer token came."""
    return ApiError(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    )


def incorrect_key(key: str) -> ApiError:
    """The token was revoked; its middle is masked, as the real API does."""
    masked = f"{key[:4]}{'*' * 8}{key[-4:]}" if len(key) > 8 else "*" * 8  # noqa: PLR2004 - 4 + 4
    return ApiError(401, f"Incorrect API key provided: {masked}.", code="invalid_api_key")


def not_found(what: str, object_id: str) -> ApiError:
    """An unknown or deleted object; `code` and `param` are null (facts, section 1)."""
    return ApiError(404, f"{what} with id '{object_id}' not found.")


def unknown_model(model: str) -> ApiError:
    """No such model, or one that was shut down."""
    return ApiError(
        404,
        f"The model `{model}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def model_shut_down(model: str) -> ApiError:
    """The model's shutdown date has passed."""
    return ApiError(404, f"The model `{model}` has been deprecated.", code="model_not_found")


def wrong_endpoint(model: str) -> ApiError:
    """A model that is asked in a way that is not its own."""
    message = f"The model `{model}` is not supported with this endpoint."
    return ApiError(400, message, code="invalid_value", param="model")


def missing_parameter(param: str) -> ApiError:
    """A parameter without which the request means nothing."""
    return ApiError(
        400,
        f"Missing required parameter: '{param}'.",
        code="missing_required_parameter",
        param=param,
    )


def unknown_parameter(param: str) -> ApiError:
    """A parameter that the API does not have."""
    return ApiError(400, f"Unknown parameter: '{param}'.", code="unknown_parameter", param=param)


def unsupported_parameter(param: str) -> ApiError:
    """A parameter that this model refuses."""
    return ApiError(
        400,
        f"Unsupported parameter: '{param}' is not supported with this model.",
        code="unsupported_parameter",
        param=param,
    )


def unsupported_value(param: str, value: str, *, model: str) -> ApiError:
    """A value that this model refuses, and others take."""
    return ApiError(
        400,
        f"Unsupported value: '{value}' is not supported with the '{model}' model.",
        code="unsupported_value",
        param=param,
    )


def invalid_value(param: str, detail: str) -> ApiError:
    """A parameter of the wrong type or out of its set."""
    return ApiError(400, f"Invalid '{param}': {detail}", code="invalid_value", param=param)


def invalid_type(param: str, value: object, *, expected: str) -> ApiError:
    """A parameter of the wrong type."""
    got = type(value).__name__
    return ApiError(
        400,
        f"Invalid type for '{param}': expected {expected}, but got {got} instead.",
        code="invalid_type",
        param=param,
    )


def too_small(param: str, value: int, *, least: int) -> ApiError:
    """An integer below its minimum."""
    detail = f"Expected a value >= {least}, but got {value} instead."
    return ApiError(
        400,
        f"Invalid '{param}': integer below minimum value. {detail}",
        code="integer_below_min_value",
        param=param,
    )


def too_large(param: str, value: int, *, most: int) -> ApiError:
    """An integer above its maximum."""
    detail = f"Expected a value <= {most}, but got {value} instead."
    return ApiError(
        400,
        f"Invalid '{param}': integer above maximum value. {detail}",
        code="integer_above_max_value",
        param=param,
    )


def too_long(param: str, length: int, *, most: int) -> ApiError:
    """A string above its maximum length, in characters."""
    return ApiError(
        400,
        f"Invalid '{param}': string too long. Expected a string with maximum length {most}, "
        f"but got a string with length {length} instead.",
        code="string_above_max_length",
        param=param,
    )


def too_many(param: str, length: int, *, most: int) -> ApiError:
    """An array with too many elements."""
    return ApiError(
        400,
        f"Invalid '{param}': array too long. Expected an array with maximum length {most}, "
        f"but got an array with length {length} instead.",
        code="array_above_max_length",
        param=param,
    )


def mutually_exclusive() -> ApiError:
    """Both ways of naming the history were given."""
    return ApiError(
        400,
        "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. "
        "Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
        code="mutually_exclusive_parameters",
    )


def conversation_locked() -> ApiError:
    """Another response is under way on the conversation (HTTP 400, facts, section 1)."""
    return ApiError(
        400,
        "Another process is currently operating on this conversation. "
        "Please retry in a few seconds.",
        code="conversation_locked",
        param="conversation",
    )


def call_unanswered(call_id: str) -> ApiError:
    """The history holds a function call without an output."""
    return ApiError(400, f"No tool output found for function call {call_id}.", param="input")


def output_without_call(call_id: str) -> ApiError:
    """An output arrived for a call that the history does not hold."""
    return ApiError(
        400,
        f"No tool call found for function call output with call_id {call_id}.",
        param="input",
    )


def context_overflow() -> ApiError:
    """Instructions, history and input exceed the model's context."""
    return ApiError(
        400,
        "Your input exceeds the context window of this model. "
        "Please adjust your input and try again.",
        code="context_length_exceeded",
        param="input",
    )


def not_cancellable() -> ApiError:
    """Only background responses can be cancelled."""
    return ApiError(400, "Cannot cancel a synchronous response.")


def no_such_file(file_id: str, *, param: str) -> ApiError:
    """A file that was never uploaded, or is gone."""
    return ApiError(404, f"File with id '{file_id}' not found.", "image_file_not_found", param)


def bad_image(code: str, *, param: str) -> ApiError:
    """A picture that cannot be looked at, in one of the ways that have a code of their own."""
    return ApiError(400, _IMAGES.get(code, "Invalid data URL."), code, param)


_IMAGES = {
    "invalid_image_format": (
        "You uploaded an unsupported image. Please make sure your image has of one the following "
        "formats: ['png', 'jpeg', 'gif', 'webp']."
    ),
    "image_parse_error": (
        "The image data you provided does not represent a valid image. Please check your input "
        "and try again."
    ),
    "invalid_base64_image": "Invalid base64 image_url.",
    "invalid_image_url": "Error while downloading the image: the URL is not valid.",
    "empty_image_file": "The image file is empty.",
}


def unsupported_audio(suffix: str) -> ApiError:
    """A recording whose name ends in what is not taken, whatever its bytes are."""
    return ApiError(400, f"Unsupported file format {suffix}")


def broken_audio() -> ApiError:
    """A recording that cannot be listened to."""
    return ApiError(400, "Audio file might be corrupted or unsupported", "invalid_value", "file")


def oversized_audio(size: int, *, most: int) -> ApiError:
    """A recording beyond what is taken."""
    return ApiError(413, f"Maximum content size limit ({most}) exceeded ({size} bytes read)")
