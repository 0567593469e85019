"""What a check found: how things stand, and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WAY: Final = "Way out"  # the subject of what is called directly, or through a proxy


class Level(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for the host."""

    level: Level
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:<9}{self.subject:<10}{self.text}"


def ok(subject: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.OK, subject, text)


def warning(subject: str, text: str) -> Finding:
    """Something to know or to do some day."""
    return Finding(Level.WARNING, subject, text)


def problem(subject: str, text: str) -> Finding:
    """Something to mend."""
    return Finding(Level.PROBLEM, subject, text)
