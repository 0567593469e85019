import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.explain import sentence
from tenants.fields import FIELDS, Vocabulary, normal
from tenants.form import Ask, Changes, Export, Form, Refused, Show, drafted
from tenants.profile import Profile
from tenants.toml import write
from tenants.values import Kind
from tests.tenants.strategies import anything, profiles

HOTEL = Profile(company_name="Hotel", sector="Ospitalità")
ITALIAN = Vocabulary(
    fields={normal("Nome dell'azienda"): "company_name", normal("Ritmo"): "pace"},
    choices={"pace": {normal("Umano"): "human"}, "language": {"italiano": "it"}},
)
FORM = Form(HOTEL, ITALIAN)


def changes(words: str) -> dict[str, object]:
    read = FORM.command(words)
    assert isinstance(read, Changes), read
    return dict(read.values)


def problems(read: object) -> list[str]:
    assert isinstance(read, Refused), read
    return [f"{line}: {sentence(problem)}" for line, problem in read.problems]


def test_no_words_are_for_the_card() -> None:
    assert FORM.command(" \n") == Show()


@pytest.mark.parametrize("words", ["export", " EXPORT "])
def test_the_profile_can_be_taken_out(words: str) -> None:
    assert FORM.command(words) == Export()


@pytest.mark.parametrize("words", ["sector", "Sector:", "SECTOR =", "sector\n"])
def test_a_field_alone_is_asked_for(words: str) -> None:
    assert FORM.command(words) == Ask("sector")


@pytest.mark.parametrize(
    "words",
    [
        "company_name Hotel Aurora",
        "company_name: Hotel Aurora",
        "Company name Hotel Aurora",
        "company-name = Hotel Aurora",
        "Nome dell’azienda: Hotel Aurora",
        "nome dell'azienda Hotel Aurora",
        'company_name = "Hotel Aurora"',
        "\ncompany_name:\nHotel Aurora",
    ],
)
def test_one_field_in_one_line(words: str) -> None:
    assert changes(words) == {"company_name": "Hotel Aurora"}


def test_several_fields_each_on_a_line_of_its_own() -> None:
    words = "sector: Banca\nwelcome: Buongiorno!\n\nCome posso: aiutarLa?\nRitmo: umano"
    assert changes(words) == {
        "sector": "Banca",
        "welcome": "Buongiorno!\n\nCome posso: aiutarLa?",
        "pace": "human",
    }


def test_questions_are_lines_with_or_without_their_dashes() -> None:
    words = "test_questions:\n- Aprite la domenica?\n2. Quanto costa?\n\n* Dove siete?"
    assert changes(words) == {
        "test_questions": ["Aprite la domenica?", "Quanto costa?", "Dove siete?"]
    }


@pytest.mark.parametrize("word", ["-", "–", "—"])
def test_a_dash_is_the_default(word: str) -> None:
    assert changes(f"sector {word}") == {"sector": None}


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("8", 8.0), ("2,5", 2.5), ("10 s", 10.0), ("3 sec.", 3.0), ("5 секунд", 5)],
)
def test_a_time_is_typed_as_people_do(word: str, seconds: float) -> None:
    assert changes(f"waiting_seconds {word}") == {"waiting_seconds": seconds}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("colour blue", "1: “colour” is not a field of a profile: remove it, or use one of"),
        ("sectr: Banca", "1: “sectr” is not a field of a profile: did you mean “sector”?"),
        ("sector: Banca\nwelcom: Ciao", "2: “welcom” is not a field of a profile: did you mean"),
        ("assistants: vip", "1: Private assistants: set it in a TOML file."),
        ("pace slow", "0: Pace: choose one of 'human', 'brisk' or 'off'."),
        ("waiting_seconds soon", "0: Waiting time: give a number."),
        ("waiting_seconds -5", "0: Waiting time: give a number not below 0."),
        ("waiting_seconds 900", "0: Waiting time: give a number not above 600."),
        (f"sector {'a' * 101}", "0: Sector: shorten it to at most 100 characters."),
        ("sector:\nwelcome: Ciao", "0: Sector: write it, or “-” for the default."),
        ('pace = "slow"', "1: Pace: choose one of 'human', 'brisk' or 'off'."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(words: str, problem: str) -> None:
    (said,) = problems(FORM.command(words))
    assert said.startswith(problem)


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(problems(FORM.command("pace slow\nlanguage: Klingon"))) == 2


def test_an_answer_may_hold_anything() -> None:
    read = FORM.answer("knowledge", "sector: Banca\n- Siamo aperti.")
    assert isinstance(read, Changes)
    assert read.values == {"knowledge": "sector: Banca\n- Siamo aperti."}


def test_an_invisible_answer_is_none() -> None:
    assert problems(FORM.answer("sector", "\u200b")) == [
        "0: Sector: write it, or “-” for the default."
    ]


def test_a_file_sets_the_fields_that_it_names() -> None:
    read = FORM.document('company_name = "Aurora"\nsector = ""\n[assistants.vip]\npace = "off"\n')
    assert isinstance(read, Changes)
    assert read.values == {
        "company_name": "Aurora",
        "sector": None,
        "assistants": {"vip": {"pace": "off"}},
    }


def test_a_file_that_is_none_is_refused() -> None:
    assert problems(FORM.document("Buongiorno"))[0].startswith("0: This is not valid TOML")


def test_a_draft_that_no_longer_fits_is_applied_as_far_as_it_does() -> None:
    published = Profile(knowledge="a" * 300_000)
    changed = {"sector": "Banca", "sources": [{"name": "a", "text": "b" * 200_000}]}
    profile, left = drafted(published, changed)
    assert (profile.sector, profile.sources, left) == ("Banca", (), ("sources",))


@given(profiles)
def test_what_is_exported_can_be_sent_back(profile: Profile) -> None:
    read = Form(Profile()).document(write(profile))
    assert isinstance(read, Changes)
    assert read.profile == profile


@given(profiles)
def test_a_fields_value_can_be_typed_as_it_is_shown(profile: Profile) -> None:
    said = profile.model_dump(mode="json")
    for name in FIELDS.keys() & said.keys():
        in_lines = FIELDS[name].kind in (Kind.LINES, Kind.HOURS, Kind.TOOLS)
        typed = "\n".join(said[name]) if in_lines else str(said[name])
        read = Form(Profile()).answer(name, typed)
        if FIELDS[name].kind in (Kind.SECONDS, Kind.DAYS) and "e" in typed:  # nobody types 1e-05
            continue
        assert isinstance(read, Changes)
        if FIELDS[name].kind is Kind.HOURS:
            assert read.values == {name: said[name]}
        elif FIELDS[name].kind not in (Kind.LINES, Kind.TOOLS) and typed not in {"-", "–", "—"}:
            assert read.values == {name: pytest.approx(said[name], abs=1e-9)}


words = st.lists(
    anything
    | st.sampled_from([*FIELDS, "assistants", "sources", "-", ":", " ", "\n", "it", "5", "export"]),
    max_size=8,
).map("".join)


@given(profiles, words)
def test_any_words_are_read_or_refused_with_a_sentence(profile: Profile, words: str) -> None:
    read = Form(profile, ITALIAN).command(words)
    if isinstance(read, Refused):
        assert read.problems
        assert all(said.endswith((".", "?")) for said in problems(read))


@given(profiles, st.sampled_from(sorted(FIELDS)), anything | st.text())
def test_any_answer_is_taken_or_refused(profile: Profile, name: str, text: str) -> None:
    read = Form(profile).answer(name, text)
    if isinstance(read, Changes):
        assert read.values.keys() == {name}
        assert drafted(profile, read.values) == (read.profile, ())
    else:
        assert read.problems
