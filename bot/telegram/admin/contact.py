"""How clients reach a person: what reaches nobody is asked about, and kept if said once more."""

import re
from typing import Final

from bot.core.texts import say
from bot.core.texts.setup import Setup as Say
from bot.telegram.admin.visit import Rows, Step, Visit, answer, asking, headed
from tenants.form import DEFAULT

FIELD: Final = "contact"
ONCE_MORE: Final = f"{FIELD} again"  # the question, when it was asked about
# Any figure may be a telephone's, a house's or an hour's; and a place needs none.
_REACHES: Final = re.compile(
    r"\d|@|\w\.\w{2,}|\b(?:via|viale|piazza|corso|banco|cassa|ufficio|reception|desk|counter|bar"
    r"|street|road|office|стойк\w*|ресепшн\w*|касс\w*|офис\w*|улиц\w*|ул|площад\w*)\b",
    re.IGNORECASE,
)


def reaches_nobody(text: str) -> bool:
    """Whether a client who reads this would know of no way; a dash takes the field back."""
    return not _REACHES.search(text) and text.strip() not in DEFAULT


def asked_about(visit: Visit, command: str, rows: Rows) -> Step:
    """Once: the next answer counts, whatever it says."""
    told = answer(headed(visit, say(Say.CONTACT_UNSURE, visit.language)), rows=rows)
    return asking(told, command, visit, ONCE_MORE)
