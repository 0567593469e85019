import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.profile import Profile
from tenants.toml import ProfileError, change, read, write
from tests.tenants.strategies import profiles


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ProfileError) as refused:
        read(text)
    return refused.value.problems


@given(profiles)
def test_what_is_written_reads_back_as_the_same_profile(profile: Profile) -> None:
    again = read(write(profile))
    assert again == profile
    assert again.model_fields_set == profile.model_fields_set


def test_several_lines_are_written_as_they_are_read() -> None:
    profile = Profile(sector='"Moda"', knowledge='# Orari\nSiamo "sempre" aperti.')
    assert write(profile) == (
        'sector = "\\"Moda\\""\nknowledge = """\n# Orari\nSiamo "sempre" aperti.\n"""\n'
    )


def test_tables_come_after_the_fields() -> None:
    profile = Profile.model_validate(
        {
            "sources": [{"name": "Menù", "text": "Pane.\nVino.", "added_at": 1795000000.0}],
            "test_questions": ["Aprite?"],
            "assistants": {"vip": {"pace": "off", "sources": [{"name": "a", "text": "b"}]}},
        }
    )
    assert write(profile) == (
        'test_questions = [\n  "Aprite?",\n]\n'
        '\n[[sources]]\nname = "Menù"\ntext = """\nPane.\nVino.\n"""\nadded_at = 1795000000.0\n'
        '\n[assistants.vip]\npace = "off"\n'
        '\n[[assistants.vip.sources]]\nname = "a"\ntext = "b"\n'
    )


def test_a_text_changes_the_fields_that_it_names() -> None:
    before = Profile(company_name="Hotel", sector="Ospitalità")
    after, named = change(before, 'company_name = "Hotel Aurora"\nsector = ""\n')
    assert after.model_dump() == {"company_name": "Hotel Aurora"}
    assert named == ("company_name", "sector")


def test_an_editors_byte_order_mark_does_no_harm() -> None:
    assert read('\ufefflanguage = "ru"\r\n').language == "ru"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('sector = "a\n', "Illegal character '\\n' (at line 1, column 12)."),
        (
            'pace = "off"\npace = "off"\nmodel = 1',
            "Cannot overwrite a value (at line 2, column 13).",
        ),
    ],
)
def test_bad_toml_is_located(text: str, problem: str) -> None:
    assert problems(text) == (f"This is not valid TOML: {problem}",)


def test_problems_come_with_their_lines_in_the_order_of_the_text() -> None:
    text = 'pace = "fast"\n\n  "welcom" = "Ciao"\nsector = 3\n[language]\n'
    assert problems(text) == (
        "Line 1: Pace: choose one of 'human', 'brisk' or 'off'.",
        "Line 3: “welcom” is not a field of a profile: did you mean “welcome”?",
        "Line 4: Sector: write it as text, in quotes.",
        "Line 5: Language: choose one of 'it', 'en' or 'ru'.",
    )


def test_a_line_inside_a_text_is_not_taken_for_the_setting() -> None:
    text = 'knowledge = """\nsector = 3\n"""\nsector = 3\n'
    assert problems(text) == ("Line 4: Sector: write it as text, in quotes.",)


def test_a_setting_that_cannot_be_located_is_still_explained() -> None:
    text = '"sec\\u0074or" = 3\n'
    assert problems(text) == ("Sector: write it as text, in quotes.",)


def test_a_text_nested_without_end_is_refused() -> None:
    assert problems("sector = " + "[" * 100_000) == (
        "This is not a profile: it is nested too deeply.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1",
        'a . "a"' * 100_000 + " = 1",
        "[" + "a." * 100_000 + "a]",
        "x = {" + "a." * 100_000 + "a = 1}",
    ],
)
def test_a_key_without_end_is_refused_at_once(text: str) -> None:
    assert len(problems(text)) == 1


@pytest.mark.parametrize("text", ["1.2.3.4.5.6.7.8.9.10", "# a.b.c.d.e.f.g.h.i.j", '\n"" a.b\\'])
def test_dots_in_a_text_are_no_key(text: str) -> None:
    profile = Profile(knowledge=f"Versione\n{text}", sector=text[:100])
    assert read(write(profile)) == profile


def test_of_many_problems_the_first_are_told() -> None:
    assert len(problems("\n".join(f"a{at} = 1" for at in range(1_000)))) == 100


def test_long_texts_and_comments_hide_no_line() -> None:
    text = (
        "# sector = 3\n"
        'welcome = """\nsector = 3\n\\"""\nsector = 3"""""\n'
        "goal = '''\nsector = 3\n'''\n"
        'model = "# \\"" # "\n'
        "sector = 3\n"
    )
    assert problems(text)[1].startswith("Line 10: Sector:")


@given(st.text(max_size=200))
def test_any_text_is_a_profile_or_a_readable_refusal(text: str) -> None:
    found: tuple[str, ...] = ()
    try:
        read(text)
    except ProfileError as refused:
        found = refused.problems
    assert all(problem.endswith((".", "?")) for problem in found)
