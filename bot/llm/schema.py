"""What a reply must look like, as the API is told."""

from typing import Any, Final

REPLY_FORMAT: Final[dict[str, Any]] = {
    "type": "json_schema",
    "name": "multi_turn_reply",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"messages": {"type": "array", "items": {"type": "string"}}},
        "required": ["messages"],
        "additionalProperties": False,
    },
}
