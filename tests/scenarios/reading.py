"""What a stage makes of lines and events."""

import json
import re


def undated(event: str) -> str:
    """Some things are told to hosts once a day."""
    return re.sub(r" \d{4}-\d\d-\d\d$", "", event)


def bubbles_of(line: str) -> list[str]:
    """A line of a client's, or the bubbles of a reply."""
    return list(json.loads(line)["messages"]) if line.startswith("{") else [line]
