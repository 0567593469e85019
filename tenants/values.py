"""What a field of a profile may hold, and how one is declared."""

import re
from collections.abc import Callable
from enum import StrEnum, auto
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError, PydanticUndefined

from db.bounds import LONGEST_LABEL, MOST_FIELDS
from tenants.hours import plain
from tenants.hours_reading import read
from tenants.hours_tokens import Unread
from tenants.zones import ZONES

MESSAGE_UTF16_UNITS: Final = 4096  # core.telegram.org/bots/api#sendmessage
NAME_CHARACTERS: Final = 100
HOURS_LINES: Final = 100
ASSISTANT_NAME: Final = "[a-z0-9][a-z0-9_-]{0,31}"  # a regular expression
NO_TOOLS: Final = "none"  # among tools: an assistant has none, not even those of all
KNOWLEDGE_CHARACTERS: Final = 400_000  # the knowledge and all its sources together


class Kind(StrEnum):
    """How a field's value is typed; it goes with its type, and so does its limit."""

    LINE = auto()
    TEXT = auto()
    MESSAGE = auto()  # a text that is sent as it is
    LINES = auto()  # one item a line
    SECONDS = auto()
    DAYS = auto()
    CHOICE = auto()
    ZONE = auto()  # of times; typed by a city
    HOURS = auto()  # a line for each day; typed in words
    TOOLS = auto()  # their names; switched on and off one by one


class Section(StrEnum):
    """Where in the instructions the model reads a field."""

    COMPANY = auto()  # a line behind the field's name
    KNOWLEDGE = auto()  # the text as it is


class AnswerKeys(StrEnum):
    """Whether clients may tap short answers where the assistant offers some."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class Scans(StrEnum):
    """Whether pictures of pages that clients send as a PDF are shown to the model."""

    READ = "read"
    UNREAD = "unread"


class Group(StrEnum):
    """Fields that belong together on the card, in people's words."""

    COMPANY = auto()
    ASSISTANT = auto()
    NOTICES = auto()
    TOOLS = auto()
    EXPERTS = auto()


def declared(
    default: Any = PydanticUndefined,
    *,
    title: str,
    place: int,
    group: Group,
    default_factory: Callable[[dict[str, Any]], Any] | None = None,
    section: Section | None = None,
    read_as: str = "",
    host: str = "",
) -> Any:
    """A field that admins type: all that is known of it but its texts.

    `title`: what it is called in English, where no catalogue is at hand. `place`: where it stands
    on the card, in its `group`, by growing numbers. `section`: None for what the model does not
    read; `read_as`: its name there, if that is another. `host`: the setting that is its default.
    """
    given: Any = {"default_factory": default_factory} if default_factory else {"default": default}
    return Field(
        **given,
        title=title,
        repr=section is not Section.KNOWLEDGE,  # it is too long for a log
        json_schema_extra={
            **{"place": place, "group": group},
            **{"section": section, "read_as": read_as, "host": host},
        },
    )


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _fit_one_message(value: str) -> str:
    units = len(value.encode("utf-16-le")) // 2
    if units > MESSAGE_UTF16_UNITS:
        raise PydanticCustomError(
            "message_too_long", "", {"units": units, "max_units": MESSAGE_UTF16_UNITS}
        )
    return value


def _known_zone(value: str) -> str:
    if value not in ZONES:
        raise PydanticCustomError("no_zone", "")
    return value


def _listed(value: Any) -> Any:
    return value.splitlines() if isinstance(value, str) else value


def _named(value: Any) -> Any:
    return re.findall(r"[^\s,;]+", value) if isinstance(value, str) else value


def _once(value: tuple[str, ...]) -> tuple[str, ...]:
    """In one order, so that the same tools are the same profile; none besides others is nothing."""
    return tuple(sorted({*value} - {NO_TOOLS})) or tuple({*value})


def _read_hours(value: tuple[str, ...]) -> tuple[str, ...]:
    """As this program writes them, whatever the words; what is not understood is named."""
    try:
        hours = read("\n".join(value)) if value else None
    except Unread as unread:
        words = ", ".join(word[:40] for word in unread.words[:10])
        raise PydanticCustomError("hours_unread", "", {"words": words}) from None
    return plain(hours) if hours else ()


Name = Annotated[
    str, Kind.LINE, StringConstraints(max_length=NAME_CHARACTERS), AfterValidator(_one_line)
]
Reach = Annotated[str, Kind.LINE, StringConstraints(max_length=200), AfterValidator(_one_line)]
Phrase = Annotated[str, Kind.TEXT, StringConstraints(max_length=1_000)]
Bubble = Annotated[str, Kind.MESSAGE, AfterValidator(_fit_one_message)]
Knowledge = Annotated[str, Kind.TEXT, StringConstraints(max_length=KNOWLEDGE_CHARACTERS)]
Seconds = Annotated[float, Kind.SECONDS, Field(ge=0, le=600, allow_inf_nan=False)]
Days = Annotated[float, Kind.DAYS, Field(ge=0, le=36_500, allow_inf_nan=False)]
Zone = Annotated[str, Kind.ZONE, AfterValidator(_known_zone)]
OpeningHours = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=1_000)], ...],
    Kind.HOURS,
    Field(max_length=HOURS_LINES),
    BeforeValidator(_listed),
    AfterValidator(_read_hours),
    Field(max_length=HOURS_LINES),  # of what it says of each date, too
]
Question = Annotated[str, StringConstraints(max_length=500), AfterValidator(_one_line)]
Questions = Annotated[tuple[Question, ...], Kind.LINES, Field(max_length=20)]
ToolName = Annotated[str, StringConstraints(max_length=64)]
Tools = Annotated[
    tuple[ToolName, ...],
    Kind.TOOLS,
    Field(max_length=20),
    BeforeValidator(_named),
    AfterValidator(_once),
]
Asked = Annotated[str, StringConstraints(max_length=LONGEST_LABEL), AfterValidator(_one_line)]
RequestFields = Annotated[tuple[Asked, ...], Kind.LINES, Field(max_length=MOST_FIELDS)]
Extensions = Annotated[tuple[Asked, ...], Kind.LINES, Field(max_length=20)]

# These are not typed one by one.
Moment = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]  # seconds since the epoch
SourceName = Annotated[str, StringConstraints(max_length=120), AfterValidator(_one_line)]
AssistantName = Annotated[str, StringConstraints(pattern=rf"^{ASSISTANT_NAME}$")]


def tidy(value: Any) -> Any:
    """Text with plain line ends, nothing that cannot be stored, and no space around it.

    In a list, without what is blank.
    """
    if isinstance(value, list | tuple):
        return [tidied for tidied in map(tidy, value) if not is_blank(tidied)]
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", lines).strip()


def is_blank(value: Any) -> bool:
    """Whether nothing would be seen: Telegram refuses a message of invisible characters."""
    if isinstance(value, str):
        return not any(char.isprintable() and not char.isspace() for char in value)
    return value is None
