"""What a company says about itself: the profile that /configure and the presets fill in.

A profile keeps the difference between what the company said and what is a default: a dump
(`model_dump`, `model_dump_json`) holds only what was said, and a blank value counts as not
said. So a default follows the profile's language, and a text cleared by an admin is the
default again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tenants.defaults import TEXTS

MESSAGE_UTF16_UNITS = 4096  # core.telegram.org/bots/api#sendmessage
KNOWLEDGE_CHARACTERS = 400_000  # the knowledge and all its sources together
COLLECTIONS = frozenset({"sources", "test_questions", "assistants"})
PUBLIC = "public"  # the assistant that needs no access code


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
Knowledge = Annotated[str, StringConstraints(max_length=KNOWLEDGE_CHARACTERS)]
Seconds = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]
Days = Annotated[float, Field(ge=0, le=36_500, allow_inf_nan=False)]
Moment = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]  # seconds since the epoch
SourceName = Annotated[str, StringConstraints(max_length=120), AfterValidator(_one_line)]
Question = Annotated[str, StringConstraints(max_length=500), AfterValidator(_one_line)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]


def _default(field: str) -> Callable[[dict[str, Any]], str]:
    return lambda said: TEXTS[said["language"], said["address"]][field]


class _Said(BaseModel):
    """Keeps what was said apart from what is a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _forget_blanks(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        tidied = {key: _tidy(value) for key, value in data.items()}
        return {
            key: value
            for key, value in tidied.items()
            if not (is_blank(value) or (key in COLLECTIONS and value in ([], {})))
        }

    @model_serializer(mode="wrap")
    def _dump_what_was_said(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = dump(self)
        return {key: value for key, value in values.items() if key in self.model_fields_set}


class Source(_Said):
    """A named piece of the knowledge, such as the text of a file."""

    name: SourceName = Field(title="Name")
    text: Knowledge = Field(title="Text", repr=False)
    added_at: Moment = Field(default=0.0, title="Added at")


class Persona(_Said):
    """One assistant of a company: all that a private one may have for itself."""

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
    sources: tuple[Source, ...] = Field(default=(), title="Sources", max_length=100)

    @field_validator("sources")
    @classmethod
    def _bound_sources(
        cls, sources: tuple[Source, ...], info: ValidationInfo
    ) -> tuple[Source, ...]:
        names = [source.name.casefold() for source in sources]
        for index, source in enumerate(sources):
            if source.name.casefold() in names[:index]:
                raise PydanticCustomError("source_name_taken", "", {"name": source.name})
        _bound_knowledge(info.data.get("knowledge", ""), sources)
        return sources


class Profile(Persona):
    """A company as its assistants know it. Every field may be left out."""

    pause_message: Bubble = Field(default_factory=_default("pause_message"), title="Pause message")
    # How long what is said is kept; 0 = for ever, None = as the host keeps it.
    retention_days: Days | None = Field(default=None, title="Retention")
    test_questions: tuple[Question, ...] = Field(default=(), title="Test questions", max_length=20)
    assistants: Mapping[Slug, Persona] = Field(default_factory=dict, title="Private assistants")

    def assistant(self, name: str) -> Self:
        """The profile of one assistant: the public one's is this one.

        A private one's is this one under what it has for itself. Raises KeyError for a name
        that is no assistant's.
        """
        if name == PUBLIC:
            return self
        own = self.assistants[name].model_dump()
        shared = self.model_dump(exclude={"assistants", "test_questions"})
        return self.model_validate({**shared, **own})

    def models(self) -> Mapping[tuple[str, ...], str]:
        """The models that it names, each by where it stands."""
        named: dict[tuple[str, ...], str | None] = {("model",): self.model}
        for name, own in self.assistants.items():
            named["assistants", name, "model"] = own.model
        return {place: model for place, model in named.items() if model}

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """The profile with new values, by field; None is the default. Raises ValidationError."""
        return self.model_validate({**self.model_dump(), **changes})

    def text_for(
        self,
        field: Literal["welcome", "waiting_message", "ai_notice", "pause_message"],
        language: str | None,
    ) -> str:
        """The company's own words, or where it gave none the default in the client's language.

        `language` is an IETF tag. Unknown, it is the company's; one without texts gets English.
        """
        if field in self.model_fields_set or language is None:
            return str(getattr(self, field))
        spoken = re.split("[-_]", language.lower())[0]
        return TEXTS.get((spoken, self.address), TEXTS["en", self.address])[field]

    @field_validator("assistants")
    @classmethod
    def _bound_assistants(
        cls, assistants: Mapping[str, Persona], info: ValidationInfo
    ) -> Mapping[str, Persona]:
        if PUBLIC in assistants:
            raise PydanticCustomError("public_assistant", "", {"name": PUBLIC})
        for name, own in assistants.items():
            said = {**info.data, **{field: getattr(own, field) for field in own.model_fields_set}}
            _bound_knowledge(said.get("knowledge", ""), said.get("sources", ()), name)
        return assistants


def _bound_knowledge(
    knowledge: str, sources: Sequence[Source], assistant: str | None = None
) -> None:
    characters = len(knowledge) + sum(len(source.text) for source in sources)
    if characters > KNOWLEDGE_CHARACTERS:
        told = {"characters": characters, "max_characters": KNOWLEDGE_CHARACTERS}
        raise PydanticCustomError("knowledge_too_long", "", {**told, "assistant": assistant})


def _tidy(value: Any) -> Any:
    """Text with plain line ends, nothing that cannot be stored, and no space around it.

    In a list, without what is blank.
    """
    if isinstance(value, list | tuple):
        return [tidied for tidied in map(_tidy, value) if not is_blank(tidied)]
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", lines).strip()


def is_blank(value: Any) -> bool:
    """Whether nothing would be seen: Telegram refuses a message of invisible characters."""
    if isinstance(value, str):
        return not any(char.isprintable() and not char.isspace() for char in value)
    return value is None


def canonical(body: str) -> str:
    """A profile's body (JSON) as it is stored. Raises ValidationError when it is no profile's."""
    return Profile.model_validate_json(body).model_dump_json()
