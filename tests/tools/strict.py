"""What the API takes as a strict schema, written down apart from the code that makes one."""

from collections.abc import Iterator
from typing import Any

KEYWORDS = {
    *("type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "$ref"),
    *("$defs", "description", "format", "minItems", "maxItems", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}


def complaints(schema: dict[str, Any]) -> list[str]:
    """What the API would refuse."""
    root = schema.get("type") == "object" and "anyOf" not in schema
    return [*([] if root else ["the root is no object"]), *_complaints(schema, "")]


def _complaints(node: Any, place: str) -> Iterator[str]:
    if not isinstance(node, dict) or not node.keys() & {"type", "anyOf", "enum", "$ref"}:
        yield f"{place}: no type"
        return
    for keyword in node.keys() - KEYWORDS:
        yield f"{place}: {keyword}"
    if node.get("format", "date") not in FORMATS:
        yield f"{place}: format {node['format']}"
    if node.get("type") == "object":
        if set(node["required"]) != set(node["properties"]):
            yield f"{place}: not all required"
        if node["additionalProperties"] is not False:
            yield f"{place}: open"
    if node.get("type") == "array" and "items" not in node:
        yield f"{place}: no items"
    below = {**node.get("properties", {}), **node.get("$defs", {})}
    below |= {str(number): one for number, one in enumerate(node.get("anyOf", ()))}
    if "items" in node:
        below["items"] = node["items"]
    for name, one in below.items():
        yield from _complaints(one, f"{place}.{name}")
