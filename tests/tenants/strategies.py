"""Profiles as any company may fill them in."""

from typing import Any

from hypothesis import strategies as st

from tenants.profile import PUBLIC, FormOfAddress, Language, Pace, Profile, Source

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

persona: dict[str, st.SearchStrategy[Any]] = {
    "language": st.sampled_from(Language),
    "address": st.sampled_from(FormOfAddress),
    "company_name": anything,
    "sector": anything,
    "assistant_name": anything,
    "assistant_goal": anything,
    "escalation_phrase": anything,
    "welcome": anything,
    "waiting_message": anything,
    "ai_notice": anything,
    "waiting_seconds": st.floats(min_value=0, max_value=600),
    "pace": st.sampled_from(Pace),
    "model": anything,
    "knowledge": anything,
    "sources": sources,
}
shared: dict[str, st.SearchStrategy[Any]] = {
    "pause_message": anything,
    "retention_days": st.floats(min_value=0, max_value=36_500),
    "test_questions": st.lists(anything, max_size=3),
    "assistants": st.dictionaries(slugs, st.fixed_dictionaries({}, optional=persona), max_size=2),
}

profiles: st.SearchStrategy[Profile] = st.fixed_dictionaries(
    {}, optional={**persona, **shared}
).map(Profile.model_validate)
