"""Whether somebody will call or write: real sentences in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply.promises import promises_a_person
from tenants.defaults import TEXTS

PROMISES = [
    "A colleague will call you back shortly.",
    "We'll get back to you as soon as possible.",
    "I have passed this on. Someone will contact you tomorrow.",
    "Our manager is going to call you this afternoon.",
    "If you leave us your number, we will call you.",
    "You will be contacted by our staff.",
    "You'll hear from us by this evening.",
    "I’ll let you know!",
    "The reception will be in touch with you.",
    "I will have someone call you.",
    "Una collega La richiamerà al più presto.",
    "La contatteremo domani mattina.",
    "Ti scriveremo appena possibile.",
    "Non si preoccupi, La richiamiamo noi.",
    "Le faremo sapere entro stasera.",
    "Ti farò richiamare dal direttore.",
    "Verrà contattata da un consulente.",
    "Un nostro operatore si metterà in contatto con Lei.",
    "Наш менеджер свяжется с Вами в ближайшее время.",
    "Мы Вам перезвоним.",
    "Тебе скоро напишет коллега.",
    "Я передал вопрос, с Вами свяжутся сегодня.",
    "Если оставите номер, мы Вам позвоним.",
]
NONE = [
    "You can call us on 0432 110293.",
    "Would you like us to call you?",
    "We will never call you to ask for a code.",
    "Nobody will call you about this.",
    "If somebody will call you for your PIN, hang up.",
    "Please write to us, and you will get a table.",
    "We will call you a taxi.",
    "Breakfast will be served until 10:30.",
    "You will find us next to the station.",
    "We're in touch with the municipality.",
    "Può chiamarci allo 0432 110293.",
    "Vuole che La richiamiamo?",
    "La banca non La chiamerà mai per un codice.",
    "Nessuno La contatterà per telefono.",
    "Se qualcuno La chiamerà per un codice, riagganci.",
    "Le chiameremo un taxi.",
    "La chiamata è gratuita.",
    "La camera si chiama Aurora.",
    "La colazione è dalle 7:30 alle 10:30.",
    "Le chiavi si ritirano alla reception.",
    "Позвоните нам по номеру +7 495 000 0142.",
    "Мы никогда не позвоним Вам, чтобы узнать код.",
    "Если Вам позвонят из банка, положите трубку.",
    "Перезвонить Вам?",
    "Напишите нам, и мы поможем.",
    "Вам нужно позвонить на стойку.",
]


@pytest.mark.parametrize("bubble", PROMISES)
def test_a_promise_is_one(bubble: str) -> None:
    assert promises_a_person(bubble)
    assert promises_a_person(f"Mi dispiace, questo non lo so. {bubble}")


@pytest.mark.parametrize("bubble", NONE)
def test_what_promises_nobody_is_none(bubble: str) -> None:
    assert not promises_a_person(bubble)


@pytest.mark.parametrize("key", TEXTS, ids=str)
def test_what_we_suggest_to_companies_promises_nobody(key: tuple[str, str]) -> None:
    assert [text for text in TEXTS[key].values() if promises_a_person(text)] == []


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    promises_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "se " * 3_000 + ", " + "non la chiameremo " * 600,
        "x " * 5_000 + "non " + "la chiameremo " * 700,
        "will" + " " * 20_000,
        "will you " * 2_000,
        "вам " * 5_000,
    ],
    ids=["conditions", "denied", "spaces", "will", "to you"],
)
def test_a_long_text_is_read_in_one_go(text: str) -> None:
    assert not promises_a_person(text)
