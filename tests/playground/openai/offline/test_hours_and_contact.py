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
