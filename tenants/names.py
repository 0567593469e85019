"""What a company may be named where only plain letters go: in links, on the command line. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from tenants.values import ASSISTANT_NAME

LONGEST: Final = 40
# core.telegram.org/bots/features#deep-linking takes A-Z a-z 0-9 _ and -; `i_` begins an invitation.
_NAME: Final = re.compile(r"(?!i_)[a-z0-9][a-z0-9_-]{1,39}")
SERVER: Final = "mcp:"  # before the label of an MCP server, among the tools of an assistant
_NAMELESS: Final = "company"
_LONGEST_OF_ASSISTANTS: Final = 32
_LATIN: Final = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
        **{"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
        **{"ъ": "", "ь": "", "ю": "yu", "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g"},
        **{"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "'": "", "’": ""},
        "&": " and ",
    }
)


def is_name(text: str) -> bool:
    """Whether a tenant can be named so."""
    return _NAME.fullmatch(text) is not None


def short_name(company: str) -> str:
    """A tenant's name made from what people call the company; one that can be used stays as it is.

    A name in letters that have no Latin ones is "company".
    """
    latin = unicodedata.normalize("NFC", company).lower().translate(_LATIN)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    if is_name(plain):
        return plain
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
    return words if is_name(words) else _NAMELESS


def assistants_name(said: str) -> str:
    """The same for a private assistant."""
    name = said.lower()
    if re.fullmatch(ASSISTANT_NAME, name):
        return name
    made = short_name(said)[:_LONGEST_OF_ASSISTANTS].rstrip("-_")
    return "assistant" if made == _NAMELESS else made


def short_names(company: str) -> Iterator[str]:
    """The same, and then with a number: one of them is free."""
    first = short_name(company)
    yield first
    for number in count(2):
        end = f"-{number}"
        yield f"{first[: LONGEST - len(end)].rstrip('-_')}{end}"


def server_name(label: str) -> str:
    """What an MCP server is called among the tools of an assistant."""
    return SERVER + label


def servers_in(tools: Iterable[str]) -> frozenset[str]:
    """The labels of the MCP servers among them."""
    return frozenset(name.removeprefix(SERVER) for name in tools if name.startswith(SERVER))
