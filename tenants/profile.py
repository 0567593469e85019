"""What a company says about itself: the profile that /configure and the presets fill in.

What was said is kept apart from what is a default (`Partial`): so a default follows the profile's
language, and a text cleared by an admin is the default again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from db.records import PUBLIC
from tenants.defaults import TEXTS, asked_for, escalation
from tenants.hours import Hours, lines
from tenants.hours_reading import read
from tenants.partial import Partial
from tenants.values import (
    KNOWLEDGE_CHARACTERS,
    AnswerKeys,
    AssistantName,
    Bubble,
    Days,
    Extensions,
    Group,
    Knowledge,
    Moment,
    Name,
    OpeningHours,
    Phrase,
    Questions,
    Reach,
    RequestFields,
    Scans,
    Seconds,
    Section,
    SourceName,
    Tools,
    Zone,
    declared,
)
from tenants.zones import HOME


class Language(StrEnum):
    """The language that the company speaks first; the assistant follows the client's."""

    IT = "it"
    EN = "en"
    RU = "ru"


class FormOfAddress(StrEnum):
    """How the company addresses a client: Lei and «Вы», or tu and «ты»."""

    FORMAL = "formal"
    INFORMAL = "informal"


class Tone(StrEnum):
    """How much the assistant says beside the answer."""

    WARM = "warm"
    CONCISE = "concise"


class Pace(StrEnum):
    """The typing pause before a bubble."""

    HUMAN = "human"
    BRISK = "brisk"
    OFF = "off"


def _default(field: str) -> Callable[[dict[str, Any]], str]:
    return lambda said: TEXTS[said["language"], said["address"]][field]


class Source(Partial):
    """A named piece of the knowledge, such as the text of a file."""

    name: SourceName = Field(
        title="Name",
        description="how it is listed, 120 characters in one line; no two differ in capitals alone",
    )
    text: Knowledge = Field(title="Text", repr=False, description="what it says")
    added_at: Moment = Field(
        default=0.0,
        title="Added at",
        description="when it came, in seconds since the epoch (UTC); may be left out",
    )


class Persona(Partial):
    """One assistant of a company: all that a private one may have for itself."""

    language: Language = declared(
        Language.IT, title="Language", place=50, group=Group.ASSISTANT, section=Section.COMPANY
    )
    address: FormOfAddress = declared(
        FormOfAddress.FORMAL,
        title="Form of address",
        place=60,
        group=Group.ASSISTANT,
        section=Section.COMPANY,
    )
    tone: Tone = declared(
        Tone.WARM, title="Tone", place=62, group=Group.ASSISTANT, section=Section.COMPANY
    )
    company_name: Name = declared(
        "",
        title="Company name",
        place=10,
        group=Group.COMPANY,
        section=Section.COMPANY,
        read_as="name",
    )
    sector: Name = declared(
        "", title="Sector", place=20, group=Group.COMPANY, section=Section.COMPANY
    )
    assistant_name: Name = declared(
        default_factory=_default("assistant_name"),
        title="Assistant name",
        place=30,
        group=Group.ASSISTANT,
        section=Section.COMPANY,
    )
    assistant_goal: Phrase = declared(
        default_factory=_default("assistant_goal"),
        title="Goal",
        place=40,
        group=Group.ASSISTANT,
        section=Section.COMPANY,
        read_as="goal",
    )
    opening_hours: OpeningHours = declared(
        (), title="Opening hours", place=72, group=Group.COMPANY, section=Section.COMPANY
    )
    contact: Reach = declared(
        "", title="Contact", place=75, group=Group.COMPANY, section=Section.COMPANY
    )
    escalation_phrase: Phrase = declared(
        default_factory=escalation,
        title="Escalation phrase",
        place=80,
        group=Group.ASSISTANT,
        section=Section.COMPANY,
    )
    welcome: Bubble = declared(
        default_factory=_default("welcome"), title="Welcome", place=90, group=Group.ASSISTANT
    )
    waiting_message: Bubble = declared(
        default_factory=_default("waiting_message"),
        title="Waiting message",
        place=110,
        group=Group.NOTICES,
    )
    ai_notice: Bubble = declared(
        default_factory=_default("ai_notice"), title="AI notice", place=100, group=Group.NOTICES
    )
    waiting_seconds: Seconds = declared(
        5.0, title="Waiting time", place=120, group=Group.NOTICES
    )  # 0 = never
    pace: Pace = declared(Pace.HUMAN, title="Pace", place=130, group=Group.NOTICES)
    answer_keys: AnswerKeys = declared(
        AnswerKeys.SHOWN, title="Quick replies", place=64, group=Group.ASSISTANT
    )
    tools: Tools = declared((), title="Tools", place=145, group=Group.TOOLS)
    request_fields: RequestFields = declared(
        default_factory=asked_for, title="Details of a request", place=147, group=Group.TOOLS
    )
    extensions: Extensions = declared((), title="Extensions", place=148, group=Group.TOOLS)
    model: Name | None = declared(
        None, title="Model", place=160, group=Group.EXPERTS, host="OPENAI_MODEL"
    )
    scans: Scans = declared(Scans.READ, title="Scans", place=135, group=Group.NOTICES)
    knowledge: Knowledge = declared(
        "", title="Knowledge", place=70, group=Group.COMPANY, section=Section.KNOWLEDGE
    )
    sources: tuple[Source, ...] = Field(
        default=(),
        title="Sources",
        max_length=100,
        description="named pieces of the knowledge, such as the texts of files, at most 100",
    )

    @property
    def hours(self) -> Hours | None:
        """When the company is open; None where it does not say."""
        return read("\n".join(self.opening_hours)) if self.opening_hours else None

    def hours_in(self, language: str) -> tuple[str, ...]:
        """The lines of it, in a language."""
        return lines(self.hours, language) if self.hours else ()

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


class Private(Persona):
    """A private assistant; `called`: as people of the company typed its name."""

    called: Name = Field(
        default="",
        title="Called",
        description="of a private assistant: what people of the company call it",
    )


class Profile(Persona):
    """A company as its assistants know it. Every field may be left out."""

    pause_message: Bubble = declared(
        default_factory=_default("pause_message"),
        title="Pause message",
        place=140,
        group=Group.NOTICES,
    )
    retention_days: Days | None = declared(
        None, title="Retention", place=150, group=Group.EXPERTS, host="RETENTION_DAYS"
    )  # of what is said; 0 = for ever
    time_zone: Zone = declared(
        default_factory=lambda said: HOME[said["language"]],
        title="Time zone",
        place=65,
        group=Group.COMPANY,
    )
    test_questions: Questions = declared(
        (), title="Test questions", place=170, group=Group.ASSISTANT
    )
    assistants: Mapping[AssistantName, Private] = Field(
        default_factory=dict,
        title="Private assistants",
        description="what each has for itself, by its name (32 of a-z, 0-9, - and _)",
    )

    def assistant(self, name: str) -> Self:
        """The profile of one assistant: the public one's is this one.

        A private one's is this one under what it has for itself. Raises KeyError for a name
        that is no assistant's.
        """
        if name == PUBLIC:
            return self
        own = self.assistants[name].model_dump(exclude={"called"})
        shared = self.model_dump(exclude={"assistants", "test_questions"})
        return self.model_validate({**shared, **own})

    def called(self, assistant: str) -> str:
        """What people of the company call an assistant."""
        own = self.assistants.get(assistant)
        return (own and own.called) or assistant

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
        cls, assistants: Mapping[str, Private], info: ValidationInfo
    ) -> Mapping[str, Private]:
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
