"""Links that the company never gave: a model can be talked into them, and clients trust it. Pure.

A link is known if its domain stands in what the model was told, or is a subdomain of one that
does. Of another one that is hidden behind words the words stay, an address itself is left out.
Prices, dates, e-mail addresses and files' names are no links.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

_ENDINGS: Final = (
    "com|org|net|info|biz|eu|io|app|dev|shop|online|site|store|club|top|xyz|link|live|pro|travel"
    "|hotel|bank|ai|tv|ly|gl|gg|it|ru|su|fr|uk|ch|nl|pl|ro|cz|sk|hu|gr|fi|dk|ie|tr|ua|by|kz|cn|jp"
    "|br|ca|au|рф"
)
# These are words as well: they end a domain only where a path follows.
_WORDS_TOO: Final = "me|co|to|at|be|de|es|se|no|in|is|us|al|la|so|my|cc|gd"
_PART: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_PATH: Final = r"[/?#][^\s<>\"`]*+"
_LINK: Final = re.compile(
    rf"""
      (?P<escaped>\\[\\\[\]])
    | !?\[ (?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+) \]
      \( \s*+ <? (?P<hidden>(?:[^\s()<>]|\([^\s()]*\))*+) >? (?:\s[^()]*)? \)
    | (?<![\w.+-]) (?P<mail>[\w.+-]++@[\w.-]++)
    | <? (?P<address>(?<![^\W_])(?i:[a-z][a-z0-9+.-]{{1,15}}://|www\.)[^\s<>"`]++) >?
    | (?<![^\W_]) (?<![@./:-]) (?P<bare>
        (?:{_PART}\.){{1,8}}
        (?:(?:{_ENDINGS}|{_ENDINGS.upper()})(?![^\W_]|-)(?:{_PATH})?|(?:{_WORDS_TOO}){_PATH})
      )
    """,
    re.VERBOSE | re.DOTALL,
)
_MAY_HOLD: Final = re.compile(r"://|\.\w|\]\(")
_AUTHORITY: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:/{2,})?([^/?#\\\s]*)")
_BEHIND: Final = ".,;:!?…)]}»”’'*_~"  # belongs to the sentence, not to the address
_NO_DOMAIN: Final = ("tel:", "#")


@dataclass(frozen=True, slots=True)
class KnownLinks:
    """What the model was told in a turn: a link is known by it."""

    texts: tuple[str, ...]
    _folded: list[str] = field(default_factory=list, compare=False)  # once there is a link

    def knows(self, link: str) -> bool:
        """Whether the link's domain, or one that it belongs to, stands in the texts."""
        host = _host(link)
        parents = _with_parents(host) if "." in host else [f"://{host}"]  # else a mere word is one
        return bool(host) and any(self._has(domain) for domain in parents)

    def _has(self, domain: str) -> bool:
        before = r"(?<![\w.-])(?:www\.)?" if "." in domain else ""
        whole = re.compile(rf"{before}{re.escape(domain)}(?![\w-]|\.\w)")
        if not self._folded:
            self._folded.extend(map(str.casefold, self.texts))
        return any(domain in text and whole.search(text) is not None for text in self._folded)


def leave_out(text: str, known: KnownLinks, *, instead: Callable[[], str]) -> tuple[str, int]:
    """The text without the links that are not known, and how many there were.

    `instead` gives a kind word, in the place of an address and of a text of which nothing is left.
    """
    left_out = 0

    def read(match: re.Match[str]) -> str:
        nonlocal left_out
        words, hidden = match["words"], match["hidden"]
        if match["escaped"] or match["mail"]:
            return match.group()
        if words is not None:
            inner = _LINK.sub(read, words)
            if _is_no_link(hidden) or known.knows(hidden):
                return match.group().replace(words, inner, 1)
            left_out += 1
            return inner
        link = match["address"] or match["bare"]
        behind = link[len(link.rstrip(_BEHIND)) :]
        if known.knows(link[: len(link) - len(behind)]):
            return match.group()
        left_out += 1
        return instead() + behind

    if not _MAY_HOLD.search(text):
        return text, 0
    kept = _LINK.sub(read, text)
    return (kept if kept.strip() else instead()), left_out


def _is_no_link(target: str) -> bool:
    return target.startswith(_NO_DOMAIN) or not ("." in target or "://" in target)


def _host(link: str) -> str:
    """The domain of a link: without its scheme, who logs in, and its port."""
    found = _AUTHORITY.match(link.removeprefix("mailto:"))
    authority = found[1] if found else ""
    host = authority.rpartition("@")[2].partition(":")[0]
    return host.casefold().strip(".")


def _with_parents(host: str) -> Iterator[str]:
    """The domain itself and those that it belongs to, down to two parts."""
    parts = host.split(".")
    for start in range(len(parts) - 1):
        yield ".".join(parts[start:])
