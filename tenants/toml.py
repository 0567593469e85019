"""A profile as TOML text: in, with errors that name the line, and out, exactly."""

import json
import re
import tomllib
from typing import Any

from pydantic import ValidationError

from tenants.explain import explain_by_field
from tenants.profile import Profile


class ProfileError(ValueError):
    """The text is no profile; `problems` are sentences that say what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(text: str) -> Profile:
    """The profile in a TOML text. Raises ProfileError."""
    text = text.removeprefix("\ufeff")
    try:
        return Profile.model_validate(_parse(text))
    except ValidationError as error:
        found = sorted((_line_of(field, text), advice) for field, advice in explain_by_field(error))
        raise ProfileError(*(_located(line, advice) for line, advice in found)) from None


def write(profile: Profile) -> str:
    """What the company said, as a TOML text that `read` turns into the same profile."""
    values = profile.model_dump(mode="json")
    return "".join(f"{field} = {_literal(value)}\n" for field, value in values.items())


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"This is not valid TOML: {error}.") from None
    except RecursionError:
        raise ProfileError("This is not a profile: it is nested too deeply.") from None


def _literal(value: object) -> str:
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
