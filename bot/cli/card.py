"""A tenant's profile in a few lines, and what two of them differ in."""

from collections import Counter
from collections.abc import Sequence

from pydantic import ValidationError

from bot.cli.console import Wrong, align, shorten
from db.tenants import TenantRow
from tenants.profile import Profile

LONGEST = 60  # characters of a value that are shown


def profile_of(tenant: TenantRow) -> Profile:
    """What it says of itself in its current version. Raises Wrong."""
    try:
        return Profile.model_validate_json(tenant.body)
    except ValidationError:
        raise Wrong(
            f"what {tenant.name} says of itself does not fit this version of Sportello;"
            " `sportello tenants apply` or `rollback` replaces it"
        ) from None


def listed(bots: Sequence[int]) -> str:
    """The bots in a row, by number."""
    return ", ".join(map(str, bots))


def describe(profile: Profile) -> str:
    """A line for each field: what the company said, or in brackets what counts instead."""
    return align([("", field, _shown(profile, field)) for field in Profile.model_fields])


def compare(before: Profile, after: Profile) -> Sequence[str]:
    """A line for each field in which they differ."""
    return [
        f"  {field}: {_difference(before, after, field)}"
        for field in Profile.model_fields
        if _said(before, field) != _said(after, field)
    ]


def _difference(before: Profile, after: Profile, field: str) -> str:
    old, new = (_text(getattr(profile, field)) for profile in (before, after))
    if not (_is_long(old) and _is_long(new)):
        return f"{_shown(before, field)} -> {_shown(after, field)}"
    lines, now = Counter(old.splitlines()), Counter(new.splitlines())
    gone, come = (lines - now).total(), (now - lines).total()
    return f"{len(old):,} -> {len(new):,} characters, lines: {gone} out, {come} in"


def _said(profile: Profile, field: str) -> object:
    return getattr(profile, field) if field in profile.model_fields_set else None


def _shown(profile: Profile, field: str) -> str:
    value = getattr(profile, field)
    if field in profile.model_fields_set:
        return _brief(value)
    return f"({_brief(value)})" if value else "(not set)"


def _brief(value: object) -> str:
    text = _text(value)
    size = f"{len(text):,} characters: " if _is_long(text) else ""
    return size + shorten(text, LONGEST)


def _text(value: object) -> str:
    """Of several things their names."""
    match value:
        case float():
            return f"{value:g}"
        case tuple() | dict():
            return ", ".join(str(getattr(one, "name", one)) for one in value)
        case _:
            return str(value)


def _is_long(text: str) -> bool:
    return "\n" in text or len(text) > LONGEST
