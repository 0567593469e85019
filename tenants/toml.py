"""A profile as TOML text: in, with errors that name the line, and out, exactly."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from tenants.explain import NESTING, SYNTAX, Problem, problems_of, sentence
from tenants.profile import Profile

MOST_PROBLEMS: Final = 100  # that are told of one text

# What may span lines or look like a key: long texts, short ones, comments.
_HIDDEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
# A profile's keys have four parts at most. The parser takes seconds for one of thousands.
_LONG_KEY: Final = re.compile(r"""(?<![\w"-])(?:[\w"-]++[ \t]*+\.[ \t]*+){8}""")
_KEY: Final = re.compile(
    r"""^[ \t]*\[*[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([\w-]+))[ \t]*[=.\]]""", re.MULTILINE
)


class ProfileError(ValueError):
    """The text is no profile. `found` are the lines (0: it cannot be told) and their problems.

    `problems` are the same as English sentences that say what to do.
    """

    def __init__(self, *found: tuple[int, Problem]) -> None:
        self.found = found
        self.problems = tuple(_located(line, sentence(problem)) for line, problem in found)
        super().__init__("\n".join(self.problems))


def read(text: str) -> Profile:
    """The profile in a TOML text. Raises ProfileError."""
    return change(Profile(), text)[0]


def change(profile: Profile, text: str) -> tuple[Profile, tuple[str, ...]]:
    """The profile under what a TOML text says, and the fields named in it. Raises ProfileError."""
    text = text.removeprefix("\ufeff")
    said = _parse(text)
    try:
        return profile.changed(said), tuple(said)
    except ValidationError as error:
        lines, problems = _lines(text), problems_of(error)[:MOST_PROBLEMS]
        found = [(lines.get(problem.field, 0), problem) for problem in problems]
        raise ProfileError(*sorted(found, key=lambda pair: pair[0])) from None


def write(profile: Profile) -> str:
    """What the company said, as a TOML text that `read` turns into the same profile."""
    return _table(profile.model_dump(mode="json"))


def _table(values: Mapping[str, Any], path: str = "") -> str:
    """The plain fields first: below a table's header, a field would be the table's."""
    plain = [
        f"{field} = {_literal(value)}\n" for field, value in values.items() if _is_plain(value)
    ]
    sources = [f"\n[[{path}sources]]\n{_table(source)}" for source in values.get("sources", ())]
    assistants = [
        f"\n[{path}assistants.{name}]\n{_table(own, f'{path}assistants.{name}.')}"
        for name, own in values.get("assistants", {}).items()
    ]
    return "".join((*plain, *sources, *assistants))


def _is_plain(value: object) -> bool:
    of_tables = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    return not (of_tables or isinstance(value, dict))


def _parse(text: str) -> dict[str, Any]:
    if _LONG_KEY.search(_HIDDEN.sub('""', text)):
        raise ProfileError((0, Problem(NESTING)))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        told = {"why": str(error), "line": int(line[1]) if line else text.count("\n") + 1}
        raise ProfileError((0, Problem(SYNTAX, values=told))) from None
    except RecursionError:
        raise ProfileError((0, Problem(NESTING))) from None


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_literal(item)},\n" for item in value) + "]"
    if isinstance(value, str) and "\n" in value:
        escaped = value.replace("\\", "\\\\").replace('"""', '""\\"')
        # A profile's texts have no space around them, so the last line end changes nothing.
        return f'"""\n{escaped}\n"""'
    return json.dumps(value, ensure_ascii=False)  # a JSON string or number is one of TOML too


def _located(line: int, problem: str) -> str:
    return f"Line {line}: {problem}" if line else problem


def _lines(text: str) -> dict[str, int]:
    """The lines on which keys and tables are first named; what is inside a long text is none."""
    found: dict[str, int] = {}
    counted, line = 0, 1
    outside = _HIDDEN.sub(_blank, text)
    for key in _KEY.finditer(outside):
        line += outside.count("\n", counted, key.start())
        counted = key.start()
        found.setdefault(next(filter(None, key.groups()), ""), line)
    return found


def _blank(hidden: re.Match[str]) -> str:
    """Only its line ends; a text in one line stays, since a key may be quoted."""
    found = hidden[0]
    return found if "\n" not in found and found[0] != "#" else "\n" * found.count("\n")
