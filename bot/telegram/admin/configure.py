"""/configure: a tenant's card, a button per field, one-liners, several at once, TOML in and out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import Document, Message

from bot.core.figures import number
from bot.core.texts import say
from bot.core.texts.configure import Configure as Say
from bot.errors import SportelloError
from bot.files import FileError
from bot.ports import Catalogue
from bot.telegram.admin import configure_card as cards
from bot.telegram.admin import configure_cuts as cuts
from bot.telegram.admin import configure_steps as steps
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.configure_card import NAME
from bot.telegram.admin.documents import advice, fetch
from bot.telegram.admin.fields import VOCABULARY
from bot.telegram.admin.state import State, state_of
from bot.telegram.admin.visit import Card, Step, Visit, closing, showing
from db.engine import Database
from tenants.fields import FIELDS
from tenants.form import Ask, Changes, Export, Form, Refused, Request, Show, looks
from tenants.permissions import Action
from tenants.size import size_of
from tenants.values import KNOWLEDGE_CHARACTERS

LARGEST_MEGABYTES: Final = 2  # of a TOML file: with the longest texts it has half of that


@dataclass(frozen=True, slots=True)
class ConfigureCommand(Command):
    """The profile of the tenant in hand. `host_model` answers where it names none."""

    name = NAME
    action = Action.VIEW
    file = steps.SEVERAL

    database: Database
    host_model: str
    catalogue: Catalogue

    def needs(self, words: str) -> Action:
        """Whoever may look may do no more with words after it."""
        return Action.VIEW if looks(words) else Action.CONFIGURE

    async def open(self, visit: Visit, words: str) -> Step:
        """The card; or with words a change, a question, the profile as TOML."""
        if visit.update.message and cuts.is_cut(visit.update.message):
            return cuts.pass_over(visit, visit.update.message, steps.SEVERAL)
        state = await state_of(self.database, visit)
        read = Form(state.profile, VOCABULARY).command(words)
        return await self._follow(visit, state, read, asked=False)

    @on_press(Action.VIEW, "", "card", "export")
    @on_press(Action.CONFIGURE, "ask", "set", "default", "several", "discard")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the card's buttons; what none of them is shows the card."""
        state = await state_of(self.database, visit)
        step = await self._pressed(visit, state, words.split())
        return step or closing(Step(card=await self._card(visit, state)))

    @on_answer(Action.CONFIGURE, *FIELDS, steps.SEVERAL, cuts.CUT)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """The value that was asked for, or several, or a file."""
        step, rest = cuts.asked_before(step, message)
        if rest or cuts.is_cut(message):
            return cuts.pass_over(visit, message, step, told=rest)
        state = await state_of(self.database, visit)
        form = Form(state.profile, VOCABULARY)
        if message.document:
            return await self._document(visit, state, message.document)
        if not message.text:
            return steps.telling(visit, Say.NO_TEXT)
        if step in FIELDS:
            return await self._settle(visit, state, form.answer(step, message.text))
        return await self._follow(visit, state, form.command(message.text), asked=True)

    async def _card(self, visit: Visit, state: State) -> Card:
        size = await asyncio.to_thread(size_of, state.profile, host_model=self.host_model)
        return cards.overview(visit, state, size)

    async def _follow(self, visit: Visit, state: State, read: Request, *, asked: bool) -> Step:
        """What comes of what was typed."""
        match read:
            case Show():
                return showing(await self._card(visit, state))
            case Export():
                return steps.export(visit, state)
            case Ask(name):
                return steps.ask(visit, name, cards.question(visit, state, name))
            case Changes():
                return await self._settle(visit, state, read)
            case Refused(problems):
                return showing(cards.refused(visit, problems, asked=asked))

    async def _document(self, visit: Visit, state: State, document: Document) -> Step:
        name, language = document.file_name or "", visit.language
        if not name.lower().endswith(".toml"):
            return steps.telling(visit, Say.FILE_NOT_TOML)
        if (document.file_size or 0) > LARGEST_MEGABYTES * 1024**2:
            told = say(Say.FILE_TOO_LARGE, language, limit=LARGEST_MEGABYTES)
            return steps.showing_text(visit, told)
        try:
            text = (await fetch(document)).decode("utf-8-sig")
        except (FileError, SportelloError) as error:
            return steps.showing_text(
                visit,
                advice(error, language, name=name, limit=number(KNOWLEDGE_CHARACTERS, language)),
            )
        except UnicodeDecodeError:
            return steps.telling(visit, Say.FILE_NOT_UTF8)
        read = await asyncio.to_thread(Form(state.profile, VOCABULARY).document, text)
        return await self._settle(visit, state, read)

    async def _settle(
        self, visit: Visit, state: State, read: Changes | Refused, *, pressed: bool = False
    ) -> Step:
        return await steps.settle(visit, state, read, self.catalogue, pressed=pressed)

    async def _pressed(self, visit: Visit, state: State, words: Sequence[str]) -> Step | None:
        form, step = Form(state.profile, VOCABULARY), None
        match words:
            case ["ask", name] if name in FIELDS:
                step = steps.ask(visit, name, cards.question(visit, state, name), pressed=True)
            case ["several"]:
                step = steps.ask(visit, steps.SEVERAL, cards.several(visit), pressed=True)
            case ["set", name, value] if name in FIELDS:
                step = await self._settle(visit, state, form.answer(name, value), pressed=True)
            case ["default", name] if name in FIELDS:
                step = await self._settle(visit, state, form.default(name), pressed=True)
            case ["export"]:
                step = steps.export(visit, state)
            case ["discard"] if state.changed:
                step = Step(card=cards.really_discard(visit, state))
            case ["discard", "yes", seen] if state.draft and seen == str(state.draft.revision):
                step = steps.discard(visit, state, state.draft.revision)
            case ["discard", "yes", *_] if state.draft is None:
                step = steps.nothing_drafted(visit)
        return step
