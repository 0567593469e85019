"""A profile as TOML text: in, with errors that name the line, and out, exactly."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tenants.explain import NESTING, SYNTAX, Problem, problems_of, sentence
from tenants.profile import Profile


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
        found = [(_line_of(problem.field, text), problem) for problem in problems_of(error)]
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


def _line_of(field: str, text: str) -> int:
    """The line that sets `field`: what stands before it is whole, else it is inside a text.

    0 when it cannot be told.
    """
    setting = rf"""^[ \t]*\[*[ \t]*["']?{re.escape(field)}["']?[ \t]*[=.\]]"""
    for found in re.finditer(setting, text, re.MULTILINE):
        if _is_whole(text[: found.start()]):
            return text.count("\n", 0, found.start()) + 1
    return 0


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
