"""Which models look at nothing: learned from what they refuse, since no list of names is complete.

A picture may be at fault as well as the model, and not every server says which: one refusal teaches
nothing, and what is learned is doubted again after a while.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

REFUSALS: Final = 2  # in a row, of what is answered without pictures
QUESTIONS: Final = 50  # that are then asked without them, until they are tried again


@dataclass(slots=True)
class Sight:
    """What one process knows of its models, by their names."""

    _refused: Counter[str] = field(default_factory=Counter)
    _asked: Counter[str] = field(default_factory=Counter)

    def is_missing(self, model: str) -> bool:
        """Whether pictures and pages are not to be shown to it for now."""
        return self._refused[model] >= REFUSALS

    def asked_without(self, model: str) -> None:
        """A question went without the pictures that belong to it."""
        self._asked[model] += 1
        if self._asked[model] >= QUESTIONS:
            self._asked[model], self._refused[model] = 0, REFUSALS - 1

    def note(self, model: str, *, refused: bool) -> None:
        """It answered a question with pictures in it, or only once they were left out."""
        self._refused[model] = self._refused[model] + 1 if refused else 0
