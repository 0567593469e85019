"""What the offline model makes of pictures, recordings and files: it pretends nothing."""

import pytest

from bot.playground.openai import OfflineModel, Prompt
from bot.playground.openai.items import Said
from bot.playground.openai.offline.senses import CANNOT, COULD_NOT, DEAF, HAS_READ
from tests.playground.openai.offline.talk import Talk

MENU = "# Menu\nIl risotto all'Amarone costa 24 €.\nIl tiramisù costa 9 €."

READ = f"⟦text in it⟧\n{MENU}"


def answer(talk: Talk, *history: Said) -> str:
    prompt = Prompt("<company>\nname: Aurora\n</company>", (*talk.history, *history))
    return " ".join(OfflineModel().answer(prompt))


@pytest.mark.parametrize("kind", ["input_image", "input_file"])
@pytest.mark.parametrize(
    ("words", "language"),
    [("Che camera è questa?", "it"), ("Which room is this?", "en"), ("Что это за номер?", "ru")],
)
def test_what_is_shown_is_honestly_not_seen(
    hotel: Talk, kind: str, words: str, language: str
) -> None:
    told = answer(hotel, Said("user", words, (kind,)))
    assert CANNOT[kind][language] in told


@pytest.mark.parametrize(
    "words", ["Che camera è questa?", "Which room is this?", "Что это за номер?"]
)
def test_what_a_picture_shows_is_not_guessed(hotel: Talk, words: str) -> None:
    hotel.say("Buongiorno!")
    hotel.history.append(Said("user", words, ("input_image",)))
    assert len(hotel.go_on()) == 1


def test_a_question_beside_a_picture_is_answered_all_the_same(hotel: Talk) -> None:
    hotel.history.append(Said("user", "A che ora è la colazione?", ("input_image",)))
    bubbles = hotel.go_on()
    assert bubbles[0].endswith(CANNOT["input_image"]["it"])
    assert "7:00" in " ".join(bubbles[1:])


@pytest.mark.parametrize("language", ["it", "en", "ru"])
def test_what_nobody_heard_is_honestly_not_heard(hotel: Talk, language: str) -> None:
    hotel.language = language
    told = " ".join(hotel.say(f"⟦voice message: 0:04⟧\n⟦heard in it⟧\n{DEAF[language]}"))
    assert CANNOT["voice"][language] in told


def test_a_files_text_answers_a_question(hotel: Talk) -> None:
    hotel.say("Buongiorno!")
    told = hotel.say(f"⟦document: menu.pdf⟧\nQuanto costa il risotto?\n{READ}")
    assert told == ("Il risotto all'Amarone costa 24 €.",)
    assert "9 €" in " ".join(hotel.say("E il tiramisù, quanto costa?"))  # and later on


def test_a_file_without_a_question_was_read(hotel: Talk) -> None:
    told = hotel.say(f"⟦document: menu.pdf⟧\n{READ}")
    assert HAS_READ["it"].format(name="menu.pdf") in told


def test_what_the_file_does_not_say_the_company_may(hotel: Talk) -> None:
    hotel.say(f"⟦document: menu.pdf⟧\n{READ}")
    assert "14:00" in " ".join(hotel.say("A che ora è il check-in?"))


def test_what_came_and_was_not_read_is_not_passed_over(hotel: Talk) -> None:
    told = hotel.say("⟦document: gita.zip⟧\n⟦not read: it is damaged⟧")
    assert COULD_NOT[""]["it"] in told


def test_what_was_left_out_of_a_question_is_not_passed_over(hotel: Talk) -> None:
    unseen = "The pictures and pages that the client sent could not be looked at. Say so."
    hotel.history.append(Said("developer", unseen))
    assert COULD_NOT[""]["it"] in " ".join(hotel.say("⟦photo⟧"))


def test_what_was_heard_is_a_question_like_any_other(hotel: Talk) -> None:
    told = hotel.say("⟦voice message: 0:04⟧\n⟦heard in it⟧\nA che ora è la colazione?")
    assert "7:00" in " ".join(told)


@pytest.mark.parametrize("language", ["it", "en", "ru"])
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("not read: too large: at most 20 MB", "too large"),
        ("not heard: too long: at most 5 minutes", "too long"),
        ("not heard: nothing can be heard in it", "nothing can be heard"),
        ("not read: it is damaged", ""),
    ],
)
def test_what_could_not_be_read_is_told_with_what_helps(
    hotel: Talk, language: str, told: str, why: str
) -> None:
    hotel.language = language
    assert COULD_NOT[why][language] in hotel.say(f"⟦document: menu.pdf⟧\n⟦{told}⟧")
