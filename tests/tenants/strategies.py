"""Profiles as any company may fill them in."""

from hypothesis import strategies as st

from tenants.profile import FormOfAddress, Language, Pace, Profile

anything = st.lists(
    st.text(max_size=20)
    | st.sampled_from(('"""', "\\", "\n", "\r\n", "\t", "<", ">", "=", "#", "\x00")),
    max_size=8,
).map("".join)

profiles: st.SearchStrategy[Profile] = st.fixed_dictionaries(
    {},
    optional={
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
    },
).map(Profile.model_validate)
