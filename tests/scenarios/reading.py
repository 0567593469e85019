"""What a stage makes of lines, events and the tables."""

import json
import re

from sqlalchemy import Connection, Text, select

from db.models import metadata
from tests.scenarios.people import Json


def undated(event: str) -> str:
    """Some things are told to hosts once a day."""
    return re.sub(r" \d{4}-\d\d-\d\d$", "", event)


def bubbles_of(line: str) -> list[str]:
    """A line of a client's, or the bubbles of a reply."""
    return list(json.loads(line)["messages"]) if line.startswith("{") else [line]


def texts_stored(connection: Connection) -> list[str]:
    """Each text of the database."""
    columns = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text)
    ]
    found = [connection.execute(select(column)).scalars() for column in columns]
    return [one for texts in found for one in texts if one]


def text_in(item: Json) -> str:
    """The text of a message as it was sent to the model."""
    content = item["content"]
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part["type"] == "input_text")
