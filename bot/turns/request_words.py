"""A request as a company's people read it, in a notice and on its card."""

from bot.core.labels import one_line
from bot.core.texts import nearest, say
from bot.core.texts.people import Wanted
from bot.turns.days import in_words
from bot.turns.shown import client_of
from db.requests import ClientRequest


def lines_of(request: ClientRequest, language: str | None, *, cut: int) -> str:
    """What was asked for, a field on a line; `cut`: characters of an answer."""
    spoken = nearest(language)
    told = ((label, in_words(value, spoken)) for label, value in request.fields)
    return "\n".join(f"{label}: {one_line(value, cut)}" for label, value in told)


def text_of(request: ClientRequest, company: str, language: str | None, *, cut: int) -> str:
    """The notice that tells of it, and who did it, if anybody."""
    head = say(Wanted.HEAD_REQUEST, language, name=client_of(request.talk, language))
    parts = [f"{company}\n{head}".strip(), lines_of(request, language, cut=cut)]
    if request.done_by is not None:
        parts.append(say(Wanted.DONE_BY, language, name=request.done_by))
    return "\n\n".join(parts)
