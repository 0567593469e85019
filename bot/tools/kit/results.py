"""What a function gave back, as the model is told. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic_core import to_jsonable_python

from bot.core.calls import RESULT_BYTES, Status, write_output
from bot.core.json_text import to_json
from bot.core.tokens import BULLET

HIDDEN: Final = BULLET * 3
_KEY_CHARACTERS: Final = 8  # shorter, and it is just a word
DONE: Final = "Done."
NOT_DONE: Final = "It was not done."
CUT: Final = "There is more than can be told: this ends in the middle."


def output_of(result: object) -> str:
    """The output for what a function returned: nothing, a text or a dict.

    A dict that says how it went, with "status" or as `{"data": {"status": ...}}`, is taken at its
    word. Raises TypeError or ValueError for what cannot be told: then nobody knows what was done.
    """
    status, message, more = _read(_plain(result))
    text, room = write_output(status, message, **more), RESULT_BYTES
    while len(text.encode()) > RESULT_BYTES:
        room -= room // 4  # how much longer a text gets in JSON, nobody knows
        rest = {"cut": _begins(to_json(more), room)} if more else {}
        text = write_output(status, _begins(message, room), note=CUT, **rest)
    return text


def hide(text: str, secrets: Iterable[str]) -> str:
    """A text for the model with no secret in it; of `Bearer KEY` neither all of it nor the key."""
    for secret in secrets:
        key = secret.rpartition(" ")[2]
        for one in (secret, key) if len(key) >= _KEY_CHARACTERS else (secret,):
            for form in (one, json.dumps(one, ensure_ascii=False)[1:-1]):
                text = text.replace(form, HIDDEN)
    return text


def _plain(result: object) -> Any:
    """As JSON knows it, without halves of characters: no text that is sent can hold them."""
    plain = to_jsonable_python(result, inf_nan_mode="null")
    return json.loads(json.dumps(plain, ensure_ascii=False).encode(errors="replace"))


def _read(told: Any) -> tuple[Status, str, Mapping[str, Any]]:
    if told is None or isinstance(told, str):
        return Status.SUCCESS, (told or "").strip() or DONE, {}
    if not isinstance(told, dict):
        raise TypeError(f"a tool gives back a dict or a text, not a {type(told).__name__}")
    said = told["data"] if _says_how(told.get("data")) else told
    if not _says_how(said) and "status" in said:  # the tool's own word, of something else
        said = {"result": said}
    status = Status(said.pop("status", Status.SUCCESS))
    message = str(said.pop("message", "") or (DONE if status is Status.SUCCESS else NOT_DONE))
    return status, message, said


def _says_how(told: object) -> bool:
    return isinstance(told, dict) and told.get("status") in tuple(Status)


def _begins(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
