"""The addresses of the pages on which a company's assistant answers, and the line in them. Pure.

An origin is what a browser says of a page: https://www.example.it, with a port where it is not the
usual one. A company lists them one by one, or as https://*.example.it all that are below a name, of
which there are one or more (https://html.spec.whatwg.org/#origin,
https://www.w3.org/TR/CSP3/#match-hosts). They are written as a browser writes them: in small
letters, and names of other alphabets as xn--.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import unquote

MOST: Final = 20  # of one site
_LABEL: Final = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME: Final = rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}"  # the last is no number: no address
_PORT: Final = r"(?::(?P<port>[1-9][0-9]{0,4}))?"
_ANY: Final = "*."
_LONGEST_NAME: Final = 253
_LARGEST_PORT: Final = 65_535
_HOME: Final = frozenset({"localhost", "127.0.0.1"})  # where a page is tried before it is shown
_USUAL: Final = {"https": "443", "http": "80"}
_SHORT_LABEL: Final = 3  # of names such as .co.uk and .com.br
_ORIGIN: Final = re.compile(rf"https?://(?:{_NAME}|localhost|127\.0\.0\.1){_PORT}")
_TYPED: Final = re.compile(
    rf"(?:(?P<scheme>https?)://)?(?P<host>(?:\*\.)?{_NAME}|localhost|127\.0\.0\.1){_PORT}(?:[/?#].*)?"
)
_PARTS: Final = re.compile(r"\A((?:[a-z]+://)?)([^:/?#]*)(.*)\Z", re.DOTALL)
_BETWEEN: Final = re.compile(r"[\s,;]+")
_AROUND: Final = "«»“”„\"'`()<>[]."


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote: the origins that it names, once each, and the words that name none.

    `insecure`: those that were written with http, where https alone is taken.
    """

    origins: tuple[str, ...]
    unread: tuple[str, ...]
    insecure: tuple[str, ...] = ()


def typed(text: str) -> Typed:
    """Addresses as people write them: with a path or without, http where https is meant."""
    words = [word.strip(_AROUND) for word in _BETWEEN.split(text)]
    read = {word: _origin_of(word) for word in words if word}
    found = dict.fromkeys(origin for origin in read.values() if origin)
    unread = tuple(word for word, origin in read.items() if origin is None)
    insecure = (one for word, one in read.items() if one and _was_insecure(word, one))
    return Typed(tuple(found), unread, tuple(dict.fromkeys(insecure)))


def allows(origins: Collection[str], origin: str | None) -> bool:
    """Whether a page of this origin, as its browser says it, is one of those listed."""
    page = _ORIGIN.fullmatch(origin or "")
    return page is not None and any(page[0] == one or _is_below(page[0], one) for one in origins)


def page_in(origins: Collection[str], address: str) -> str:
    """A page of these as people read its address: www.example.it/rooms; empty for any other.

    What stands behind `?`, `#` or `;` is left out: some write a session there (`;jsessionid=`).
    """
    origin = _ORIGIN.match(address)
    path = address[origin.end() :] if origin else ""
    if not origin or path[:1] not in "/?#" or not allows(origins, origin[0]):
        return ""
    name = origin[0].partition("://")[2]
    return name + unquote(re.split("[?#;]", path, maxsplit=1)[0]).rstrip("/")


def with_or_without_www(origin: str) -> str | None:
    """The other name under which most web sites answer; None where there is none to guess."""
    scheme, _, host = origin.partition("://")
    if host.startswith("www."):
        return f"{scheme}://{host.removeprefix('www.')}"
    name = host.partition(":")[0]
    if name.startswith(_ANY) or name in _HOME:
        return None
    _, *rest = name.split(".")
    is_whole = len(rest) == 1 or [len(one) <= _SHORT_LABEL for one in rest] == [True, True]
    return f"{scheme}://www.{host}" if is_whole else None


def line_for(public_url: str, public_key: str, *, elsewhere: str = "", words: str = "") -> str:
    """What a company pastes into its pages; `public_url` is where we can be reached.

    Where a browser runs no scripts, it shows a link, with these words, to where else the company
    is, if that is somewhere.
    """
    line = f'<script src="{public_url}/widget.js" data-site="{public_key}" async></script>'
    if not elsewhere:
        return line
    return f'{line}<noscript><a href="{escape(elsewhere)}">{escape(words)}</a></noscript>'


def _origin_of(word: str) -> str | None:
    found = _TYPED.fullmatch(_in_ascii(word))
    if found is None or not _is_sound(found["host"], found["port"]):
        return None
    host, port = found["host"], found["port"]
    scheme = (found["scheme"] or "http") if host in _HOME else "https"
    # Who wrote http://example.it:80 means the page that is https://example.it.
    usual = {_USUAL[scheme], _USUAL[found["scheme"] or scheme]}
    return f"{scheme}://{host}" if port is None or port in usual else f"{scheme}://{host}:{port}"


def _was_insecure(word: str, origin: str) -> bool:
    return word.lower().startswith("http://") and origin.startswith("https://")


def _in_ascii(word: str) -> str:
    """As a browser writes it; nothing of what is no name in any alphabet."""
    ((scheme, name, rest),) = _PARTS.findall(word.lower())
    try:
        plain = name.encode("idna")
        plain.decode("idna")  # so that it can be shown
    except UnicodeError:
        return ""
    return f"{scheme}{plain.decode()}{rest}"


def _is_sound(host: str, port: str | None) -> bool:
    return len(host) <= _LONGEST_NAME and int(port or 1) <= _LARGEST_PORT


def _is_below(origin: str, listed: str) -> bool:
    scheme, any_name, parent = listed.partition(_ANY)
    return bool(any_name) and origin.startswith(scheme) and origin.endswith(f".{parent}")
