"""The offline model's own sentences: everything that it says beside the knowledge."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language in one form of address. Where there are several, they take turns."""

    hello: str
    present: str  # {assistant}, {company}
    ask_how: tuple[str, ...]  # after a greeting
    anything_else: tuple[str, ...]
    offer: str  # {topic}
    go_ahead: str  # to a "yes" that answers no question
    fine: str  # to "how are you"
    welcome: tuple[str, ...]  # to thanks
    goodbye: str
    closing: str  # to "no, thanks"
    identity: str  # {who}, {company}
    identity_more: str
    abilities: str  # {topics}
    refuse_meta: str
    refuse_topic: str
    unclear: tuple[str, ...]
    unclear_topics: str  # {topics}
    escalate: str  # the meaning of the escalation phrase, for clients of another language
    quote: Mapping[str, str]  # by the knowledge's language


_IT_QUOTE = {
    "en": "Le nostre informazioni sono in inglese:",
    "ru": "Le nostre informazioni sono in russo:",
}
_EN_QUOTE = {
    "it": "Here is what we have on this, in Italian:",
    "ru": "Here is what we have on this, in Russian:",
}
_RU_QUOTE = {
    "it": "Вот что у нас об этом сказано, по-итальянски:",
    "en": "Вот что у нас об этом сказано, по-английски:",
}

PHRASES: Mapping[tuple[str, bool], Phrases] = {
    ("it", True): Phrases(
        hello="Buongiorno",
        present="{hello}, sono {assistant} di {company}.",
        ask_how=("Come posso aiutarLa?", "Mi dica pure: cosa desidera sapere?"),
        anything_else=("Posso esserLe utile con altro?", "C'è altro che desidera sapere?"),
        offer="Desidera sapere qualcosa anche {topic}?",
        go_ahead="Mi dica pure: cosa desidera sapere?",
        fine="Tutto bene, grazie! Come posso esserLe utile?",
        welcome=("Prego, è un piacere!", "Si figuri, siamo qui per questo."),
        goodbye="Arrivederci, e a presto!",
        closing="Va bene. Se Le serve altro, siamo qui.",
        identity=(
            "Sono {who}un assistente di intelligenza artificiale di {company}, non una persona."
        ),
        identity_more="Se preferisce parlare con il nostro staff, me lo dica pure.",
        abilities="Posso rispondere alle Sue domande, per esempio su: {topics}.",
        refuse_meta="Su come funziono non posso dire altro, ma rispondo volentieri su {company}.",
        refuse_topic="Su questo non posso aiutarLa: mi occupo solo di {company}.",
        unclear=(
            "Non mi è del tutto chiaro: può dirmi qualcosa di più?",
            "Può spiegarmi con altre parole cosa desidera sapere?",
        ),
        unclear_topics="Posso dirLe di più, per esempio, su: {topics}.",
        escalate="Su questo punto è meglio sentire il nostro staff.",
        quote=_IT_QUOTE,
    ),
    ("it", False): Phrases(
        hello="Ciao",
        present="{hello}, sono {assistant} di {company}.",
        ask_how=("Come posso aiutarti?", "Dimmi pure: cosa vuoi sapere?"),
        anything_else=("Posso aiutarti con altro?", "C'è altro che vuoi sapere?"),
        offer="Vuoi sapere qualcosa anche {topic}?",
        go_ahead="Dimmi pure: cosa vuoi sapere?",
        fine="Tutto bene, grazie! Come posso aiutarti?",
        welcome=("Prego, è un piacere!", "Figurati, siamo qui per questo."),
        goodbye="Ciao, e a presto!",
        closing="Va bene. Se ti serve altro, siamo qui.",
        identity=(
            "Sono {who}un assistente di intelligenza artificiale di {company}, non una persona."
        ),
        identity_more="Se preferisci parlare con il nostro staff, dimmelo pure.",
        abilities="Posso rispondere alle tue domande, per esempio su: {topics}.",
        refuse_meta="Su come funziono non posso dire altro, ma rispondo volentieri su {company}.",
        refuse_topic="Su questo non posso aiutarti: mi occupo solo di {company}.",
        unclear=(
            "Non mi è del tutto chiaro: puoi dirmi qualcosa di più?",
            "Puoi spiegarmi con altre parole cosa vuoi sapere?",
        ),
        unclear_topics="Posso dirti di più, per esempio, su: {topics}.",
        escalate="Su questo punto è meglio sentire il nostro staff.",
        quote=_IT_QUOTE,
    ),
    ("en", True): Phrases(
        hello="Hello",
        present="{hello}, this is {assistant} at {company}.",
        ask_how=("How may I help you?", "What would you like to know?"),
        anything_else=("May I help you with anything else?", "Is there anything else I can do?"),
        offer="Would you like to know {topic} as well?",
        go_ahead="Certainly: what would you like to know?",
        fine="Very well, thank you! How may I help you?",
        welcome=("You're very welcome!", "My pleasure, that is what we are here for."),
        goodbye="Goodbye, and see you soon!",
        closing="All right. We are here if you need anything else.",
        identity="I am {who}an AI assistant at {company}, not a person.",
        identity_more="If you would rather talk to our staff, just tell me.",
        abilities="I can answer your questions, for example about: {topics}.",
        refuse_meta="I can't say more about how I work, but I'll gladly help with {company}.",
        refuse_topic="I'm afraid I can't help with that: I only deal with {company}.",
        unclear=(
            "I'm not sure I understood: could you tell me a little more?",
            "Could you put in other words what you would like to know?",
        ),
        unclear_topics="I can tell you more about, for example: {topics}.",
        escalate="For this it is best to ask our staff.",
        quote=_EN_QUOTE,
    ),
    ("ru", True): Phrases(
        hello="Здравствуйте",
        present="{hello}! Это {assistant}, {company}.",
        ask_how=("Чем могу Вам помочь?", "Что Вы хотели бы узнать?"),
        anything_else=("Могу ли я ещё чем-нибудь помочь?", "Хотите узнать что-нибудь ещё?"),
        offer="Рассказать Вам ещё и {topic}?",
        go_ahead="Слушаю Вас: что Вы хотели бы узнать?",
        fine="Всё хорошо, спасибо! Чем могу Вам помочь?",
        welcome=("Пожалуйста, рады помочь!", "Не за что, для этого мы здесь."),
        goodbye="До свидания и до встречи!",
        closing="Хорошо. Если что-то понадобится, мы на связи.",
        identity="Я {who}ассистент на основе искусственного интеллекта ({company}), а не человек.",
        identity_more="Если хотите поговорить с нашим сотрудником, просто скажите.",
        abilities="Могу ответить на Ваши вопросы, например о таких темах: {topics}.",
        refuse_meta="О том, как я работаю, рассказать не могу, но с радостью помогу ({company}).",
        refuse_topic="С этим помочь не могу: я отвечаю только на вопросы о нас ({company}).",
        unclear=(
            "Кажется, не всё понятно: не могли бы Вы рассказать чуть подробнее?",
            "Скажите, пожалуйста, другими словами, что Вы хотели бы узнать?",
        ),
        unclear_topics="Могу рассказать, например, о таких темах: {topics}.",
        escalate="С этим вопросом лучше обратиться к нашему сотруднику.",
        quote=_RU_QUOTE,
    ),
    ("ru", False): Phrases(
        hello="Привет",
        present="{hello}! Это {assistant}, {company}.",
        ask_how=("Чем могу помочь?", "Что хочешь узнать?"),
        anything_else=("Могу ещё чем-нибудь помочь?", "Хочешь узнать что-нибудь ещё?"),
        offer="Рассказать ещё и {topic}?",
        go_ahead="Слушаю: что хочешь узнать?",
        fine="Всё хорошо, спасибо! Чем могу помочь?",
        welcome=("Пожалуйста, рады помочь!", "Не за что, для этого мы здесь."),
        goodbye="Пока, до встречи!",
        closing="Хорошо. Если что-то понадобится, мы на связи.",
        identity="Я {who}ассистент на основе искусственного интеллекта ({company}), а не человек.",
        identity_more="Если хочешь поговорить с нашим сотрудником, просто скажи.",
        abilities="Могу ответить на твои вопросы, например о таких темах: {topics}.",
        refuse_meta="О том, как я работаю, рассказать не могу, но с радостью помогу ({company}).",
        refuse_topic="С этим помочь не могу: я отвечаю только на вопросы о нас ({company}).",
        unclear=(
            "Кажется, не всё понятно: можешь рассказать чуть подробнее?",
            "Скажи, пожалуйста, другими словами, что хочешь узнать?",
        ),
        unclear_topics="Могу рассказать, например, о таких темах: {topics}.",
        escalate="С этим вопросом лучше обратиться к нашему сотруднику.",
        quote=_RU_QUOTE,
    ),
}

YES_NO: Mapping[str, tuple[str, str]] = {  # to tap, where something is offered
    "it": ("Sì, grazie", "No, grazie"),
    "en": ("Yes, please", "No, thank you"),
    "ru": ("Да, пожалуйста", "Нет, спасибо"),
}
SPOKEN_HERE: Mapping[str, str] = {  # to a client who asks for a language
    "it": "Qui in chat rispondo in italiano, in inglese e in russo.",
    "en": "Here in the chat I answer in English, Italian and Russian.",
    "ru": "Здесь в чате я отвечаю по-русски, по-английски и по-итальянски.",
}
# To clients who write in another language, once: which ones are spoken here.
LANGUAGES_SPOKEN: Mapping[str, str] = {
    "de": (
        "Guten Tag! Wir antworten hier auf Englisch, Italienisch und Russisch."
        " Schreiben Sie uns gern in einer dieser Sprachen."
    ),
    "fr": (
        "Bonjour ! Ici, nous répondons en anglais, en italien et en russe."
        " Écrivez-nous dans l'une de ces langues."
    ),
    "es": (
        "¡Hola! Aquí respondemos en inglés, italiano y ruso."
        " Puede escribirnos en uno de estos idiomas."
    ),
}

OUR_COMPANY = {"it": "noi", "en": "our company", "ru": "наша компания"}
# What is said instead of sending somebody on, where nobody would learn of it.
REACH_US = {
    "it": "Ci trova qui: {contact}.",
    "en": "You can reach us here: {contact}.",
    "ru": "С нами можно связаться так: {contact}.",
}

# What is offered after an answer about something, and how it is called in the offer.
OFFERS: Mapping[str, tuple[str, ...]] = {
    "#checkin": ("#checkout", "#parking", "#breakfast"),
    "#checkout": ("#luggage", "#airport"),
    "#room": ("#breakfast", "#cancel"),
    "#double": ("#breakfast", "#cancel"),
    "#breakfast": ("#restaurant", "#checkout"),
    "#restaurant": ("#bar", "#breakfast"),
    "#parking": ("#checkin", "#charging"),
    "#place": ("#parking", "#station", "#open"),
    "#station": ("#parking", "#airport"),
    "#booking": ("#cancel", "#payment"),
    "#cancel": ("#payment",),
    "#payment": ("#cancel",),
    "#pet": ("#room", "#parking"),
    "#children": ("#breakfast", "#room"),
    "#spa": ("#gym", "#restaurant"),
    "#size": ("#tailoring", "#return"),
    "#shipping": ("#return", "#payment"),
    "#return": ("#shipping", "#open"),
    "#account": ("#branch", "#app"),
    "#loan": ("#mortgage", "#branch"),
    "#mortgage": ("#branch", "#document"),
    "#open": ("#place",),
}
TOPICS: Mapping[str, tuple[str, str, str]] = {
    "#checkout": ("sul check-out", "about check-out", "о выезде"),
    "#checkin": ("sul check-in", "about check-in", "о заезде"),
    "#parking": ("sul parcheggio", "about parking", "о парковке"),
    "#breakfast": ("sulla colazione", "about breakfast", "о завтраке"),
    "#restaurant": ("sul ristorante", "about the restaurant", "о ресторане"),
    "#bar": ("sul bar", "about the bar", "о баре"),
    "#luggage": ("sul deposito bagagli", "about luggage storage", "о хранении багажа"),
    "#airport": ("sul transfer", "about the airport transfer", "о трансфере из аэропорта"),
    "#station": ("su come arrivare", "how to get here from the station", "о дороге от вокзала"),
    "#cancel": ("sulla cancellazione", "about cancellation", "об отмене бронирования"),
    "#payment": ("sui pagamenti", "about payment", "об оплате"),
    "#charging": ("sulla ricarica elettrica", "about electric charging", "о зарядке для машин"),
    "#room": ("sulle camere", "about the rooms", "о номерах"),
    "#gym": ("sulla palestra", "about the gym", "о тренажёрном зале"),
    "#tailoring": ("sulla sartoria", "about alterations", "о подгонке"),
    "#return": ("sui resi", "about returns", "о возврате"),
    "#shipping": ("sulle spedizioni", "about delivery", "о доставке"),
    "#open": ("sugli orari", "about opening hours", "о часах работы"),
    "#place": ("su dove siamo", "where to find us", "о том, как нас найти"),
    "#branch": ("sulle filiali", "about our branches", "об отделениях"),
    "#app": ("sull'app", "about the app", "о приложении"),
    "#mortgage": ("sui mutui", "about mortgages", "об ипотеке"),
    "#document": ("sui documenti", "about the documents", "о документах"),
}


def choose_phrases(language: str, *, formal: bool) -> Phrases:
    """The sentences to speak with; English has one form of address."""
    return PHRASES.get((language, formal)) or PHRASES[language, True]
