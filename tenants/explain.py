"""Validation errors as problems, each with a sentence that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default_of
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from tenants.profile import Persona, Profile, Source

Path = tuple[str | int, ...]

_TITLES: Final = {
    name: field.title or name
    for name, field in (Source.model_fields | Profile.model_fields).items()
}

_ADVICE: Final = {  # by pydantic's type of error, with its context
    "string_too_long": "shorten it to at most {max_length:,} characters",
    "message_too_long": (
        "shorten it from {units:,} to at most {max_units:,} characters (an emoji counts as two)"
    ),
    "string_type": "write it as text, in quotes",
    "enum": "choose one of {expected}",
    "greater_than_equal": "give a number not below {ge:g}",
    "less_than_equal": "give a number not above {le:g}",
    "float_type": "give a number",
    "float_parsing": "give a number",
    "finite_number": "give a number",
    "blank": "write it, or “-” for the default",
    "no_model": "the server has no such model, the nearest are {names}",
    "no_tool": "there is no tool {words}; there are {names}",
    "no_zone": "name a city, such as Rome, London or Moscow, or a zone, such as Europe/Rome",
    "hours_unread": (
        "write days and hours, such as “Mon-Fri 9-18; Sat 9-13; Sun closed”;"
        " not understood: {words}"
    ),
    "not_typed": "set it in a TOML file",
    "missing": "write it, it may not be left out",
    "too_long": "keep at most {max_length}",
    "tuple_type": "write it as a list",
    "dict_type": "write it as a table",
    "model_type": "write it as a table of fields and their values",
    "string_pattern_mismatch": (
        "use 1 to 32 small letters (a-z), digits, “-” and “_”, with a letter or a digit first"
    ),
    "source_name_taken": "give each a name of its own, “{name}” is there twice",
    "public_assistant": "take another name, “{name}” is the assistant that needs no access code",
    "knowledge_too_long": (
        "shorten the knowledge and its sources from {characters:,} to at most {max_characters:,}"
        " characters together"
    ),
}

SYNTAX: Final = "toml_syntax"
NESTING: Final = "toml_nesting"
_WHOLE: Final = {  # of a text as a whole
    SYNTAX: "This is not valid TOML: {why}.",
    NESTING: "This is not a profile: it is nested too deeply.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: its kind is pydantic's type of error, or one of ours.

    `path` leads to it from the profile; `values` are what a sentence about it can name, of the
    value that was refused no more than a few words.
    """

    kind: str
    path: Path = ()
    values: Mapping[str, Any] = default_of(default_factory=dict)

    @property
    def field(self) -> str:
        """The profile's field, as it was given; "" when it is no single one."""
        return str(self.path[0]) if self.path else ""


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Each thing to mend, in the profile's order."""
    return tuple(
        Problem(details["type"], details["loc"], details.get("ctx", {}))
        for details in error.errors(include_url=False)
        if details["type"] != "default_factory_not_called"  # follows from the other errors
    )


def explain(error: ValidationError) -> tuple[str, ...]:
    """One English sentence for each thing to mend, in the profile's order."""
    return tuple(map(sentence, problems_of(error)))


def sentence(problem: Problem) -> str:
    """What to do, in English."""
    if problem.kind in _WHOLE:
        return _WHOLE[problem.kind].format(**problem.values)
    if not problem.path:
        return "A profile is a table of fields and their values."
    if problem.kind == "extra_forbidden":
        named = str(problem.path[-1])[:40]
        whole = "a source" if "sources" in problem.path[:-1] else "a profile"
        return (
            f"{_place(problem.path[:-1])}“{named}” is not a field of {whole}: {_way_out(problem)}"
        )
    return f"{_place(problem.path)}{_advice(problem)}."


def steps_of(path: Path) -> tuple[tuple[str, str], ...]:
    """The fields that a path leads through, each with the item in it (a number from 1, a name)."""
    match path:
        case ("assistants", str(name), *rest):
            return ("assistants", name[:40]), *steps_of(tuple(rest))
        case (str(name), int(index), *rest):
            return (name, str(index + 1)), *steps_of(tuple(rest))
        case (str(name), *_) if name in _TITLES:
            return ((name, ""),)
        case _:
            return ()


def alternatives(problem: Problem) -> tuple[str, ...]:
    """The fields that may stand where an unknown one does: the ones most like it, or all."""
    match problem.path:
        case (*_, "sources", int(), str(name)):
            known = Source.model_fields
        case ("assistants", _, str(name)):
            known = Persona.model_fields
        case _:
            name, known = problem.field, Profile.model_fields
    return tuple(get_close_matches(name.lower(), known, n=1)) or tuple(known)


def _place(path: Path) -> str:
    steps = [f"{_TITLES[name]}, {item}" if item else _TITLES[name] for name, item in steps_of(path)]
    return "".join(f"{step}: " for step in steps)


def _way_out(problem: Problem) -> str:
    match alternatives(problem):
        case [close]:
            return f"did you mean “{close}”?"
        case every:
            return f"remove it, or use one of {', '.join(every)}."


def _advice(problem: Problem) -> str:
    template = _ADVICE.get(problem.kind)
    return template.format(**problem.values) if template else "write it in another way"
