"""What clients of OpenAI's chat completions send, and what some ask for on the side."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from bot.gateways.bodies import CallerId, refusal
from bot.gateways.completion_parts import Beside, beside_in, words_in
from bot.gateways.files import had
from bot.web.bodies import says_something
from bot.web.problems import ProblemDetails

LONGEST: Final = 16_384  # characters of a question
HISTORY_LINES: Final = 40
HISTORY_CHARACTERS: Final = 16_384
NOTHING: Final = "The last message of a user says nothing, or there is none."
TASK: Final = "### Task:"  # Open WebUI's, for titles and the like
_FIELD: Final = re.compile(r'\{\s*"(title|follow_ups|queries|tags|prompt|text)"\s*:')
_GIVEN: Final = re.compile("<(?:chat_history|context)>")  # behind it stands what others wrote
_SPEAKERS: Final = {"user": "client", "assistant": "assistant"}

_Text = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(says_something)]


class _Question(BaseModel):
    text: _Text


class Completion(BaseModel):
    """The body of a request; all else that it may hold is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: Annotated[str, Field(min_length=1, max_length=256)]
    messages: Annotated[list[dict[str, Any]], Field(min_length=1)]
    stream: bool | None = None
    stream_options: dict[str, Any] | None = None
    user: CallerId | None = None

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Raises ProblemDetails."""
        try:
            told = cls.model_validate(from_json(content))
        except ValidationError as error:
            raise refusal(error) from None
        except ValueError:
            raise ProblemDetails(400, "not-valid", "The body is not JSON.") from None
        try:
            if told.task is None and (told.text or not had([one.link for one in told.beside])):
                _Question.model_validate({"text": told.text})
        except ValidationError as error:
            raise refusal(error, NOTHING) from None
        return told

    @property
    def text(self) -> str:
        """What the user said last."""
        return words_in(self._last())

    @cached_property
    def beside(self) -> Sequence[Beside]:
        """What they show or say with it."""
        return beside_in(self._last())

    @property
    def task(self) -> str | None:
        """The field of JSON that a task beside the conversation asks for; None: it is none.

        A question to which documents were found begins like one, and asks for no field.
        """
        if not self.text.startswith(TASK):
            return None
        found = _FIELD.search(_GIVEN.split(self.text, maxsplit=1)[0])
        return found[1] if found else None

    @property
    def was_answered(self) -> bool:
        """Whether an answer stands before it."""
        return any(one.get("role") == "assistant" for one in self.messages)

    @property
    def wants_usage(self) -> bool:
        """Whether a stream tells at its end what it took."""
        return bool((self.stream_options or {}).get("include_usage"))

    def with_history(self) -> str:
        """What was said last, behind what the caller tells of before."""
        lines = list(self._before())
        if not lines:
            return self.text
        told = "\n".join(lines)
        return f"(Before, as the caller tells it:)\n{told}\n\n(Now:)\n{self.text}"

    def _last(self) -> dict[str, Any]:
        said = (one for one in reversed(self.messages) if one.get("role") == "user")
        return next(said, {})

    def _before(self) -> Iterator[str]:
        last = max(at for at, one in enumerate(self.messages) if one.get("role") == "user")
        room, kept = HISTORY_CHARACTERS, []
        for one in reversed(self.messages[:last][-HISTORY_LINES:]):
            speaker, text = _SPEAKERS.get(str(one.get("role"))), words_in(one)
            room -= len(text)
            if room < 0:
                break
            if speaker and text:
                kept.append(f"{speaker}: {text}")
        yield from reversed(kept)
