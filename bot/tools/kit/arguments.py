"""What the model wrote for a call, read by the function's annotations."""

import json
import math
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from bot.core.calls import ARGUMENTS_CHARACTERS
from bot.errors import ToolError
from bot.tools.kit.schema import Parameters

ECHO_CHARACTERS: Final = 200
_MOST: Final = 5  # things to mend, of one call
_AGAIN: Final = "Nothing was done. Mend the arguments and call again."


def read_arguments(parameters: Parameters, text: str) -> dict[str, Any]:
    """The function's arguments by name; what is null for its own default is left out.

    Raises ToolError with a sentence that names what to mend.
    """
    said = _object(text)
    for name in parameters.optional:  # a server that enforces no schema leaves them out
        said.setdefault(name, None)
    try:
        # As JSON: only there a date may be written as a text, and yet a number may not.
        read = parameters.model.model_validate_json(
            json.dumps(said, ensure_ascii=False).encode(errors="replace"), strict=True
        )
    except ValidationError as error:
        raise ToolError(_problems(error)) from None
    values = {info.alias: getattr(read, field) for field, info in type(read).model_fields.items()}
    absent = [name for name in parameters.optional if values[name] is None]
    return {str(name): value for name, value in values.items() if name not in absent}


def _object(text: str) -> dict[str, Any]:
    if len(text) > ARGUMENTS_CHARACTERS:
        raise ToolError(
            f"The arguments have {len(text):,} characters, more than {ARGUMENTS_CHARACTERS:,}. "
            f"{_AGAIN}"
        )
    try:
        said = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise ToolError(f"The arguments are no JSON that can be read. {_AGAIN}") from None
    if not isinstance(said, dict):
        raise ToolError(f"The arguments are no JSON object. {_AGAIN}")
    return said


def _problems(error: ValidationError) -> str:
    told = [f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()[:_MOST]]
    words = "; ".join(told)
    cut = words if len(words) <= ECHO_CHARACTERS else f"{words[: ECHO_CHARACTERS - 1]}…"
    return f"The arguments do not fit: {cut.rstrip('.')}. {_AGAIN}"


def _place(path: tuple[int | str, ...]) -> str:
    return ".".join(str(step)[:40] for step in path) or "all"


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number
