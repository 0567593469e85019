"""Whether something was done: real sentences in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply.done import says_it_is_done
from tenants.defaults import TEXTS
from tests.core.test_promises import PROMISES

CLAIMS = [
    "I have booked a table for four on Saturday.",
    "I've just cancelled your appointment.",
    "We have reserved you a room with a view.",
    "Your table for two is booked for 8 pm.",
    "Your reservation has been confirmed!",
    "Great, your appointment is now rescheduled to Monday.",
    "Your payment has been received, thank you.",
    "The payment went through.",
    "Booked! See you on Saturday.",
    "You're all booked for Thursday.",
    "Ho prenotato un tavolo per quattro.",
    "Le ho prenotato la camera doppia.",
    "Ho già spostato il Suo appuntamento a lunedì.",
    "L’ho annullata, come richiesto.",
    "La Sua prenotazione è confermata.",
    "Il tavolo per sabato è prenotato.",
    "La prenotazione è stata annullata.",
    "Il pagamento è andato a buon fine.",
    "Prenotato! A sabato.",
    "Perfetto, la visita è fissata per martedì alle 10.",
    "Я забронировала для Вас столик на субботу.",
    "Забронировал номер с видом на море.",
    "Ваша бронь подтверждена.",
    "Столик на четверых забронирован.",
    "Отменила Вашу запись на вторник.",
    "Запись на приём перенесена на понедельник.",
    "Оплата прошла, спасибо.",
    "Вы записаны на 10:30.",
    "Готово, заказ оформлен.",
]
NONE = [
    "Shall I book a table for you?",
    "I can book you a table for Saturday.",
    "Have I booked it? Not yet.",
    "I have not booked anything yet.",
    "Once your booking is confirmed, you will get an e-mail.",
    "If your payment was received, the room is yours.",
    "We have changed the menu for the winter.",
    "We have updated our prices.",
    "The rooms are booked until Sunday.",
    "The reservation is confirmed by e-mail within a day.",
    "Your booking can be changed until the day before.",
    "Breakfast is served from 7:30.",
    "Below you are asked to confirm the booking.",
    "Posso prenotare un tavolo per quattro.",
    "Vuole che prenoti la camera?",
    "Non ho ancora prenotato il tavolo.",
    "Quando la prenotazione è confermata, riceve una mail.",
    "La prenotazione è confermata dopo il pagamento.",
    "Abbiamo cambiato gli orari di apertura.",
    "La camera è riservata ai non fumatori.",
    "Il pagamento si fa alla reception.",
    "Ho capito, un tavolo per quattro.",
    "Забронировать для Вас столик?",
    "Могу записать Вас на вторник.",
    "Я ещё не отменила Вашу запись.",
    "Если Вы забронировали номер, приезжайте с 14:00.",
    "Вы забронировали номер на двоих, верно.",
    "Бронь подтверждается письмом.",
    "После того как оплата прошла, придёт письмо.",
    "Мы изменили часы работы.",
    "Заказ принимает официант.",
]


@pytest.mark.parametrize("bubble", CLAIMS)
def test_that_something_was_done_is_a_claim(bubble: str) -> None:
    assert says_it_is_done(bubble)


@pytest.mark.parametrize("bubble", [*NONE, *PROMISES])
def test_all_else_is_none(bubble: str) -> None:
    assert not says_it_is_done(bubble)


def test_what_we_say_ourselves_is_none() -> None:
    ours = [text for texts in TEXTS.values() for text in texts.values()]
    assert ours
    assert not any(map(says_it_is_done, ours))


@given(text=st.text(), claim=st.sampled_from(CLAIMS))
def test_a_sentence_of_its_own_stays_a_claim(text: str, claim: str) -> None:
    assert says_it_is_done(f"{text}\n{claim}")


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    says_it_is_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "your " * 4_000,
        "la camera " * 4_000,
        "запись на " * 4_000,
        "I have booked " * 3_000,
        " " * 20_000,
    ],
    ids=["your", "room", "appointment", "booked", "spaces"],
)
def test_a_long_text_is_read_in_one_go(text: str) -> None:
    assert not says_it_is_done(text)
