"""Validation errors as sentences that say what to do."""

from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tenants.profile import Profile

_ADVICE = {  # by pydantic's type of error, with its context
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
}


def explain(error: ValidationError) -> tuple[str, ...]:
    """One sentence for each thing to mend, in the profile's order; never the value itself."""
    return tuple(sentence for _, sentence in explain_by_field(error))


def explain_by_field(error: ValidationError) -> tuple[tuple[str, str], ...]:
    """The same, each beside the field's name as it was given ("" when it is no single field)."""
    return tuple(
        (str(details["loc"][0]) if details["loc"] else "", _sentence(details))
        for details in error.errors(include_url=False)
        if details["type"] != "default_factory_not_called"  # follows from the other errors
    )


def _sentence(details: ErrorDetails) -> str:
    if not details["loc"]:
        return "A profile is a table of fields and their values."
    field = str(details["loc"][0])
    if details["type"] == "extra_forbidden":
        return f"“{field[:40]}” is not a field of a profile: {_way_out(field)}"
    return f"{Profile.model_fields[field].title}: {_advice(details)}."


def _way_out(field: str) -> str:
    match get_close_matches(field.lower(), Profile.model_fields, n=1):
        case [close]:
            return f"did you mean “{close}”?"
        case _:
            return f"remove it, or use one of {', '.join(Profile.model_fields)}."


def _advice(details: ErrorDetails) -> str:
    template = _ADVICE.get(details["type"])
    if template is None:
        return details["msg"][:1].lower() + details["msg"][1:]
    return template.format(**details.get("ctx", {}))
