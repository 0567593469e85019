import re
from importlib.resources import files
from itertools import chain

import pytest

from tenants import presets
from tenants.profile import Profile

every_preset = pytest.mark.parametrize("name", presets.names())
HOTELS = [name for name in presets.names() if name.startswith("hotel-aurora")]


def sections(profile: Profile) -> list[list[str]]:
    """The sentences of the knowledge, by heading."""
    parts = re.split(r"^# .+\n", profile.knowledge, flags=re.MULTILINE)
    return [part.split("\n") for part in (part.strip() for part in parts) if part]


def figures(sentence: str) -> set[str]:
    return set(re.findall(r"\d+(?:[:.,]\d+)*", sentence.replace(",", ".")))


def test_every_file_is_a_preset_and_every_preset_a_file() -> None:
    found = {file.name for file in files(presets).iterdir() if file.name.endswith(".toml")}
    assert found == {f"{name}.toml" for name in presets.names()}


def test_hotel_aurora_is_the_one_to_start_with() -> None:
    assert presets.names()[0] == "hotel-aurora"


@every_preset
def test_a_preset_says_all_that_a_client_sees(name: str) -> None:
    said = presets.load(name).model_fields_set
    assert {"company_name", "sector", "assistant_name", "assistant_goal"} <= said
    assert {"escalation_phrase", "knowledge"} <= said
    assert name == presets.names()[0] or {"welcome", "waiting_message"} <= said


@pytest.mark.parametrize(("language", "word"), [("it", "Buon"), ("en-GB", "Hello"), ("ru", "Здр")])
def test_the_first_one_greets_each_guest_in_his_language(language: str, word: str) -> None:
    profile = presets.load(presets.names()[0])
    assert profile.text_for("welcome", language).startswith(word)


@every_preset
def test_there_is_enough_to_talk_about_for_ten_minutes(name: str) -> None:
    assert sum(len(part) for part in sections(presets.load(name))) >= 75


@every_preset
def test_the_knowledge_is_made_of_sentences_that_stand_alone(name: str) -> None:
    for part in sections(presets.load(name)):
        for sentence in part:
            assert re.fullmatch(r"[A-ZÀ-ÝА-ЯЁ].{15,200}\.", sentence), sentence
            assert not re.search(r"[.!?] [A-ZÀ-ÝА-ЯЁ]", sentence), sentence


@every_preset
def test_nothing_in_it_can_be_dialled_or_written_to(name: str) -> None:
    # No Italian number has zeros after its area code; RFC 2606 reserves .example.
    text = str(presets.load(name).model_dump())
    phones = set(re.findall(r"\+[\d ]+", text))
    assert phones
    assert all(re.match(r"\+39 0(45 000|2 0000) ", phone) for phone in phones)
    assert set(re.findall(r"@\S*?\.(\w+)", text)) == {"example"}


@every_preset
def test_a_visitor_finds_three_questions(name: str) -> None:
    assert len(set(presets.questions(name))) == 3
    assert all(question.endswith("?") for question in presets.questions(name))


@pytest.mark.parametrize("name", HOTELS)
def test_check_in_is_from_14_and_check_out_by_11(name: str) -> None:
    arrival, departure = sections(presets.load(name))[1][:2]
    assert (figures(arrival), figures(departure)) == ({"14:00"}, {"11:00"})


@pytest.mark.parametrize("name", HOTELS[1:])
def test_the_hotel_says_the_same_in_every_language(name: str) -> None:
    italian, translated = sections(presets.load(HOTELS[0])), sections(presets.load(name))
    assert [len(part) for part in italian] == [len(part) for part in translated]
    for ours, theirs in zip(chain(*italian), chain(*translated), strict=True):
        assert figures(ours) == figures(theirs), (ours, theirs)


def test_an_unknown_preset_is_an_error() -> None:
    with pytest.raises(KeyError):
        presets.load("../profile")
