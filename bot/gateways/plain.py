"""A bubble where text alone is shown: links behind their words, keys as what they say. Pure."""

import json
from typing import Any, Final

from bot.web.letter import Press, own_id
from db.log import LogEntry

_UTF16: Final = ("utf-16-le", "surrogatepass")


def plain(entry: LogEntry) -> str:
    """What was said, with all that its entities and its keys tell."""
    told = entry.text.encode(*_UTF16)
    links = [one for one in _read(entry.entities) if one["type"] == "text_link"]
    for one in sorted(links, key=lambda link: -int(link["offset"])):
        end = 2 * (one["offset"] + one["length"])
        told = told[:end] + f" ({one['url']})".encode(*_UTF16) + told[end:]
    rows = (" ".join(f"[{key['text']}]" for key in row) for row in _read(entry.markup))
    return "\n".join((told.decode(*_UTF16), *rows))


def key_called(text: str, entry: LogEntry) -> Press | None:
    """The key under a message that somebody says."""
    said = text.strip().strip("[]").casefold()
    for row in _read(entry.markup):
        for key in row:
            if key["text"].strip().casefold() == said:
                return Press(own_id(entry.message_id or ""), key["data"])
    return None


def _read(kept: str | None) -> list[Any]:
    return json.loads(kept) if kept else []
