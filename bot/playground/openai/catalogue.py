"""The models that the emulator knows, and when they shut down (facts, section 3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.playground.openai.api_error import (
    Json,
    model_shut_down,
    unknown_model,
    unsupported_parameter,
    unsupported_value,
    wrong_endpoint,
)

_CREATED = 1_758_500_000  # one constant for all: nobody reads it

_SHUTDOWN_DATES: dict[str, date | None] = {
    "gpt-6-astra": None,
    "gpt-6.1-sol": None,
    "gpt-6.1-terra": None,
    "gpt-6-sol": None,
    "gpt-6-luna": None,
    "gpt-5.6-sol": None,
    "gpt-5.6-terra": None,
    "gpt-5.6-luna": None,
    "gpt-5.5": None,
    "gpt-5.4": None,
    "gpt-5.4-mini": None,
    "gpt-5.4-nano": date(2027, 4, 1),
    "gpt-5.1": date(2027, 4, 1),
    "gpt-5": date(2026, 12, 11),
    "gpt-5-mini": date(2026, 12, 11),
    "gpt-5-nano": date(2026, 12, 11),
    "o3": date(2026, 12, 11),
    "gpt-4o": date(2027, 1, 14),
    "gpt-4o-mini": date(2027, 1, 14),
    "gpt-4.1": date(2027, 1, 14),
    "gpt-4.1-mini": date(2027, 1, 14),
    "gpt-3.5-turbo": date(2026, 10, 23),
    "gpt-4": date(2026, 10, 23),
    "o1": date(2026, 10, 23),
    "o4-mini": date(2026, 10, 23),
}
_TRANSCRIBERS: Final[dict[str, date | None]] = {
    "gpt-transcribe": None,
    "gpt-4o-transcribe": date(2027, 2, 26),
    "gpt-4o-mini-transcribe": date(2027, 2, 26),
    "whisper-1": date(2027, 2, 26),
}
_ALL: Final = _SHUTDOWN_DATES | _TRANSCRIBERS
_WITHOUT_REASONING: Final = ("gpt-4", "gpt-3.5")  # how their names begin
_ALWAYS_REASON: Final = frozenset({"gpt-5", "gpt-5-mini", "gpt-5-nano", "o3", "o1", "o4-mini"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which models can be asked on a given day.

    `refused`: by model, the types of parts that it takes no notice of, such as `input_image`.
    """

    today: Callable[[], date]
    refused: Mapping[str, set[str]] = field(default_factory=dict)

    def retrieve(self, model: str) -> Json:
        """The model object. Raises ApiError for one that is unknown or shut down."""
        if model not in _ALL:
            raise unknown_model(model)
        shutdown = _ALL[model]
        if shutdown is not None and shutdown <= self.today():
            raise model_shut_down(model)
        return _describe(model, shutdown)

    def check_answers(self, model: str) -> None:
        """Raises ApiError for a model that answers nobody: unknown, shut down, or for sound."""
        self.retrieve(model)
        if model in _TRANSCRIBERS:
            raise wrong_endpoint(model)

    def check_transcribes(self, model: str) -> None:
        """Raises ApiError for a model that writes down no sound."""
        self.retrieve(model)
        if model not in _TRANSCRIBERS:
            raise wrong_endpoint(model)

    def check_effort(self, model: str, effort: str | None) -> None:
        """Raises ApiError for an effort that the model refuses."""
        if effort is None:
            return
        if model.startswith(_WITHOUT_REASONING):
            raise unsupported_parameter("reasoning.effort")
        if effort == "none" and model in _ALWAYS_REASON:
            raise unsupported_value("reasoning.effort", effort, model=model)

    def list(self) -> Json:
        """Every model that still answers."""
        today = self.today()
        alive = [
            _describe(model, shutdown)
            for model, shutdown in _ALL.items()
            if shutdown is None or shutdown > today
        ]
        return {"object": "list", "data": alive}


def _describe(model: str, shutdown: date | None) -> Json:
    return {
        "id": model,
        "object": "model",
        "created": _CREATED,
        "owned_by": "system",
        "shutdown_date": shutdown.isoformat() if shutdown else None,
    }
