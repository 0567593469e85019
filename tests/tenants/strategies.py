"""Profiles as any company may fill them in."""

from typing import Any

from hypothesis import strategies as st

from db.records import PUBLIC
from tenants.fields import FIELDS, Field
from tenants.profile import Persona, Profile, Source
from tenants.values import Kind
from tenants.zones import ZONES

anything = st.lists(
    st.text(max_size=20)
    | st.sampled_from(('"""', "\\", "\n", "\r\n", "\t", "<", ">", "=", "#", "\x00")),
    max_size=8,
).map("".join)

seen = anything.map(lambda text: f"{text}.")
slugs = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True).filter(
    lambda name: name != PUBLIC
)

sources = st.lists(
    st.fixed_dictionaries(
        {"name": seen, "text": seen}, optional={"added_at": st.floats(min_value=0, max_value=1e11)}
    ),
    max_size=3,
    unique_by=lambda source: " ".join(Source.model_validate(source).name.split()).casefold(),
)

LISTED: dict[Kind, tuple[list[str], ...]] = {
    Kind.HOURS: (["Mon-Fri 9-18", "24 Dec closed"], ["lun chiuso"], []),
    Kind.TOOLS: (["book_table", "free_tables", "book_table"], ["opening_hours"], []),
}


def values(field: Field) -> st.SearchStrategy[Any]:
    match field.kind:
        case Kind.CHOICE:
            return st.sampled_from(field.choices)
        case Kind.SECONDS | Kind.DAYS:
            return st.floats(min_value=0, max_value=field.limit)
        case Kind.ZONE:
            return st.sampled_from(sorted(ZONES))
        case Kind.HOURS | Kind.TOOLS:
            return st.sampled_from(LISTED[field.kind])
        case Kind.LINES:
            return st.lists(anything.map(lambda text: text[:60]), max_size=3)
        case Kind.LINE | Kind.TEXT | Kind.MESSAGE:
            return anything


typed = {name: values(field) for name, field in FIELDS.items()}
persona = {name: one for name, one in typed.items() if name in Persona.model_fields} | {
    "sources": sources
}
assistants = st.dictionaries(slugs, st.fixed_dictionaries({}, optional=persona), max_size=2)
profiles: st.SearchStrategy[Profile] = st.fixed_dictionaries(
    {}, optional={**typed, "sources": sources, "assistants": assistants}
).map(Profile.model_validate)
