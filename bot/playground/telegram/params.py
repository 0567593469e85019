"""The parameters of a Bot API call: they come typed in JSON and as text in forms."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.records import Json, Upload


def whole(value: Any, default: int = 0) -> int:
    """A whole number of what a call gave; the default if it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


@dataclass(frozen=True, slots=True)
class Params:
    """What a call was given; uploads by the name of their form field."""

    values: Json
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string; "" when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; the default when absent or unreadable, as the API does it."""
        return whole(self.values.get(name), default)

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or str(value).lower() in ("true", "yes", "1")

    def parsed(self, name: str) -> Any:
        """A JSON value, sent as such or as text; None when absent. Raises ApiError."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def object(self, name: str) -> Json:
        """A JSON object; empty when absent. Raises ApiError."""
        value = self.parsed(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"can't parse {name} JSON object")
        return value

    def objects(self, name: str) -> list[Json]:
        """A JSON array of objects; empty when absent. Raises ApiError."""
        value = self.parsed(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"can't parse {name} JSON array")
        return value

    def integers(self, name: str) -> list[int]:
        """A JSON array of numbers; empty when absent. Raises ApiError."""
        value = self.parsed(name)
        if not isinstance(value or [], list):
            raise bad_request(f"can't parse {name} JSON array")
        return [whole(item) for item in value or []]
