"""/publish: what would change, the test questions on old and new, and the new version."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import InlineKeyboardButton, Message

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.diffs import named, names_in, shown
from bot.telegram.admin.release import News, Plan, announce, plan_of, stale
from bot.telegram.admin.showcase import Showcase
from bot.telegram.admin.trying import Trying
from bot.telegram.admin.visit import (
    Card,
    Rows,
    Step,
    Visit,
    answer,
    asking,
    button,
    card_key,
    closing,
    headed,
    showing,
)
from bot.telegram.presses import best_effort
from bot.turns.trial import Compared, Trial
from db.chats import ChatWork
from db.drafts import Publish
from db.engine import Database
from db.records import Draft
from tenants.difference import trail_of
from tenants.permissions import Action

NAME: Final = "publish"
NOTE_CHARACTERS: Final = 500


async def _compare(trial: Trial, visit: Visit, plan: Plan, rows: Rows) -> Sequence[Card]:
    """What both answer; `rows` go under the last card. How far it is stands where was pressed."""
    query, count = visit.update.callback_query, len(plan.new.test_questions)

    async def show(done: int) -> None:
        text = headed(visit, say(Say.TRYING, visit.language, done=done, count=count))
        if query:
            await best_effort(query.edit_message_text, text)

    await show(0)
    key = f"tenant-{visit.here.id}-trial-{plan.seen}"
    compared = await trial.compare(plan.old, plan.new, key=key, progress=show)
    return _cards(visit, compared, rows)


def _cards(visit: Visit, compared: Sequence[Compared], rows: Rows) -> Sequence[Card]:
    language = visit.language
    answered = [
        Card(
            "\n\n".join(
                (
                    headed(visit, say(Say.TRIED, language, number=n, question=one.question)),
                    _said(Say.TRIED_PUBLISHED, one.old, language),
                    _said(Say.TRIED_DRAFT, one.new, language),
                )
            )
        )
        for n, one in enumerate(compared, 1)
    ]
    return [*answered, Card(headed(visit, say(Say.TRIED_ALL, language)), rows)]


def _said(version: Say, bubbles: Sequence[str] | None, language: str) -> str:
    said = bubbles or (say(Say.TRIED_NOTHING, language),)
    return "\n".join((say(version, language), *(f"– {bubble}" for bubble in said)))


@dataclass(frozen=True, slots=True)
class PublishCommand(Command):
    """Show the draft against what is published; publish it, with or without a note."""

    name = NAME
    action = Action.PUBLISH

    database: Database
    trying: Trying
    showcase: Showcase

    async def open(self, visit: Visit, words: str) -> Step:
        """What would change."""
        return showing(await self._card(visit))

    @on_press(Action.PUBLISH, "", "show", "back", "now", "note", "try")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons below; whatever else opens the card anew."""
        verb, _, seen = words.partition(" ")
        match verb:
            case "show":
                return await self.showcase.press(visit)
            case "back":
                card = card_key(visit)
                return Step(card=Card(headed(visit, say(Say.LEFT, visit.language)), [[card]]))
            case "now" | "note" | "try":
                return await self._go_on(visit, verb, seen)
        return Step(card=await self._card(visit))

    async def _go_on(self, visit: Visit, verb: str, seen: str) -> Step:
        """Only with the draft that was looked at."""
        plan = await plan_of(self.database, visit)
        if plan is None or plan.unfitting or plan.seen != seen:
            return Step(stale(visit, NAME))
        if verb == "note":
            return _ask_note(visit, seen)
        if verb == "try":
            rows = self._buttons(visit, plan)
            ask = partial(_compare, self.trying.trial, visit, plan, rows)
            again = button(
                say(Say.TRY_QUESTIONS, visit.language), NAME, visit.tenant, f"try {seen}"
            )
            busy = Step(toast=say(Say.TRYING_ALREADY, visit.language))
            return self.trying.begin(visit, ask, again=again, busy=busy)
        return await self.release(visit, plan, None)

    @on_answer(Action.PUBLISH, "note")
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """The note; with it the draft is published."""
        note = " ".join((message.text or "").split())
        if not 0 < len(note) <= NOTE_CHARACTERS:
            text = say(Say.BAD_NOTE, visit.language, most=NOTE_CHARACTERS)
            return answer(headed(visit, text))
        plan = await plan_of(self.database, visit)
        if plan is None or plan.seen != step.removeprefix("note ") or plan.unfitting:
            return closing(Step(stale(visit, NAME)))
        return closing(await self.release(visit, plan, note))

    # ---------------------------------------------------------------- the card

    async def _card(self, visit: Visit) -> Card:
        language, plan = visit.language, await plan_of(self.database, visit)
        if plan is None:
            return Card(headed(visit, say(Say.NOTHING_TO_PUBLISH, language)))
        if plan.unfitting:
            fields = named(plan.unfitting, language)
            return Card(headed(visit, say(Say.NOT_FITTING, language, fields=fields)))
        authors = plan.authors()
        by = [
            say(Say.CHANGED_BY, language, author=author, fields=named(fields, language))
            for author, fields in authors.items()
            if [*authors] != [visit.name]  # their own work they know
        ]
        said = say(Say.ASK_PUBLISH if plan.noticed else Say.NOTHING_NOTICED, language)
        changes = await asyncio.to_thread(
            shown, plan.noticed, language, called=names_in(plan.new, plan.old)
        )
        told = [say(Say.NO_CONTACT, language)] if _nobody_is_told(plan) else []
        if names := plan.know_alone():
            told = [say(Say.KNOWS_ALONE, language, names=", ".join(names)), *told]
        text = "\n\n".join(filter(None, (said, changes, "\n".join(by), *told)))
        return Card(headed(visit, text), self._buttons(visit, plan))

    def _buttons(self, visit: Visit, plan: Plan) -> Sequence[Sequence[InlineKeyboardButton]]:
        def make(text: Say, verb: str) -> InlineKeyboardButton:
            words = f"{verb} {plan.seen}"
            return button(say(text, visit.language), NAME, visit.tenant, words)

        rows = [
            [make(Say.PUBLISH, "now")],
            [make(Say.PUBLISH_WITH_NOTE, "note")],
            [make(Say.TRY_QUESTIONS, "try")],
            [make(Say.BACK, "back")],
        ]
        rows = rows if plan.new.test_questions else [*rows[:2], rows[3]]
        if not _nobody_is_told(plan):
            return rows
        ask = button(say(Say.SET_CONTACT, visit.language), "configure", visit.tenant, "ask contact")
        return [[ask], [make(Say.PUBLISH_ANYWAY, "now")], *rows[1:]]

    # ---------------------------------------------------------------- the effect

    async def release(self, visit: Visit, plan: Plan, note: str | None) -> Step:
        """Publish what was looked at, unless somebody was faster."""
        late, language, visit = stale(visit, NAME), visit.language, replace(visit, profile=plan.new)
        offer = await self.showcase.offer(visit, plan.new)
        card = card_key(visit)
        follows = [*(offer.rows if offer else ()), [card]]
        release = Publish(
            tenant=visit.here.id,
            version=plan.version,
            revision=plan.draft.revision,
            body=await asyncio.to_thread(plan.new.model_dump_json),
            trail=await asyncio.to_thread(trail_of, plan.found),
            actor=visit.actor,
            now=visit.now,
            note=note,
        )

        def work(chat: ChatWork) -> Sequence[Draft]:
            made = chat.do(release)
            if made is None:
                return late(chat)
            news = News(visit, Say.TOLD_PUBLISHED, {}, note, plan.authors())
            announce(chat, visit, news)
            said = headed(visit, say(Say.PUBLISHED, language))
            offered = (offer.text,) if offer else ()
            return answer(said, *offered, rows=follows).work(chat)

        return Step(work, spent=True)


def _nobody_is_told(plan: Plan) -> bool:
    """Before the first publication: whether clients hear of no way to reach a person."""
    own_words = "escalation_phrase" in plan.new.model_fields_set
    return plan.version == 1 and not plan.new.contact and not own_words


def _ask_note(visit: Visit, seen: str) -> Step:
    question = answer(headed(visit, say(Say.ASK_NOTE, visit.language)))
    return asking(question, NAME, visit, f"note {seen}")
