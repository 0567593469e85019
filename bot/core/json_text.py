"""JSON as it is stored and sent. Pure."""

import json


def to_json(value: object) -> str:
    """The value as JSON that UTF-8 can hold, as short as it gets."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(value, separators=(",", ":"))
    return text
