"""Whether a bubble says that something was done for the client: booked, paid, changed. Pure.

Made for few false alarms: a question, a condition, a denial and what is so in general are none.
"""

import re
from typing import Final

from bot.core.reply.outright import Outright

_SENTENCE: Final = re.compile(r"[^.!?…\n]+[.!?…:]*")
_CLAUSE: Final = re.compile(r"[^,;]+")
_NOT_OR_IF: Final = re.compile(
    r"\b(?:if|when|unless|once|until|after|before|not|never|no|cannot|can['’]t|has?n['’]t"
    r"|se|quando|appena|dopo|prima|finch[eé]|una volta|non|mai|nessun\w*|senza"
    r"|если|когда|после|пока|до того|как только|не|никогда|нет|вы|ты)\b",
    re.IGNORECASE,
)
_IN_GENERAL: Final = (  # how it is done, and not that it was
    r"(?!\s+(?:by|once|when|only|upon|after|if|within|until|as soon|at check|in advance"
    r"|da|dal|dalla|entro|dopo|solo|quando|una volta|al momento|tramite|via|con|se"
    r"|после|только|если|когда|в течение|при)\b)"
)
_THING: Final = r"(?:booking|reservation|appointment|table|room|order|stay|visit|seat|ticket)s?"
_DONE: Final = (
    r"(?:booked|reserved|confirmed|cancell?ed|changed|moved|rescheduled|placed|updated|paid"
    r"|refunded|charged|registered|extended)"
)
_ENGLISH: Final = (
    rf"\b(?:i|we)(?:['’]ve|\s+have)(?:\s+(?:just|now|already|successfully))?\s+{_DONE}\s+"
    rf"(?:you|your|it|(?:an?|the|both)\s+(?:\w+\s+){{0,2}}?{_THING})\b"
    rf"|\byour\s+(?:\w+\s+){{0,2}}?(?:{_THING}|payment|refund|cancellation)\b[^,;]{{0,40}}?\s"
    rf"(?:is|are|has been|have been|was|were)(?:\s+(?:now|already|successfully))?\s+"
    rf"(?:{_DONE}|made|processed|received|complete[d]?)\b{_IN_GENERAL}"
    rf"|\bthe\s+(?:booking|reservation|appointment|order)\s+(?:is|has been)\s+(?:now\s+)?"
    rf"{_DONE}\b{_IN_GENERAL}"
    r"|\b(?:your|the) payment (?:has gone|went) through\b"
    r"|^\s*(?:all )?(?:booked|reserved|cancell?ed)\s*[!.:]"
)
_DONE_IT: Final = (
    r"(?:prenotat|annullat|cancellat|disdett|modificat|spostat|cambiat|confermat|registrat"
    r"|fissat|rimborsat|pagat|riservat)[oaei]"
)
_THING_IT: Final = (
    r"(?:prenotazion[ei]|tavol[oi]|camer[ae]|stanz[ae]|appuntament[oi]|visit[ae]|ordin[ei]"
    r"|soggiorn[oi]|pagament[oi]|rimbors[oi]|post[oi]|bigliett[oi])"
)
_NOW_IT: Final = r"(?:\s+(?:già|appena|ora|adesso|subito))?"
_ITALIAN: Final = (
    rf"\b(?:ho|abbiamo){_NOW_IT}\s+{_DONE_IT}\s+(?:(?:la|il|le|i|un|una|lo|gli|l['’])\s*)?"
    rf"(?:(?:su|tu|vostr)\w{{1,3}}\s+)?{_THING_IT}\b"
    rf"|\b(?:(?:le|ti|vi|gliel[oa]|(?:te|ve) l[oa])\s+|(?:gliel|l)['’]\s*)(?:ho|abbiamo)"
    rf"{_NOW_IT}\s+{_DONE_IT}\b"
    rf"|\b(?:la|il|l['’])\s*(?:(?:su|tu|vostr)[oa]\s+)?{_THING_IT}\b[^,;]{{0,40}}?\s"
    rf"(?:è\s+stat[oa]{_NOW_IT}\s+(?:{_DONE_IT}|effettuat[oa]|ricevut[oa])"
    rf"|(?:è|risulta){_NOW_IT}\s+(?:prenotat|confermat|annullat|disdett|spostat|fissat)[oa])"
    rf"\b{_IN_GENERAL}"
    r"|\bpagamento\s+(?:è\s+)?andato a buon fine\b"
    r"|^\s*(?:prenotat|annullat|confermat|spostat)[oa]\s*[!.:]"
)
_DID_RU: Final = (
    r"(?:забронирова|зарезервирова|отмени|записа|оформи|измени|подтверди|оплати)л[аи]?"
    r"|перен[её]с(?:ла|ли)?"
)
_THING_RU: Final = (
    r"(?:брон[ьи]|бронировани[ея]|запись|столика?|стол|номер|комнат[ау]|заказ|визит|встреч[ау]"
    r"|оплат[ау]|плат[её]ж|возврат|при[её]м)"
)
_IS_DONE_RU: Final = (
    r"(?:(?:забронирова|зарезервирова|подтвержд[её]|отмен[её]|перенес[её]|измен[её]|оформле"
    r"|получе|оплаче)н[аоы]?|прошл[аои]|прош[её]л)"
)
_RUSSIAN: Final = (
    rf"\b(?:{_DID_RU})\s+(?:для\s+)?(?:вас|вам|тебя|тебе|(?:ваш|тво)\w*|(?:\w+\s+)?{_THING_RU})\b"
    rf"|\b{_THING_RU}\b(?:\s+[^,;\s]+){{0,4}}?\s+{_IS_DONE_RU}\b{_IN_GENERAL}"
    rf"|(?:^|\bуже\s+)\s*{_IS_DONE_RU}\s+{_THING_RU}\b"
    r"|^\s*(?:забронировано|отменено|записал[аи]?|перенесено)\s*[!.:]"
)
_CLAIM: Final = re.compile(rf"{_ENGLISH}|{_ITALIAN}|{_RUSSIAN}", re.IGNORECASE)
_YOU_ARE: Final = re.compile(
    r"\bвы\s+(?:уже\s+)?записаны\b|\byou(?:['’]re|\s+are)\s+(?:all\s+)?booked\b", re.IGNORECASE
)
_SAID: Final = Outright((_CLAIM, _YOU_ARE), _NOT_OR_IF, _SENTENCE, _CLAUSE)


def says_it_is_done(bubble: str) -> bool:
    """Whether something was done, as the bubble says it in English, Italian or Russian."""
    return _SAID.is_in(bubble)
