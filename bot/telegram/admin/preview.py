"""/preview and /done: an admin talks to the draft, and leaves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.command import Command
from bot.telegram.admin.state import state_of
from bot.telegram.admin.visit import Step, Visit, answer, headed
from bot.turns.events import Work
from db.chats import ChatWork
from db.engine import Database
from db.previews import enter, leave
from db.records import PUBLIC, Draft
from tenants.names import assistants_name
from tenants.permissions import Action

DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class PreviewCommand(Command):
    """Try what is drafted, in a scratch thread of this chat."""

    name = "preview"
    action = Action.CONFIGURE

    database: Database

    async def open(self, visit: Visit, words: str) -> Step:
        """Begin a fresh trial, of the private assistant that is named or of the public one."""
        state = await state_of(self.database, visit)
        profile = state.profile
        name = assistants_name(words.strip()) if words.strip() else PUBLIC
        if name != PUBLIC and name not in profile.assistants:
            return _unknown(visit, map(profile.called, profile.assistants))
        questions = profile.test_questions
        text = Say.PREVIEW_DRAFT if state.draft else Say.PREVIEW_PUBLISHED
        said = [headed(visit, say(text, visit.language))]
        if questions:
            said.append(say(Say.PREVIEW_QUESTIONS, visit.language))
        greeting = with_markup(answer("\n\n".join(said)).work, _keys(questions))

        def work(chat: ChatWork) -> Sequence[Draft]:
            enter(chat, visit.here.id, name)
            return greeting(chat)

        return Step(work)


@dataclass(frozen=True, slots=True)
class DoneCommand(Command):
    """Back to where the chat was before the trial."""

    name = DONE
    action = Action.DESK
    needs_tenant = False

    async def open(self, visit: Visit, words: str) -> Step:
        """Leave the trial, and take the keys away."""
        over = answer(say(Say.PREVIEW_OVER, visit.language))
        none = answer(say(Say.NO_PREVIEW, visit.language))
        farewell = with_markup(over.work, ReplyKeyboardRemove().to_json())

        def work(chat: ChatWork) -> Sequence[Draft]:
            return farewell(chat) if leave(chat) else none.work(chat)

        return Step(work)


def with_markup(work: Work, markup: str | None) -> Work:
    """The same messages, with a keyboard under the last."""

    def marked(chat: ChatWork) -> Sequence[Draft]:
        *before, last = work(chat)
        return (*before, replace(last, markup=markup))

    return marked


def _unknown(visit: Visit, known: Iterable[str]) -> Step:
    names = ", ".join(sorted(known)) or say(Say.NOTHING, visit.language)
    return answer(headed(visit, say(Say.PREVIEW_UNKNOWN, visit.language, names=names)))


def _keys(questions: Sequence[str]) -> str:
    """A key sends what stands on it, as if it had been typed."""
    keys = [[KeyboardButton(question)] for question in (*questions, f"/{DONE}")]
    return ReplyKeyboardMarkup(keys, resize_keyboard=True, is_persistent=True).to_json()
