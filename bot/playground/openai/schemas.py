"""What a strict JSON schema must be like, for a reply as for a function."""

from collections.abc import Callable
from typing import Any, Final

from bot.playground.openai.api_error import ApiError, Json

Refuse = Callable[[tuple[str, ...], str], ApiError]

_NOT_PERMITTED: Final = ("oneOf", "allOf", "not", "if", "default", "patternProperties")


def check_strict(schema: Json, refuse: Refuse, path: tuple[str, ...] = ()) -> None:
    """Strict schemas close every object and require every property. Raises what `refuse` makes."""
    for key in _NOT_PERMITTED:
        if key in schema:
            raise refuse(path, f"'{key}' is not permitted.")
    if schema.get("type") == "object":
        _check_object(schema, refuse, path)
    for key, value in (schema.get("$defs") or {}).items():
        check_strict(value, refuse, (*path, "$defs", key))
    for index, value in enumerate(schema.get("anyOf") or ()):
        check_strict(value, refuse, (*path, "anyOf", str(index)))
    if isinstance(schema.get("items"), dict):
        check_strict(schema["items"], refuse, (*path, "items"))


def _check_object(schema: Json, refuse: Refuse, path: tuple[str, ...]) -> None:
    properties: dict[str, Any] = schema.get("properties") or {}
    if schema.get("additionalProperties") is not False:
        raise refuse(path, "'additionalProperties' is required to be supplied and to be false.")
    missing = [key for key in properties if key not in schema.get("required", [])]
    if missing:
        detail = f"'required' must include every key in properties. Missing '{missing[0]}'."
        raise refuse(path, detail)
    for key, value in properties.items():
        check_strict(value, refuse, (*path, "properties", key))
