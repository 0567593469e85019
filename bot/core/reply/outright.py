"""What a bubble says outright: not as a question, denied, or under a condition. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outright:
    """`said`: of these the first that is found counts, if there is no `unless` before it."""

    said: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str]
    sentence: re.Pattern[str]
    clause: re.Pattern[str]  # of a sentence

    def is_in(self, bubble: str) -> bool:
        """Whether a clause of a sentence that is no question says it."""
        return any(
            self._is_said(clause)
            for sentence in self.sentence.findall(bubble)
            if not sentence.rstrip().endswith("?")
            for clause in self.clause.findall(sentence)
        )

    def _is_said(self, clause: str) -> bool:
        """By the first: what denies that one denies all behind it."""
        found = next(filter(None, (one.search(clause) for one in self.said)), None)
        return found is not None and not self.unless.search(clause[: found.start()])
