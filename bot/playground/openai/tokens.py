"""Counting tokens, roughly, and remembering prompts as prefix caching does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

_CHARS_PER_TOKEN = 4
_BLOCK_TOKENS = 128
_LEAST_CACHED_TOKENS = 1024
_BLOCKS_KEPT = 200_000
_MARKS_ALONE = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)(?!\d)")


def count_tokens(text: str) -> int:
    """About how many tokens a text has: a quarter of its characters, rounded up."""
    return -(-len(text) // _CHARS_PER_TOKEN)


def goes_by_marks(model: str) -> bool:
    """Whether a model's cache holds prefixes up to a breakpoint alone: from gpt-5.6 on."""
    return bool(_MARKS_ALONE.match(model))


@dataclass(slots=True)
class MarkedCache:
    """Which prompts were seen before, up to a breakpoint, under the same cache key."""

    _prefixes: set[int] = field(default_factory=set)

    def cached_tokens(self, key: str, parts: Sequence[str], marked: Sequence[bool]) -> int:
        """Tokens of the longest known prefix; `marked`: of each part, whether one ends with it.

        One always ends with the last part.
        """
        texts = [*accumulate(parts)]
        known = [text for text in texts if hash((key, text)) in self._prefixes]
        kept = (text for text, mark in zip(texts[:-1], marked[:-1], strict=True) if mark)
        self._prefixes.update(hash((key, text)) for text in (*kept, texts[-1]))
        tokens = count_tokens(known[-1]) if known else 0
        return tokens if tokens >= _LEAST_CACHED_TOKENS else 0


@dataclass(slots=True)
class PrefixCache:
    """How much of a prompt was seen before under the same cache key.

    An exact prefix in blocks of 128 tokens counts, from 1,024 tokens on (facts, section 2).
    """

    _blocks: set[int] = field(default_factory=set)

    def cached_tokens(self, key: str, parts: Sequence[str]) -> int:
        """Tokens of the longest known prefix of the prompt; remembers the whole prompt."""
        if len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.clear()
        chain = _chain(key, "".join(parts))
        known = next((i for i, block in enumerate(chain) if block not in self._blocks), len(chain))
        self._blocks.update(chain)
        tokens = known * _BLOCK_TOKENS
        return tokens if tokens >= _LEAST_CACHED_TOKENS else 0


def _chain(key: str, prompt: str) -> list[int]:
    """One hash for each whole block, each covering everything before it."""
    size = _BLOCK_TOKENS * _CHARS_PER_TOKEN
    link = hash(key)
    chain = []
    for start in range(0, len(prompt) - size + 1, size):
        link = hash((link, prompt[start : start + size]))
        chain.append(link)
    return chain
