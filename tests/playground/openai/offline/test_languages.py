"""Guests whose language is not the company's."""

import pytest

from tenants import presets
from tenants.prompt import escalations
from tests.playground.openai.offline.talk import Talk


def test_the_demos_escalation_phrase_is_said_in_the_guests_language(hotel: Talk) -> None:
    assert hotel.say("I want to talk to a human") == (
        presets.load("hotel-aurora-en").escalation_phrase,
    )


def test_any_other_companys_phrase_is_explained() -> None:
    bank = Talk(presets.load("banca-aessefin"))

    phrase, meaning = bank.say("I want to talk to a human")

    assert phrase == bank.profile.escalation_phrase
    assert meaning == "For this it is best to ask our staff."


def test_our_own_phrase_is_said_in_the_guests_language() -> None:
    talk = Talk(presets.load("banca-aessefin").changed({"escalation_phrase": None}))
    phrases = escalations(talk.profile)
    assert talk.say("I want to talk to a human") == (phrases["en"],)
    assert talk.say("Позовите человека")[0] == phrases["ru"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Do you do alterations?", "in Italian"), ("Есть ли у вас подшить брюки?", "по-итальянски")],
)
def test_another_company_is_quoted_in_its_own_language(text: str, expected: str) -> None:
    boutique = Talk(presets.load("boutique-milano"))
    boutique.say("Hello")

    preface, quoted = boutique.say(text)[:2]

    assert expected in preface
    assert "sartoria" in quoted or "orlo" in quoted


def test_what_an_admin_wrote_anew_is_quoted_as_it_stands(hotel: Talk) -> None:
    knowledge = hotel.profile.knowledge.replace("costa 18 € al giorno", "costa ora 21 € al giorno")
    mended = Talk(hotel.profile.changed({"knowledge": knowledge}), "en")

    said = " ".join(mended.say("How much is the parking?"))

    assert "in Italian: Il parcheggio coperto dell'hotel costa ora 21 €" in said
    assert "20 kilos" in mended.say("Can I bring my dog?")[0]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "Guten Tag, haben Sie einen Parkplatz?", "Englisch, Italienisch und Russisch"),
        ("de", "Parkplatz?", "Englisch, Italienisch und Russisch"),
        ("fr", "Bonjour, avez-vous un parking ?", "anglais, en italien et en russe"),
        ("es", "Hola, ¿tienen piscina?", "inglés, italiano y ruso"),
    ],
)
def test_who_writes_another_language_is_told_once_which_are_spoken(
    hotel: Talk, language: str, text: str, words: str
) -> None:
    hotel.language = language

    (told,) = hotel.say(text)
    again = hotel.say(text)

    assert words in told
    assert told not in again
    assert "€18" in " ".join(hotel.say("How much is parking?"))


@pytest.mark.parametrize("desk", ["hotel-aurora", "hotel-aurora-ru"])
@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "Kann ich mit einem Menschen sprechen?", "Englisch"),
        ("fr", "Puis-je parler à une personne ?", "anglais"),
        ("es", "¿Puedo hablar con una persona?", "inglés"),
    ],
)
def test_who_asks_for_a_person_in_another_language_is_sent_to_one_at_once(
    desk: str, language: str, text: str, words: str
) -> None:
    talk = Talk(presets.load(desk), language)
    phrase = presets.load("hotel-aurora-en").escalation_phrase

    told, sent_on = talk.say(text)

    assert words in told
    assert sent_on == phrase
    assert talk.say(text) == (phrase,)
