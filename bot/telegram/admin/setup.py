"""/setup: from nothing to a company that answers, one question at a time."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from telegram import Message

from bot.core.texts import say
from bot.core.texts.profile import Configure
from bot.core.texts.setup import Setup as Say
from bot.telegram.admin import contact, hours
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.company_card import link_for_clients
from bot.telegram.admin.fields import VOCABULARY
from bot.telegram.admin.knowledge import ADDED, KnowledgeCommand, rest_of
from bot.telegram.admin.problems import told as mended
from bot.telegram.admin.publish import PublishCommand
from bot.telegram.admin.release import plan_of, stale
from bot.telegram.admin.setup_cards import (
    NAME,
    chosen,
    finished,
    taken,
    task_card,
    trade_name,
    voice_name,
    ways_on,
)
from bot.telegram.admin.setup_tasks import VOICES, Task, after, left, tasks_of
from bot.telegram.admin.setup_tries import tries
from bot.telegram.admin.state import redraft, state_now, state_of
from bot.telegram.admin.trying import Trying
from bot.telegram.admin.visit import (
    Card,
    Step,
    Visit,
    answer,
    asking,
    closing,
    headed,
    one_after_another,
    showing,
)
from db.bots import bots_of
from db.chats import ChatWork
from db.company_now import company_now
from db.engine import Database
from db.records import Draft
from tenants.form import Changes, Form, Refused
from tenants.permissions import Action
from tenants.profile import Profile
from tenants.trades import Trade, beginning, questions
from tenants.values import is_blank

_ASKED: Final = frozenset(Task) - {Task.VOICE, Task.PUBLISH, Task.BOT}  # what a message answers
Changing = Callable[[Profile], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SetupCommand(Command):
    """Asks what is not known yet; whatever was said stays, and can be said anew."""

    name = NAME
    action = Action.CONFIGURE

    database: Database
    knowledge: KnowledgeCommand
    publishing: PublishCommand
    trying: Trying

    async def open(self, visit: Visit, words: str) -> Step:
        """Where it was left."""
        return Step(lambda chat: begin(chat, visit))

    @on_press(Action.CONFIGURE, "", "at", "skip", "later", "trade", "voice", "ask", hours.AGREE)
    @on_press(Action.PUBLISH, "publish")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows where it was left."""
        step = await self.open(visit, "")
        match words.split():
            case ["at", task] if task in set(tasks_of(visit.role)):
                step = Step(lambda chat: _show(chat, visit, Task(task)))
            case ["skip", task] if task in set(Task):
                step = Step(lambda chat: _go_on(chat, visit, Task(task)))
            case ["later"]:
                step = closing(Step(card=Card(headed(visit, say(Say.LEFT, visit.language)))))
            case ["trade", trade] if trade in set(Trade):
                label = trade_name(Trade(trade), visit.language)
                step = _chosen(visit, Task.TRADE, lambda now: beginning(Trade(trade), now), label)
            case ["voice", voice] if voice in VOICES:
                label = voice_name(voice, visit.language)
                step = _chosen(visit, Task.VOICE, lambda _: VOICES[voice], label)
            case [hours.AGREE, looked_at]:
                step = _agreed(visit, looked_at)
            case ["ask", number, *asked] if re.fullmatch("[0-2]", number):
                step = await self._try(visit, int(number), "".join(asked) + number)
            case ["publish", seen]:
                step = await self._publish(visit, seen)
        return step

    @on_answer(Action.CONFIGURE, *sorted(_ASKED), hours.FIELD)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """What was asked for, in the visitor's own words."""
        verb, _, rest = step.partition(" ")
        if verb == Task.KNOWLEDGE:
            return await self._know(visit, rest or ADDED, message)
        if is_blank(message.text or ""):
            return answer(headed(visit, say(Configure.NO_TEXT, visit.language)))
        state = await state_of(self.database, visit)
        if verb == Task.TRY:
            return tries(self.trying, visit, state.profile, message.text or "", asked=rest)
        if step == Task.CONTACT and contact.reaches_nobody(message.text or ""):
            return contact.asked_about(visit, NAME, [ways_on(visit, Task.CONTACT)])
        return _said(visit, Form(state.profile, VOCABULARY), verb, message.text or "")

    async def _know(self, visit: Visit, step: str, message: Message) -> Step:
        """Texts and files one after another: the question stays open."""

        def taken_in(_: Profile, after: Profile, __: str) -> Step:
            rest = rest_of(ADDED, message.text or "") or ADDED
            return asking(showing(taken(visit, after)), NAME, visit, f"{Task.KNOWLEDGE} {rest}")

        return await self.knowledge.take(visit, step, message, taken_in)

    async def _try(self, visit: Visit, number: int, asked: str) -> Step:
        state = await state_of(self.database, visit)
        offered = questions(state.profile)
        if number >= len(offered):
            return await self.open(visit, "")
        begun = tries(self.trying, visit, state.profile, offered[number], asked=asked)
        return asking(begun, NAME, visit, f"{Task.TRY} {asked}")

    async def _publish(self, visit: Visit, seen: str) -> Step:
        """With what comes after it, unless somebody was faster."""
        plan = await plan_of(self.database, visit)
        if plan is None or plan.unfitting or plan.seen != seen:
            return Step(stale(visit, NAME))
        published = await self.publishing.release(visit, plan, None)

        def work(chat: ChatWork) -> Sequence[Draft]:
            said = published.work(chat)
            if state_now(chat, visit).draft:
                return said
            return one_after_another(said, _go_on(chat, visit, Task.PUBLISH))

        return replace(published, work=work)


def begin(chat: ChatWork, visit: Visit) -> Sequence[Draft]:
    """Show what is not done yet; the question that it asks is open then.

    A bot of its own is not needed where clients find the company without: it is offered once.
    """
    todo = _left(chat, visit)
    if todo == [Task.BOT] and link_for_clients(chat.read(company_now, visit.here)):
        todo = []
    return _show(chat, visit, todo[0] if todo else None)


def _left(chat: ChatWork, visit: Visit) -> Sequence[Task]:
    return left(visit.role, state_now(chat, visit), chat.read(bots_of, visit.here.id))


def _go_on(chat: ChatWork, visit: Visit, task: Task) -> Sequence[Draft]:
    """What comes after a task, done or not."""
    return _show(chat, visit, after(task, _left(chat, visit)))


def _show(chat: ChatWork, visit: Visit, task: Task | None) -> Sequence[Draft]:
    if task is None:
        step = closing(showing(finished(visit, chat.read(company_now, visit.here))))
    else:
        shown = showing(task_card(visit, state_now(chat, visit), task))
        step = asking(shown, NAME, visit, str(task)) if task in _ASKED else closing(shown)
    return step.work(chat)


def _changed(visit: Visit, task: Task, changing: Changing) -> Callable[[ChatWork], Sequence[Draft]]:
    def work(chat: ChatWork) -> Sequence[Draft]:
        redraft(chat, visit, changing(state_now(chat, visit).profile))
        return _go_on(chat, visit, task)

    return work


def _chosen(visit: Visit, task: Task, changing: Changing, label: str) -> Step:
    """A tap: what was tapped takes the place of the question."""
    return Step(_changed(visit, task, changing), card=chosen(visit, label))


def _typed(visit: Visit, task: Task, read: Changes | Refused) -> Step:
    if isinstance(read, Refused):
        return _refused(visit, task, read)
    values = dict(read.values)
    if task is Task.TRADE:
        return Step(_changed(visit, task, lambda now: {**beginning(Trade.OTHER, now), **values}))
    return Step(_changed(visit, task, lambda _: values))


def _said(visit: Visit, form: Form, verb: str, text: str) -> Step:
    match verb:
        case Task.TRADE:
            return _typed(visit, Task.TRADE, form.answer("sector", text))
        case Task.CONTACT:
            return _typed(visit, Task.CONTACT, form.answer("contact", text))
        case _:
            read = form.answer(hours.FIELD, text)
            if isinstance(read, Refused):
                return _refused(visit, Task.HOURS, read)
            return hours.show_back(visit, read, NAME, again=f"at {Task.HOURS}")


def _agreed(visit: Visit, looked_at: str) -> Step:
    """The hours that were shown back."""

    def keep(chat: ChatWork, typed: str) -> Sequence[Draft]:
        redraft(chat, visit, {hours.FIELD: typed})
        return _go_on(chat, visit, Task.HOURS)

    return hours.agreed(visit, NAME, looked_at, keep)


def _refused(visit: Visit, task: Task, read: Refused) -> Step:
    """What to mend, and the ways on; the question stays open."""
    text = headed(visit, "\n".join(mended(read.problems, visit.language)))
    return answer(text, rows=[ways_on(visit, task)])
