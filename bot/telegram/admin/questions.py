"""/questions: what the assistant could not answer; the answers are written here, into the draft."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import Message

from bot.core.labels import one_line
from bot.core.likeness import LONGEST, group_alike
from bot.core.texts import say
from bot.core.texts.people import Questions as Say
from bot.ports import Channel
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.knowledge import ADDED, edited, rest_of
from bot.telegram.admin.knowledge_cards import NAME as KNOWLEDGE
from bot.telegram.admin.knowledge_edits import append
from bot.telegram.admin.questions_cards import (
    NAME,
    Alike,
    gone_card,
    list_card,
    question_card,
    shown_on,
    written_card,
)
from bot.telegram.admin.visit import (
    NUMBER,
    Card,
    Step,
    Visit,
    answer,
    asking,
    closing,
    headed,
    quoting,
)
from bot.turns.shown import words_of
from db.chats import ChatWork
from db.engine import Database
from db.records import Draft
from db.records import Message as Heard
from db.unanswered import (
    SettleQuestions,
    Unanswered,
    answered_by,
    are_open,
    asked_in,
    unanswered,
)
from tenants.permissions import Action, may
from tenants.profile import Profile
from tenants.values import is_blank

WAYS: Final = 5  # in which a question was asked, on its card
ASKED: Final = 200  # characters of a question for which an answer is asked


@dataclass(frozen=True, slots=True)
class QuestionsCommand(Command):
    """Those of the tenant in hand, such as ask the same together; any of them names its group."""

    name = NAME
    action = Action.QUESTIONS

    database: Database
    channels: Mapping[str, Channel]

    async def open(self, visit: Visit, words: str) -> Step:
        """The most frequent first."""
        alike = await self._alike(visit)
        return quoting(visit, list_card(visit, alike), _chats(shown_on(alike)))

    @on_press(Action.QUESTIONS, "", "list", "one", "write", "settle")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        alike = await self._alike(visit)
        match words.split():
            case [("one" | "write" | "settle") as verb, row] if NUMBER.fullmatch(row):
                found = _find(alike, int(row))
                if found is None:
                    return replace(_list(visit, alike), toast=say(Say.GONE, visit.language))
                return await self._about(visit, verb, found, alike)
            case ["list", first]:
                return _list(visit, alike, first)
        return _list(visit, alike)

    @on_answer(Action.QUESTIONS, "write", "more")
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """The answer, in the admin's words: it goes to the draft, and what was asked is settled.

        Who is the second to answer is told so, and may send "more" all the same.
        """
        text, (verb, row) = message.text or "", step.split()
        if is_blank(text):
            return answer(headed(visit, say(Say.SEND_TEXT, visit.language)))
        alike = await self._alike(visit)
        found = _find(alike, int(row))
        adding = _add(visit, text, found, [one for one in alike if one is not found])

        def work(chat: ChatWork) -> Sequence[Draft]:
            rows = [one.row for one in found.questions] if found else []
            if verb == "write" and not chat.read(are_open, visit.here.id, rows):
                return _late(visit, int(row), chat)
            return adding.work(chat)

        return Step(work)

    # ---------------------------------------------------------------- one of them

    async def _about(self, visit: Visit, verb: str, found: Alike, alike: Sequence[Alike]) -> Step:
        if verb == "write":
            return _ask(visit, found)
        if verb == "settle":
            others = [one for one in alike if one is not found]
            return _list(visit, others, settled=found)
        shown = found.questions[:WAYS]
        heard = await self.database.read(asked_in, [one.turn for one in shown])
        ways = dict.fromkeys(filter(None, (self._words(visit, one, heard) for one in shown)))
        card = question_card(visit, found, [*ways])
        return closing(quoting(visit, card, _chats(shown), on=visit.pressed))

    async def _alike(self, visit: Visit) -> Sequence[Alike]:
        private = may(visit.role, Action.ASSISTANTS)
        found = await self.database.read(unanswered, visit.here.id, private=private)
        untitled = [one.turn for one in found if not one.about]
        heard = await self.database.read(asked_in, untitled) if untitled else {}
        titles = [
            one_line(one.about or self._words(visit, one, heard), LONGEST) or "…" for one in found
        ]
        groups = await asyncio.to_thread(group_alike, titles)
        alike = [Alike(titles[of[0]], [found[number] for number in of]) for of in groups]
        return sorted(alike, key=lambda one: (-len(one.questions), -one.row))

    def _words(self, visit: Visit, one: Unanswered, heard: Mapping[int, Sequence[Heard]]) -> str:
        """A client's own, in one line."""
        channel, bot = self.channels.get(one.address.channel), one.address.bot_id
        said = (
            words_of(channel, message, bot_id=bot, language=visit.language)
            for message in heard.get(one.turn, ())
        )
        return one_line(" ".join(filter(None, said)), LONGEST)


def _find(alike: Sequence[Alike], row: int) -> Alike | None:
    return next((one for one in alike if any(row == its.row for its in one.questions)), None)


def _chats(questions: Iterable[Unanswered]) -> list[int]:
    return [one.chat for one in questions]


def _settling(visit: Visit, found: Alike) -> SettleQuestions:
    return SettleQuestions(visit.here.id, tuple(one.row for one in found.questions), visit.now)


def _add(visit: Visit, text: str, found: Alike | None, others: Sequence[Alike]) -> Step:
    card, more = written_card(visit, others), rest_of(ADDED, text)

    def work(chat: ChatWork) -> Sequence[Draft]:
        if found:
            chat.do(_settling(visit, found))
        return card.drafts()

    def told(_: Profile, __: Profile, ___: str) -> Step:
        return asking(Step(work), KNOWLEDGE, visit, more) if more else closing(Step(work))

    return edited(visit, append(text, visit.language, joint="\n\n"), told)


def _late(visit: Visit, row: int, chat: ChatWork) -> Sequence[Draft]:
    """It was settled meanwhile: by whom and how, if by an answer."""
    before = chat.read(answered_by, visit.here.id, row)
    if before is None:
        return closing(Step(lambda _: gone_card(visit).drafts())).work(chat)
    name, text = before
    said = one_line(text, LONGEST)
    told = answer(headed(visit, say(Say.ANSWERED_BEFORE, visit.language, name=name, answer=said)))
    return asking(told, NAME, visit, f"more {row}").work(chat)


def _ask(visit: Visit, found: Alike) -> Step:
    text = say(Say.ASK, visit.language, question=one_line(found.title, ASKED))
    asked = quoting(visit, Card(headed(visit, text)), _chats(found.questions[:1]))
    return asking(asked, NAME, visit, f"write {found.row}")


def _list(
    visit: Visit, alike: Sequence[Alike], first: str = "", *, settled: Alike | None = None
) -> Step:
    """In the place of the card whose button was pressed."""
    card, chats = list_card(visit, alike, first), _chats(shown_on(alike, first))
    shown = quoting(visit, card, chats, on=visit.pressed)
    if settled is None:
        return closing(shown)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(_settling(visit, settled))
        return shown.work(chat)

    return closing(replace(shown, work=work, toast=say(Say.SETTLED, visit.language)))
