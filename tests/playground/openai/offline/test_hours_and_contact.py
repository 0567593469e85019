import pytest

from tenants.profile import Profile
from tests.playground.openai.offline.talk import Talk


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("it", "Quando siete aperti?", "lun–ven 9:00–18:00"),
        ("it", "Che orari fate?", "lun–ven 9:00–18:00"),
        ("en", "When are you open?", "Mon–Fri 9:00–18:00"),
        ("ru", "Когда вы открыты?", "пн–пт 9:00–18:00"),
        ("it", "Qual è il vostro numero di telefono?", "+39 045 000 0142"),
        ("en", "How can I contact you?", "+39 045 000 0142"),
    ],
)
def test_hours_and_contact_are_known_without_being_told_twice(
    language: str, question: str, expected: str
) -> None:
    studio = Profile.model_validate(
        {
            "language": language,
            "company_name": "Rossi",
            "opening_hours": ["Mon-Fri 9-18"],
            "contact": "+39 045 000 0142",
        }
    )
    assert any(expected in bubble for bubble in Talk(studio).say(question))


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("it", "Voglio parlare con una persona"),
        ("it", "Avete un eliporto?"),
        ("en", "Do you have a helipad?"),
        ("en", "Are you a bot?"),
        ("ru", "У вас есть планетарий?"),
    ],
)
def test_where_nobody_would_be_told_the_contact_is_given(language: str, question: str) -> None:
    told = {
        "language": language,
        "company_name": "Rossi",
        "contact": "+39 045 000 0142",
        "escalation_phrase": "Non lo so.",
    }
    studio = Profile.model_validate(told)
    alone, manned = Talk(studio, nobody=True).say(question), Talk(studio).say(question)
    assert "+39 045 000 0142" in alone[-1]
    assert not any("+39 045 000 0142" in bubble for bubble in manned)


def test_no_person_is_offered_where_nobody_would_be_told() -> None:
    rossi = Profile(company_name="Rossi")
    alone, manned = (Talk(rossi, nobody=one).say("Sei un robot?") for one in (True, False))
    assert alone == manned[:2]
    assert "staff" in manned[2]
