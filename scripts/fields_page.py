"""Write docs/reference/fields.md from the declarations of the fields and their texts."""

from pathlib import Path
from typing import Final

from bot.telegram.admin.fields import expected, label
from tenants.fields import FIELDS, Field
from tenants.profile import Language, Persona, Profile, Source
from tenants.values import Kind

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "fields.md"
NONE: Final = "-"

HEAD = """\
# Fields of a profile

What a company says about itself, in [the chat](../how-to/configure.md) or in
[a TOML file](../how-to/serve-your-company.md). Every field may be left out, and a blank value
counts as left out. Lengths are in characters, but for a *message*: that is what Telegram can send
at once, 4,096 characters of which an emoji counts as two.

This page is made from `tenants/profile.py` and the texts of `/configure` by `make docs`.

| field | on the card | what it is | limit | when it is left out | what the model reads |
|---|---|---|---|---|---|
"""

AFTER_FIELDS = """
Defaults follow `language` and `address`; the table has the English ones. Those of `welcome`,
`waiting_message`, `ai_notice` and `pause_message` follow the client's language
([texts and languages](languages.md)). The knowledge and all its sources have one limit together.
A model is [one that the server has](openai.md#a-name-that-is-typed); what is kept, and for how
long, says [privacy](../discussion/privacy.md#for-how-long).

## Sources

```toml
[[sources]]
name = "Breakfast menu"
text = \"\"\"
Breakfast is served from 7:00 to 10:30.
\"\"\"
added_at = 1795000000.0
```

| field | what it is |
|---|---|
"""

AFTER_SOURCES = """
## Private assistants

```toml
[assistants.vip]
welcome = "Welcome back!"
knowledge = "The lounge on the top floor is open all night."

[assistants.staff]
```

A private assistant has the company's profile under what stands in its own table: `vip` says
another welcome and knows something else, and has the company's sources, language and everything
else. It may have any field but {not_theirs}.
`public` is the name of the one that needs no access code, and is taken.
"""


def render() -> str:
    """The whole page."""
    typed = map(_typed, FIELDS.values())
    others = (
        _row(*_named(name), str(info.description), NONE, NONE, NONE)
        for name, info in Profile.model_fields.items()
        if name not in FIELDS
    )
    sources = (
        _row(f"`{name}`", str(info.description)) for name, info in Source.model_fields.items()
    )
    not_theirs = (f"`{name}`" for name in Profile.model_fields if name not in Persona.model_fields)
    end = AFTER_SOURCES.format(not_theirs=", ".join(not_theirs))
    return "".join((HEAD, *typed, *others, AFTER_FIELDS, *sources, end))


def _typed(field: Field) -> str:
    what = expected(field.name, "en").replace("\n", "<br>")
    read = f"`{field.read_as}`" if field.section else NONE
    return _row(*_named(field.name), what, _limit(field), _default(field), read)


def _named(name: str) -> tuple[str, str]:
    return f"`{name}`", label(name, "en")


def _limit(field: Field) -> str:
    limit = ""
    match field.kind:
        case Kind.LINE:
            limit = f"{field.limit:,}, one line"
        case Kind.TEXT:
            limit = f"{field.limit:,}"
        case Kind.MESSAGE:
            limit = "a message"
        case Kind.TOOLS:
            limit = f"{field.limit:,} names"
        case Kind.LINES | Kind.HOURS:
            limit = f"{field.limit:,} lines"
        case Kind.ZONE:
            limit = "a city, or a name such as `Europe/Rome`"
        case Kind.SECONDS | Kind.DAYS:
            limit = f"0 to {field.limit:,}"
        case Kind.CHOICE:
            limit = ", ".join(f"`{choice}`" for choice in field.choices)
    return limit


def _default(field: Field) -> str:
    if field.host:
        return f"the host's `{field.host}`"
    english = Profile() if field.choices else Profile(language=Language.EN)
    value = getattr(english, field.name)
    match value:
        case "" | ():
            return NONE
        case tuple():
            return f"“{'; '.join(value)}”"
        case float():
            return f"{value:g}"
        case _:
            return f"`{value}`" if field.choices else f"“{value}”"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
