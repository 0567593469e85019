"""What a company says about itself: the profile that /configure and the presets fill in.

A profile keeps the difference between what the company said and what is a default: a dump
(`model_dump`, `model_dump_json`) holds only what was said, and a blank value counts as not
said. So a default follows the profile's language, and a text cleared by an admin is the
default again.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tenants.defaults import TEXTS

MESSAGE_UTF16_UNITS = 4096  # core.telegram.org/bots/api#sendmessage


class Language(StrEnum):
    """The language that the company speaks first; the assistant follows the client's."""

    IT = "it"
    EN = "en"
    RU = "ru"


class FormOfAddress(StrEnum):
    """How the company addresses a client: Lei and «Вы», or tu and «ты»."""

    FORMAL = "formal"
    INFORMAL = "informal"


class Pace(StrEnum):
    """The typing pause before a bubble."""

    HUMAN = "human"
    BRISK = "brisk"
    OFF = "off"


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _fit_one_message(value: str) -> str:
    units = len(value.encode("utf-16-le")) // 2
    if units > MESSAGE_UTF16_UNITS:
        raise PydanticCustomError(
            "message_too_long", "", {"units": units, "max_units": MESSAGE_UTF16_UNITS}
        )
    return value


Name = Annotated[str, StringConstraints(max_length=100), AfterValidator(_one_line)]
Phrase = Annotated[str, StringConstraints(max_length=1_000)]
Bubble = Annotated[str, AfterValidator(_fit_one_message)]
Knowledge = Annotated[str, StringConstraints(max_length=400_000)]
Seconds = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]


def _default(field: str) -> Callable[[dict[str, Any]], str]:
    return lambda said: TEXTS[said["language"], said["address"]][field]


class Profile(BaseModel):
    """A company as its assistant knows it. Every field may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    language: Language = Field(default=Language.IT, title="Language")
    address: FormOfAddress = Field(default=FormOfAddress.FORMAL, title="Form of address")
    company_name: Name = Field(default="", title="Company name")
    sector: Name = Field(default="", title="Sector")
    assistant_name: Name = Field(default_factory=_default("assistant_name"), title="Assistant name")
    assistant_goal: Phrase = Field(default_factory=_default("assistant_goal"), title="Goal")
    escalation_phrase: Phrase = Field(
        default_factory=_default("escalation_phrase"), title="Escalation phrase"
    )
    welcome: Bubble = Field(default_factory=_default("welcome"), title="Welcome")
    waiting_message: Bubble = Field(
        default_factory=_default("waiting_message"), title="Waiting message"
    )
    ai_notice: Bubble = Field(default_factory=_default("ai_notice"), title="AI notice")
    waiting_seconds: Seconds = Field(default=5.0, title="Waiting time")  # 0 = never
    pace: Pace = Field(default=Pace.HUMAN, title="Pace")
    model: Name | None = Field(default=None, title="Model")  # None = the host's
    knowledge: Knowledge = Field(default="", title="Knowledge", repr=False)

    def text_for(
        self, field: Literal["welcome", "waiting_message", "ai_notice"], language: str | None
    ) -> str:
        """The company's own words, or where it gave none the default in the client's language.

        `language` is an IETF tag. Unknown, it is the company's; one without texts gets English.
        """
        if field in self.model_fields_set or language is None:
            return str(getattr(self, field))
        spoken = re.split("[-_]", language.lower())[0]
        return TEXTS.get((spoken, self.address), TEXTS["en", self.address])[field]

    @model_validator(mode="before")
    @classmethod
    def _forget_blanks(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        tidied = {key: _tidy(value) for key, value in data.items()}
        return {key: value for key, value in tidied.items() if not _is_blank(value)}

    @model_serializer(mode="wrap")
    def _dump_what_was_said(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = dump(self)
        return {key: value for key, value in values.items() if key in self.model_fields_set}


def _tidy(value: Any) -> Any:
    """Text with plain line ends, nothing that cannot be stored, and no space around it."""
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", lines).strip()


def _is_blank(value: Any) -> bool:
    """Whether nothing would be seen: Telegram refuses a message of invisible characters."""
    if isinstance(value, str):
        return not any(char.isprintable() and not char.isspace() for char in value)
    return value is None
