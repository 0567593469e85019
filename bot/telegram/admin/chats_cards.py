"""What /chats shows: the conversations of a company, and a page of one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.attachments import Sent
from bot.core.figures import to_a_tenth
from bot.core.labels import one_line
from bot.core.texts import say
from bot.core.texts.people import Chats as Say
from bot.core.texts.people import Wanted
from bot.ports import Channel, Reaction, Tool
from bot.telegram.admin.moments import brief_moment, moment
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed
from bot.telegram.wire import sequence, utf16_length
from bot.turns.call_words import titles_of, told_line
from bot.turns.shown import (
    DISLIKE,
    SENT,
    client_of,
    page_of,
    reactions_on,
    repeats,
    sent_with,
    words_of,
)
from db.ratings import VALUES, MeanRating
from db.records import TurnState, UpdateKind
from db.talks import Talk, TalkPage, TalkTurn

NAME: Final = "chats"
NAME_CHARACTERS: Final = 40
PAGE_UNITS: Final = 3_600  # of 4,096 that a message may have
CUTS: Final = (1_500, 600, 250, 100)  # characters of a message, until a page fits
MOST_SHOWN: Final = 6  # keys under a page
CLIENT, ASSISTANT, TOOL, SELF = "👤", "🤖", "🔧", "—"
STAR, NO_STAR = "★", "☆"
CALL_CHARACTERS: Final = 300  # of a call, and of its result
_NO_DISLIKES: Final[Mapping[int, int]] = {}
OUTCOMES: Final[Mapping[str, Say]] = {
    one.value.removeprefix("outcome_"): one for one in Say if one.value.startswith("outcome_")
}


@dataclass(frozen=True, slots=True)
class _Said:
    """Something that was said in a conversation; `row`: of a client's message, to show it again."""

    at: float
    who: str
    text: str
    sent: Sent | None = None
    row: int | None = None
    marks: str = ""


def called(visit: Visit, talk: Talk) -> str:
    """Whose conversation it is, and with which assistant, if not everybody may talk to it."""
    name = client_of(talk, visit.language)
    if not talk.is_private:
        return name
    assistant = visit.profile.called(talk.assistant)
    return say(Say.WITH, visit.language, name=name, assistant=assistant)


def _talk_key(
    visit: Visit, talk: Talk, disliked: Mapping[int, int] = _NO_DISLIKES
) -> Sequence[InlineKeyboardButton]:
    """Opens a conversation."""
    number = disliked.get(talk.row, 0)
    mark = ("❗ " if talk.waiting else "") + (f"{DISLIKE}{number} " if number else "")
    mark += f"{STAR}{talk.rating} " if talk.rating else ""
    at = brief_moment(talk.last_at, visit.language, zone=visit.zone, now=visit.now)
    name = one_line(called(visit, talk), NAME_CHARACTERS)
    return [button(f"{mark}{name} · {at}", NAME, visit.here, f"read {talk.row}")]


def list_card(
    visit: Visit,
    talks: Sequence[Talk],
    disliked: Mapping[int, int],
    rated: MeanRating,
    more: Rows = (),
) -> Card:
    """The conversations, each with its key; `disliked`: how many answers of which."""
    language = visit.language
    lines = [say(Say.LIST if talks else Say.NOBODY, language)]
    if any(talk.waiting for talk in talks):
        lines.append(say(Say.WAITING, language))
    if any(disliked.values()):
        lines.append(say(Say.DISLIKED, language))
    if rated.count:
        mean = to_a_tenth(rated.mean, language)
        lines.append(say(Say.RATED, language, mean=mean, count=rated.count))
    if talks:
        lines += ["", say(Say.HOW_TO_FIND, language)]
    keys = (_talk_key(visit, one, disliked) for one in talks)
    return Card(headed(visit, "\n".join(lines)), [*keys, *more])


def found_card(visit: Visit, words: str, talks: Sequence[Talk]) -> Card:
    """Those that were looked for."""
    text = say(Say.FOUND if talks else Say.NOT_FOUND, visit.language, words=words)
    return Card(headed(visit, text), [*(_talk_key(visit, one) for one in talks), all_key(visit)])


def all_key(visit: Visit) -> Sequence[InlineKeyboardButton]:
    """Leads back to the list."""
    return [button(say(Say.ALL, visit.language), NAME, visit.here, "list")]


def page_card(
    visit: Visit,
    talk: Talk,
    page: TalkPage,
    channel: Channel | None,
    tools: Mapping[str, Tool],
    *,
    is_last: bool,
) -> Card:
    """One page of a conversation, with what fits on it; `tools`: of the company, by their names."""
    said = [
        *merge(
            _heard(visit, talk, page, channel),
            _answers(visit, talk, page, channel, tools),
            key=lambda one: one.at,
        )
    ]
    head = _head(visit, talk, page, channel)
    texts = ((cut, _text(visit, head, said, cut=cut)) for cut in CUTS)
    cut, text = next(one for one in texts if _fits(one[1]) or one[0] == CUTS[-1])
    latest = said
    while not _fits(text) and latest:  # there are more messages than a page has room for
        latest = latest[len(latest) // 4 + 1 :]
        text = _text(visit, head, latest, cut=cut, left_out=True)
    hidden = [one for one in said if one.row and (one.sent or len(one.text) > cut)]
    turn_pages = [
        *([_key(visit, Say.OLDER, f"read {talk.row} {page.older}")] if page.older else ()),
        *(() if is_last else [_key(visit, Say.LATEST, f"read {talk.row}")]),
    ]
    shows = [[_show_key(visit, talk, one)] for one in hidden[-MOST_SHOWN:]]
    done = say(Wanted.DONE, visit.language)
    seen = [[button(done, NAME, visit.here, f"seen {talk.row}")]] if talk.waiting else []
    return Card(text, [*seen, *shows, *([turn_pages] if turn_pages else ()), all_key(visit)])


def _fits(text: str) -> bool:
    """Whether a message has room for it."""
    return utf16_length(text) <= PAGE_UNITS


def _key(visit: Visit, label: Say, words: str) -> InlineKeyboardButton:
    return button(say(label, visit.language), NAME, visit.here, words)


def _show_key(visit: Visit, talk: Talk, said: _Said) -> InlineKeyboardButton:
    at = brief_moment(said.at, visit.language, zone=visit.zone, now=visit.now)
    what = say(SENT[said.sent] if said.sent else Say.MEDIA_TEXT, visit.language)
    label = say(Say.SHOW, visit.language, what=what, at=at)
    return button(label, NAME, visit.here, f"show {talk.row} {said.row}")


def _head(visit: Visit, talk: Talk, page: TalkPage, channel: Channel | None) -> str:
    """Whose it is, and on which page of the company's site they wrote last."""
    bot, name = talk.address.bot_id, called(visit, talk)
    pages = (page_of(channel, one.message, bot_id=bot) for one in reversed(page.heard))
    last = next(filter(None, pages), "")
    return f"{name}\n{say(Say.PAGE, visit.language, page=last)}" if last else name


def _text(
    visit: Visit, head: str, said: Sequence[_Said], *, cut: int, left_out: bool = False
) -> str:
    """A time stands where some passed."""
    language, lines, last = visit.language, [head], ""
    lines += ["\n…"] if left_out else []
    for one in said:
        at = moment(one.at, language, zone=visit.zone)
        if at != last:
            lines.append(f"\n{at}")
            last = at
        text = one.text if len(one.text) <= cut else f"{one.text[:cut].rstrip()}…"
        lines.append(f"{one.who} {text}{one.marks}")
    if not said:
        lines += ["", say(Say.EMPTY, language)]
    return headed(visit, "\n".join(lines))


def _heard(visit: Visit, talk: Talk, page: TalkPage, channel: Channel | None) -> Iterator[_Said]:
    """What the client sent; a command, a press and what was erased are nothing to read.

    Their rating stands where it was given, with what they wrote beside it.
    """
    bot, language = talk.address.bot_id, visit.language
    is_shown = channel is None or not channel.logged  # of such a chat nothing can be copied
    for heard in page.heard:
        text = words_of(channel, heard.message, bot_id=bot, language=language)
        sent = sent_with(channel, heard.message, bot_id=bot)
        if talk.rating and heard.message.row == page.rated:
            stars = STAR * talk.rating + NO_STAR * (max(VALUES) - talk.rating)
            yield _Said(heard.received_at, CLIENT, f"{stars} {text}".rstrip())
        elif sent or (text and heard.message.kind is not UpdateKind.EVENT):
            edited = "✎ " if heard.message.kind is UpdateKind.EDIT else ""
            row = heard.message.row if is_shown else None
            yield _Said(heard.received_at, CLIENT, edited + text, sent, row)


def _answers(
    visit: Visit,
    talk: Talk,
    page: TalkPage,
    channel: Channel | None,
    tools: Mapping[str, Tool],
) -> Iterator[_Said]:
    """What we said, and behind it what the answer says of itself."""
    bot, language = talk.address.bot_id, visit.language
    shown = reactions_on(channel, page.reactions)
    for turn in page.turns:
        last = turn.received_at
        said = (*_bubbles(turn, shown), *_calls(visit, turn, tools))
        for one in sorted(said, key=lambda one: one.at):
            last = max(last, one.at)
            yield replace(one, at=last)
        asked = (one.message for one in page.heard if one.turn == turn.row)
        words = [words_of(channel, one, bot_id=bot, language=language) for one in asked]
        if about := _about(visit, turn, words):
            yield _Said(last, SELF, about)


def _bubbles(turn: TalkTurn, shown: Mapping[str, Sequence[Reaction]]) -> Iterator[_Said]:
    for one in turn.said:
        marks = (f"{each.emoji} {each.name}" for each in shown.get(one.message_id or "", ()))
        yield _Said(one.at, ASSISTANT, one.text, marks="".join(f"  [{mark}]" for mark in marks))


def _calls(visit: Visit, turn: TalkTurn, tools: Mapping[str, Tool]) -> Iterator[_Said]:
    for at, call in turn.calls:
        titles = titles_of(tools.get(call.tool), visit.language)
        yield _Said(at, TOOL, told_line(call, visit.language, titles, limit=CALL_CHARACTERS))


def _about(visit: Visit, turn: TalkTurn, words: Sequence[str]) -> str:
    outcome = "failed" if turn.state == TurnState.FAILED else turn.outcome or ""
    parts = [say(OUTCOMES[outcome], visit.language)] if outcome in OUTCOMES else []
    if parts and turn.about and not repeats(turn.about, words):
        parts.append(one_line(turn.about, CUTS[-1] * 2))
    if turn.promised:
        parts.append(f"❗ {say(Say.PROMISED, visit.language)}")
    if turn.claimed:
        parts.append(f"❗ {say(Say.CLAIMED, visit.language)}")
    if sources := _sources_of(turn):
        parts.append(say(Say.FROM, visit.language, sources=", ".join(sources)))
    return " · ".join(parts)


def _sources_of(turn: TalkTurn) -> Sequence[str]:
    """The names of the sources that answered."""
    stored = json.loads(turn.sources) if turn.sources else []
    return [one_line(str(name), NAME_CHARACTERS) for name in sequence(stored)]
