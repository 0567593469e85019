"""What a profile says where the company said nothing, by language and form of address."""

from collections.abc import Mapping
from typing import Any

TEXTS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("it", "formal"): {
        "assistant_name": "Assistente",
        "assistant_goal": "Rispondere ai clienti in modo chiaro, cordiale e corretto.",
        "escalation_phrase": (
            "Per questa richiesta è meglio sentire una persona del nostro staff,"
            " che saprà risponderLe con certezza."
        ),
        "welcome": "Buongiorno e grazie per averci scritto. Come posso aiutarLa?",
        "waiting_message": "Solo un momento, sto verificando.",
        "ai_notice": (
            "In questa chat Le risponde un assistente di intelligenza artificiale, non una"
            " persona. Può commettere errori: per le decisioni importanti chieda conferma"
            " al nostro staff."
        ),
        "pause_message": (
            "Al momento il servizio è in pausa. La preghiamo di scriverci più tardi:"
            " Le risponderemo volentieri."
        ),
    },
    ("it", "informal"): {
        "assistant_name": "Assistente",
        "assistant_goal": "Rispondere ai clienti in modo chiaro, cordiale e corretto.",
        "escalation_phrase": (
            "Per questa richiesta è meglio sentire una persona del nostro staff,"
            " che saprà risponderti con certezza."
        ),
        "welcome": "Ciao e grazie per averci scritto! Come posso aiutarti?",
        "waiting_message": "Solo un momento, sto controllando.",
        "ai_notice": (
            "In questa chat ti risponde un assistente di intelligenza artificiale, non una"
            " persona. Può commettere errori: per le decisioni importanti chiedi conferma"
            " al nostro staff."
        ),
        "pause_message": (
            "Al momento il servizio è in pausa. Scrivici più tardi: ti risponderemo volentieri."
        ),
    },
    ("en", "formal"): {
        "assistant_name": "Assistant",
        "assistant_goal": "Answer clients clearly, warmly and correctly.",
        "escalation_phrase": (
            "For this request it is best to ask a member of our staff,"
            " who will be able to give you a reliable answer."
        ),
        "welcome": "Hello, and thank you for writing to us. How may I help you?",
        "waiting_message": "One moment, please, while I check.",
        "ai_notice": (
            "In this chat you are answered by an artificial intelligence (AI) assistant, not by"
            " a person. It can make mistakes, so please confirm important matters with our staff."
        ),
        "pause_message": (
            "This service is paused at the moment. Please write to us later:"
            " we will be glad to answer you."
        ),
    },
    ("en", "informal"): {
        "assistant_name": "Assistant",
        "assistant_goal": "Answer clients clearly, warmly and correctly.",
        "escalation_phrase": (
            "It's best to ask one of our staff about this: they can give you a reliable answer."
        ),
        "welcome": "Hi, and thanks for writing to us! How can I help?",
        "waiting_message": "One moment, let me check.",
        "ai_notice": (
            "In this chat you're answered by an artificial intelligence (AI) assistant, not by"
            " a person. It can make mistakes, so please check anything important with our staff."
        ),
        "pause_message": (
            "We're taking a short break. Write to us later and we'll be glad to answer."
        ),
    },
    ("ru", "formal"): {
        "assistant_name": "Ассистент",
        "assistant_goal": "Отвечать клиентам понятно, приветливо и точно.",
        "escalation_phrase": (
            "С этим вопросом лучше обратиться к нашему сотруднику: он даст Вам точный ответ."
        ),
        "welcome": "Здравствуйте! Спасибо, что написали нам. Чем могу Вам помочь?",
        "waiting_message": "Одну минуту, сейчас уточню.",
        "ai_notice": (
            "В этом чате Вам отвечает ассистент на основе искусственного интеллекта, а не"
            " человек. Он может ошибаться, поэтому важные сведения, пожалуйста, уточняйте"
            " у наших сотрудников."
        ),
        "pause_message": (
            "Сейчас мы не отвечаем в этом чате. Пожалуйста, напишите нам позже:"
            " мы с радостью Вам ответим."
        ),
    },
    ("ru", "informal"): {
        "assistant_name": "Ассистент",
        "assistant_goal": "Отвечать клиентам понятно, приветливо и точно.",
        "escalation_phrase": (
            "С этим вопросом лучше обратиться к нашему сотруднику: он даст тебе точный ответ."
        ),
        "welcome": "Привет! Здорово, что ты нам пишешь. Чем помочь?",
        "waiting_message": "Секунду, сейчас уточню.",
        "ai_notice": (
            "В этом чате тебе отвечает ассистент на основе искусственного интеллекта, а не"
            " человек. Он может ошибаться, поэтому всё важное, пожалуйста, уточняй"
            " у наших сотрудников."
        ),
        "pause_message": (
            "Сейчас мы не отвечаем в этом чате. Напиши нам позже, и мы с радостью ответим."
        ),
    },
}

REACH: Mapping[str, str] = {  # after the default escalation phrase, by language
    "it": "Ecco come contattarci: {contact}",
    "en": "Here is how to reach us: {contact}",
    "ru": "С нами можно связаться так: {contact}",
}

REQUEST_FIELDS: Mapping[str, tuple[str, ...]] = {
    "it": ("Nome", "Numero di telefono", "Che cosa desidera", "Quando"),
    "en": ("Name", "Phone number", "What you would like", "When"),
    "ru": ("Имя", "Номер телефона", "Что нужно", "Когда"),
}


def asked_for(said: dict[str, Any]) -> tuple[str, ...]:
    """What a company wants to know for a request."""
    return REQUEST_FIELDS[said["language"]]


def escalation(said: dict[str, Any]) -> str:
    """The phrase, with how to reach a person if that is known."""
    return escalation_in(said["language"], said)


def escalation_in(language: str, said: Mapping[str, Any]) -> str:
    """The same for clients of a language."""
    phrase, contact = TEXTS[language, said["address"]]["escalation_phrase"], said["contact"]
    return f"{phrase} {REACH[language].format(contact=contact)}" if contact else phrase
