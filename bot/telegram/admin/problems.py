"""What there is to mend in what an admin sent, as sentences that say what to do."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.core.figures import number
from bot.core.texts import Key, say
from bot.core.texts.problems import Problems
from bot.telegram.admin.fields import choice, choices_of, label
from tenants.explain import NESTING, SYNTAX, Problem, alternatives, steps_of

_TEXTS: Final[Mapping[str, Key]] = {
    "string_too_long": Problems.TOO_LONG,
    "message_too_long": Problems.MESSAGE_TOO_LONG,
    "string_type": Problems.NOT_TEXT,
    "enum": Problems.NO_CHOICE,
    "float_type": Problems.NOT_A_NUMBER,
    "float_parsing": Problems.NOT_A_NUMBER,
    "finite_number": Problems.NOT_A_NUMBER,
    "greater_than_equal": Problems.TOO_SMALL,
    "less_than_equal": Problems.TOO_LARGE,
    "blank": Problems.BLANK,
    "no_zone": Problems.NO_ZONE,
    "hours_unread": Problems.HOURS_UNREAD,
    "not_typed": Problems.NOT_TYPED,
    "no_model": Problems.NO_MODEL,
    "no_tool": Problems.NO_TOOL,
    "missing": Problems.MISSING,
    "too_long": Problems.TOO_MANY,
    "tuple_type": Problems.NOT_A_LIST,
    "dict_type": Problems.NOT_A_TABLE,
    "model_type": Problems.NOT_A_TABLE,
    "string_pattern_mismatch": Problems.BAD_NAME,
    "source_name_taken": Problems.NAME_TAKEN,
    "public_assistant": Problems.PUBLIC_NAME,
    "knowledge_too_long": Problems.KNOWLEDGE_TOO_LONG,
}
_LIMITS: Final = ("max_length", "max_units", "max_characters", "ge", "le")
_LENGTHS: Final = ("units", "characters")


def told(found: Iterable[tuple[int, Problem]], language: str) -> tuple[str, ...]:
    """A sentence for each problem, behind its line if that is known."""
    return tuple(
        say(Problems.LINE, language, line=line, problem=sentence(problem, language, written=True))
        if line
        else sentence(problem, language)
        for line, problem in found
    )


def sentence(problem: Problem, language: str, *, written: bool = False) -> str:
    """What to do about a problem; `written`: in a file, where choices have names of their own."""
    match problem.kind:
        case "extra_forbidden":
            return _unknown(problem, language)
        case kind if kind == SYNTAX:
            return say(Problems.TOML_SYNTAX, language, line=problem.values["line"])
        case kind if kind == NESTING:
            return say(Problems.TOML_NESTING, language)
    if not problem.path:
        return say(Problems.NO_TABLE, language)
    text = _TEXTS.get(problem.kind, Problems.OTHER)
    return say(
        text, language, where=_where(problem, language), **_values(problem, language, written)
    )


def _unknown(problem: Problem, language: str) -> str:
    name = str(problem.path[-1])[:40]
    match alternatives(problem):
        case [close]:
            return say(Problems.UNKNOWN_LIKE, language, name=name, close=close)
        case every:
            return say(Problems.UNKNOWN, language, name=name, fields=", ".join(every))


def _where(problem: Problem, language: str) -> str:
    steps = steps_of(problem.path)
    return ": ".join(
        f"{label(name, language)}, {item}" if item else label(name, language)
        for name, item in steps
    )


def _values(problem: Problem, language: str, written: bool) -> dict[str, str]:
    told = {name: str(problem.values.get(name, "")) for name in ("name", "names", "words")}
    told["choices"] = _choices(problem, language, written)
    for name in _LIMITS:
        if name in problem.values:
            told["limit"] = number(int(problem.values[name]), language)
    for name in _LENGTHS:
        if name in problem.values:
            told["length"] = number(int(problem.values[name]), language)
    return told


def _choices(problem: Problem, language: str, written: bool) -> str:
    """What each is called; in a file, as it stands there, too."""
    name = steps_of(problem.path)[-1][0] if steps_of(problem.path) else ""
    called = {value: choice(value, language) for value in choices_of(name)}
    return ", ".join(f"{value} ({told})" if written else told for value, told in called.items())
