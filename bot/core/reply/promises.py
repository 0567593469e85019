"""Whether a bubble promises that a person will call or write. Pure.

Made for few false alarms: a question, a condition, a denial and what the client is to do are none.
"""

import re
from typing import Final

from bot.core.reply.outright import Outright

_SENTENCE: Final = re.compile(r"[^.!?…\n]+[.!?…]*")
_CLAUSE: Final = re.compile(r"[^,;:]+")
_NOT_OR_IF: Final = re.compile(
    r"\b(?:if|when|unless|not|never|nobody|no one|se|quando|non|mai|nessuno|если|когда|не|никто)\b",
    re.IGNORECASE,
)
_FILLER: Final = r"(?:\s+(?!not\b|never\b)[\w’']+){0,3}?"
_NO_ERRAND: Final = (  # "we will call you a taxi"
    r"(?!\s+(?:an?|un[ao]?|il|the)?\s*(?:un['’])?(?:taxi|cab|doctor|medico|ambulan))"
)
_ENGLISH: Final = (
    rf"(?:\bwill|['’]ll|\b(?:is|are|am) going to|['’](?:s|re|m) going to){_FILLER}\s+(?:"
    rf"(?:call|phone|ring|contact|write to|write)\s+you\b(?:\s+back\b)?{_NO_ERRAND}"
    r"|get back to you|reach out to you|(?:get|be) in touch\b|let you know\b"
    r"|have \w+ (?:call|contact))"
    r"|\byou(?:['’]ll|\s+will)(?:\s+\w+)?\s+"
    r"(?:be (?:called|contacted|phoned)|hear (?:back )?from (?:us|me))"
)
_ITALIAN: Final = (
    r"\b(?:la|le|ti|vi|lei)\s+(?:ri)?(?:"
    r"(?:contatt|chiam)(?:eremo|er[àa]|eranno|er[òo]|iamo)|chiamer(?:emo|[àa]|anno|[òo])"
    rf"|scriv(?:eremo|er[àa]|eranno|er[òo])|telefon(?:eremo|er[àa]|eranno|er[òo]))\b{_NO_ERRAND}"
    r"|\b(?:la|le|ti|vi)\s+far(?:emo|[àa]|anno|[òo])\s+(?:sapere|(?:ri)?(?:chiamare|contattare))\b"
    r"|\b(?:ci metteremo|si metter[àa]|mi metter[òo]) in contatto\b"
    r"|\b(?:sar[àa]|verr[àa]|sarai|verrai)\s+(?:presto\s+)?(?:ri)?(?:chiamat|contattat)[oa]\b"
)
_VERBS: Final = (
    r"(?:свяж(?:емся|ется|утся|усь)|(?:пере|по)звон(?:им|ит|ят|ю)|напиш(?:ем|ет|ут|у)|"
    r"сообщ(?:им|ит|ат|у))"
)
_RUSSIAN: Final = (
    rf"\b{_VERBS}\b[^,;:]{{0,40}}?\b(?:вам|вами|тебе|тобой)\b"
    rf"|\b(?:вам|вами|тебе|тобой)\b[^,;:]{{0,40}}?\b{_VERBS}\b"
)
_PROMISE: Final = re.compile(rf"{_ENGLISH}|{_ITALIAN}|{_RUSSIAN}", re.IGNORECASE)
_SAID: Final = Outright((_PROMISE,), _NOT_OR_IF, _SENTENCE, _CLAUSE)


def promises_a_person(bubble: str) -> bool:
    """Whether somebody will call or write, as the bubble says it in English, Italian or Russian."""
    return _SAID.is_in(bubble)
