"""What was said so far, sorted out for the one who must answer now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from bot.playground.openai.items import Said
from bot.playground.openai.offline.moment import LABEL, Note, read_note
from bot.playground.openai.offline.senses import Shown, look, without_files

_LONGEST_QUESTION = 2_000  # characters; what follows says nothing new


@dataclass(frozen=True, slots=True)
class Situation:
    """The message to answer, and what came before it."""

    question: str
    seen: tuple[str, ...]  # bubbles of the answer to this very question that were delivered
    earlier: tuple[str, ...]  # the client's earlier messages, oldest first
    last_bubbles: tuple[str, ...]  # of our last answer
    said: frozenset[str]  # every bubble of ours that came before
    answered: int  # how many answers of ours came before
    note: Note = field(default_factory=Note)  # of the moment
    shown: Shown = field(default_factory=lambda: Shown({}))  # with the question
    files: Mapping[str, str] = field(default_factory=dict)  # all that are known, by name


def listen(history: Sequence[Said]) -> Situation:
    """Sort a conversation out. The question is all that the client wrote since our last answer.

    The labels beside a client's words are no part of it.
    """
    note, told = read_note(history), history
    history = [_without_labels(line) for line in history]
    users = [index for index, line in enumerate(history) if line.role == "user"]
    if not users:
        return Situation("", (), (), (), frozenset(), 0, note)
    last = users[-1]
    first = last
    while first > 0 and history[first - 1].role == "user":
        first -= 1
    begin = first  # of what the desk notes of it
    while begin > 0 and history[begin - 1].role == "developer":
        begin -= 1
    question = "\n".join(line.text for line in history[first : last + 1])
    before = history[:first]
    answers = [read_bubbles(line.text) for line in before if line.role == "assistant"]
    after = [read_bubbles(line.text) for line in history[last + 1 :] if line.role == "assistant"]
    return Situation(
        question=question[:_LONGEST_QUESTION].strip(),
        seen=tuple(bubble for bubbles in after for bubble in bubbles),
        earlier=tuple(line.text for line in before if line.role == "user" and line.text),
        last_bubbles=answers[-1] if answers else (),
        said=frozenset(chain.from_iterable(answers)),
        answered=len(answers),
        note=note,
        shown=look(told[begin : last + 1]),
        files=look(told).files,
    )


def _without_labels(line: Said) -> Said:
    return replace(line, text=own_words(line)) if line.role == "user" else line


def own_words(line: Said) -> str:
    """What a client typed, without labels and files."""
    return LABEL.sub("", without_files(line.text))


def read_bubbles(text: str) -> tuple[str, ...]:
    """The bubbles of an earlier answer: from its JSON, or the text itself."""
    try:
        reply = json.loads(text)
    except ValueError:
        return (text,)
    messages = reply.get("messages") if isinstance(reply, dict) else None
    return tuple(map(str, messages)) if isinstance(messages, list) else (text,)
