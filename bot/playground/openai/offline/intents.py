"""What a message is for, as far as fixed turns of speech tell."""

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.playground.openai.offline.words import fold


class Intent(StrEnum):
    """A purpose that needs no look into the knowledge; several may meet in one message."""

    GREETING = "greeting"
    HOW_ARE_YOU = "how_are_you"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"  # who or what answers
    HUMAN = "human"  # wants a person
    COMPLAINT = "complaint"
    ABILITIES = "abilities"  # what one can ask
    META = "meta"  # about the instructions, or against them
    OFF_TOPIC = "off_topic"
    OPEN_NOW = "open_now"  # whether the company is, at this moment
    LANGUAGE = "language"  # which one may be spoken here
    YES = "yes"
    NO = "no"


_PATTERNS: Mapping[Intent, str] = {
    Intent.META: (
        r"\b(?:ignor\w*|dimentica\w*|forget|disregard|override|bypass|игнорируй\w*|забудь\w*)\b"
        r".{0,40}\b(?:istruzion\w*|regol\w*|instructions?|rules|prompts?|инструкци\w*|правила\w*)"
        r"|\b(?:system prompt|prompt di sistema|системн\w+ промпт|jailbreak|developer mode)\b"
        r"|\b(?:mostra\w*|rivela\w*|ripeti\w*|quali sono|show|reveal|repeat|print|what are"
        r"|покажи\w*|повтори\w*|раскрой\w*|какие)\b.{0,30}"
        r"\b(?:(?:tue|le|vostre) istruzioni|(?:your|the) (?:instructions|prompt)"
        r"|тво\w+ инструкци\w*|ваш\w+ инструкци\w*)"
        r"|\byou are now\b|\bsei ora un\b|\bfai finta di\b|\bpretend (?:to be|you are)\b"
    ),
    Intent.HUMAN: (
        r"\b(?:parlare|parlo|parlassi|contatto|passami|mi passi|mi passa|mettermi in contatto)\b"
        r"(?! italiano).{0,25}\b(?:persona|operatore|operatrice|umano|qualcuno|responsabile"
        r"|direttore|staff)\b(?!.*\bo (?:un|con un) (?:bot|robot|computer)\b)"
        r"|\b(?:voglio|vorrei|serve|chiam\w+|c'e|posso avere) (?:un|una|il|la) ?"
        r"(?:operator\w+|persona vera|persona reale|umano|responsabile)\b"
        r"|\b(?:speak|talk|connect me|put me through|transfer me)\b.{0,25}"
        r"\b(?:human|person|someone|somebody|operator|agent|manager|staff)\b"
        r"|\b(?:i (?:want|need)|get me) (?:a |an |the )?(?:real |live )?"
        r"(?:human|person|operator|agent|manager)\b"
        r"|\b(?:поговорить|связаться|соедините|переключите|позовите|пригласите|позвать)\b.{0,25}"
        r"\b(?:человек\w*|оператор\w*|сотрудник\w*|менеджер\w*|администратор\w*|кем-нибудь)"
        r"|\bmit (?:einem|einer|jemand\w*)\b.{0,25}\b(?:sprechen|reden)\b"
        r"|\bparler (?:a|avec) (?:une?\b|quelqu)|\bhablar con (?:una?|alguien)\b"
        r"|\b(?:живо\w+ человек\w*|нужен (?:оператор|человек))\b"
    ),
    Intent.COMPLAINT: (
        r"\b(?:sporc\w+|reclam\w+|lament\w+|non funziona\w*|rott[oaie]|pessim\w+|vergogn\w+"
        r"|dirty|complain\w*|complaint|broken|(?:does not|doesn't|isn't|not) work\w*|terrible"
        r"|awful|грязн\w+|жалоб\w*|пожаловаться|не работает|сломан\w*|сломал\w*|ужасн\w+)\b"
    ),
    Intent.IDENTITY: (
        r"\b(?:chi sei|chi e lei|con chi (?:sto )?parl\w+|come (?:ti chiami|si chiama)\s*\?)"
        r"|\b(?:sei|e|siete|parlo con|parlando con)\b.{0,20}\b(?:un bot|bot|robot|macchina|computer"
        r"|un'?\s?ia|intelligenza artificiale|chatgpt|umano|umana|(?:una )?persona (?:vera|reale)"
        r"|una persona)\b"
        r"|\bwho are you\b|\bwho am i (?:talking|speaking)|\bwhat'?s your name\b"
        r"|\b(?:are you|is this|am i (?:talking|speaking|chatting) (?:to|with))\b.{0,20}"
        r"\b(?:bot|robot|human|machine|ai|real|person|chatgpt|computer)\b"
        r"|\b(?:кто ты|кто вы|как (?:тебя|вас) зовут)\b"
        r"|\b(?:ты|вы|это|с)\b.{0,20}\b(?:бот\w*|робот\w*|человек\w*|искусственн\w+|машина|нейросет\w+)"
    ),
    Intent.ABILITIES: (
        r"\b(?:cosa|che cosa) (?:puoi|sai|puo|sa) fare\b|\bcome (?:puoi|puo) aiutarmi\b"
        r"|\bcosa posso chied\w+|^\s*(?:aiuto|help|помощь|помоги\w*)\s*[!?.]*\s*$"
        r"|\bwhat can (?:you do|i ask)\b|\bhow can you help\b"
        r"|\bчто (?:ты|вы) (?:умее\w+|може\w+)\b|\bчем (?:ты |вы )?може\w+ помочь\b"
    ),
    Intent.OFF_TOPIC: (
        r"\b(?:poesia|barzelletta|oroscopo|che tempo fa|previsioni|capitale d\w+|codice python"
        r"|scrivi\w* (?:un|una|il|del) (?:codice|tema|saggio|programma)|chi ha vinto"
        r"|poem|joke|horoscope|weather|capital of|python code|write (?:me )?(?:a |an |some )?"
        r"(?:code|essay|song|story|program)|who won|president"
        r"|стих\w*|анекдот|гороскоп|погод\w+|столица|напиши\w* (?:код|сочинение|песню|программу)"
        r"|президент\w*)\b|\b(?:select|drop|insert|delete)\b.{0,20}\b(?:from|table|into)\b"
    ),
    Intent.OPEN_NOW: (
        r"^(?!.*\b(?:che ora|quando|orari\w*|what time|when|hours|until|сколько|скольки|когда)\b)"
        r".*(?:\bapert[oiea]\b.{0,20}\b(?:ora|adesso|oggi|in questo momento)\b"
        r"|\b(?:ora|adesso|oggi|in questo momento)\b.{0,20}\bapert[oiea]\b"
        r"|\bsiete (?:ancora )?aperti\s*\?|\bopen\b.{0,15}\b(?:now|today|at the moment)\b"
        r"|\bare you (?:still )?open\s*\?"
        r"|\b(?:открыт\w*|работаете)\b.{0,15}\b(?:сейчас|сегодня)\b"
        r"|\b(?:сейчас|сегодня)\b.{0,20}\b(?:открыт\w*|работаете)\b"
        r"|\bвы (?:еще )?(?:открыты|работаете)\s*\?)"
    ),
    Intent.LANGUAGE: (
        r"\b(?:you|they|anyone|anybody|someone|somebody|staff) speak\b"
        r"|\bparl(?:a|i|ate|ano|a qualcuno) (?:l'|in )?"
        r"(?:italian\w|ingles\w|russ\w|tedesc\w|frances\w|spagnol\w|cines\w)\b"
        r"|\bговори(?:те|шь|т|м)\b.{0,12}\bпо-\w+"
    ),
    Intent.HOW_ARE_YOU: (
        r"\b(?:come (?:stai|sta|va)|how are you|how is it going|как дела"
        r"|как (?:вы|ты) поживае\w+)\b"
    ),
    Intent.THANKS: (
        r"\b(?:grazie|ti ringrazio|la ringrazio|gentilissim\w+|thanks|thank you|thx|cheers"
        r"|спасибо|благодарю)\b|[👍🙏❤💙😊]"
    ),
    Intent.GOODBYE: (
        r"\b(?:arrivederci|arrivederla|a presto|addio|buonanotte|buona (?:giornata|serata|notte)"
        r"|bye|goodbye|good night|see you|have a (?:nice|good) (?:day|evening)"
        r"|до свидания|до встречи|пока|всего (?:доброго|хорошего)|спокойной ночи|хорошего дня)\b"
    ),
    Intent.GREETING: (
        r"^\W*(?:buongiorno|buon giorno|buonasera|buona sera|buon pomeriggio|salve|ciao"
        r"|hello|hi|hey|(?:good )?(?:morning|afternoon|evening)"
        r"|здравствуйте|здравствуй|привет|добрый (?:день|вечер)|доброе утро|доброго дня)\b"
    ),
    Intent.YES: (
        r"^\W*(?:si|si,? grazie|si,? per favore|certo|va bene|volentieri|magari|ok|okay|d'accordo"
        r"|yes|yes,? please|yep|yeah|sure|please do|of course|да|да,? пожалуйста|конечно|хорошо"
        r"|давайте|давай"
        r"|(?:(?:ok|okay|ок|va bene|all right)\W+)?(?:perfetto|ottimo|capito|chiaro"
        r"|great|perfect|fine|got it|understood|понятно|ясно|ладно|отлично|прекрасно|супер|ок))\W*$"
    ),
    Intent.NO: (
        r"^\W*(?:no|no,? grazie|niente|nient'altro|basta cosi|a posto cosi|tutto chiaro|per ora no"
        r"|nope|no,? thanks|no,? thank you|that'?s all|that is all|nothing else"
        r"|нет|нет,? спасибо|больше ничего|это все|ничего)\W*(?:grazie|thanks|спасибо)?\W*$"
    ),
}
_COMPILED = {intent: re.compile(pattern) for intent, pattern in _PATTERNS.items()}
_LONGEST = 2_000  # characters that are looked at


def read_intents(text: str) -> frozenset[Intent]:
    """Every purpose that the message shows."""
    folded = " ".join(fold(text[:_LONGEST]).split())
    return frozenset(intent for intent, pattern in _COMPILED.items() if pattern.search(folded))


def strip_courtesies(text: str) -> str:
    """The message without its greetings, thanks and goodbyes."""
    folded = fold(text)
    for intent in (Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.HOW_ARE_YOU):
        folded = _COMPILED[intent].sub(" ", folded)
    return folded
