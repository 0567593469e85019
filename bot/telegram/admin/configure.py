"""/configure: a tenant's card, a button per field, one-liners, several at once, TOML in and out."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import Document, Message

from bot.core.figures import number
from bot.core.texts import say
from bot.core.texts.profile import Configure as Say
from bot.core.tokens import hidden_in
from bot.errors import SportelloError
from bot.files import FileError
from bot.net.fence import Perimeter
from bot.telegram.admin import configure_cards as cards
from bot.telegram.admin import contact, hours, tools_cards
from bot.telegram.admin.command import Command, on_answer, on_press, verb_of
from bot.telegram.admin.company_card import group, more, overview
from bot.telegram.admin.configure_cards import NAME
from bot.telegram.admin.cuts import CUT, asked_before, is_cut, pass_over
from bot.telegram.admin.documents import advice, fetch, send_text
from bot.telegram.admin.fields import VOCABULARY
from bot.telegram.admin.known_tools import TenantTools
from bot.telegram.admin.own_tools import OwnTools
from bot.telegram.admin.own_tools_cards import VERB
from bot.telegram.admin.release import stale
from bot.telegram.admin.state import State, redraft, state_of
from bot.telegram.admin.visit import Card, Step, Visit, asking, closing, headed, showing
from bot.telegram.secrets import Secrets
from bot.telegram.wire import utf16_length
from bot.turns.offers import Catalogue, judge_models
from db.chats import ChatWork
from db.company_now import company_now
from db.drafts import Change, Discard
from db.engine import Database
from db.records import Draft, OutboxKind
from tenants import toml
from tenants.difference import differences, trail_of
from tenants.fields import FIELDS
from tenants.form import Ask, Changes, Export, Form, Refused, Request, Show, looks
from tenants.permissions import Action
from tenants.profile import Profile
from tenants.size import size_of
from tenants.values import KNOWLEDGE_CHARACTERS, Group

LARGEST_MEGABYTES: Final = 2  # of a TOML file: with the longest texts it has half of that
SEVERAL: Final = "*"  # the step of a form that asks for no single field
LONGEST_MESSAGE_UNITS: Final = 4_000  # a longer export is a file
NOTHING_SAID: Final = '# company_name = "..."'


@dataclass(frozen=True, slots=True)
class ConfigureCommand(Command):
    """The profile of the tenant in hand. `host_model` answers where it names none.

    `fence`: where tools of a company's own may lead.
    """

    name = NAME
    action = Action.VIEW
    file = SEVERAL

    database: Database
    host_model: str
    catalogue: Catalogue
    tools: TenantTools
    secrets: Secrets
    fence: Perimeter

    def needs(self, words: str) -> Action:
        """Whoever may look may do no more with words after it."""
        return Action.VIEW if looks(words) else Action.CONFIGURE

    async def open(self, visit: Visit, words: str) -> Step:
        """The card; or with words a change, a question, the profile as TOML."""
        if visit.update.message and is_cut(visit.update.message):
            return pass_over(visit, visit.update.message, command=NAME, step=SEVERAL)
        state = await state_of(self.database, visit)
        read = Form(state.profile, VOCABULARY).command(words)
        return await self._follow(visit, state, read, asked=False)

    @on_press(Action.VIEW, "", "card", "export", "group", "more")
    @on_press(Action.CONFIGURE, "ask", "set", "default", "several", "discard")
    @on_press(Action.CONFIGURE, hours.AGREE, tools_cards.SWITCH)
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the card's buttons; what none of them is shows the card."""
        state = await state_of(self.database, visit)
        step = await self._pressed(visit, state, words.split())
        return step or closing(Step(card=await self._card(visit, state)))

    @on_answer(Action.CONFIGURE, *FIELDS, SEVERAL, CUT)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """The value that was asked for, or several, or a file."""
        step, rest = asked_before(step, message)
        if rest or is_cut(message):
            return pass_over(visit, message, command=NAME, step=step, told=rest)
        state = await state_of(self.database, visit)
        form = Form(state.profile, VOCABULARY)
        if message.document:
            return await self._document(visit, state, message.document)
        if not message.text:
            return _telling(visit, Say.NO_TEXT)
        if step == contact.FIELD and contact.reaches_nobody(message.text):
            return contact.asked_about(visit, NAME, [[cards.back(visit)]])
        if (name := verb_of(step)) in FIELDS:
            return await self._follow(visit, state, form.answer(name, message.text), asked=True)
        return await self._follow(visit, state, form.command(message.text), asked=True)

    @on_press(Action.CONFIGURE, VERB)
    async def press_own(self, visit: Visit, words: str) -> Step:
        """A button about a tool of the company's own; what none of them is shows the tools."""
        step = await self._own.press(visit, words.split()[1:])
        if step is None:
            state = await state_of(self.database, visit)
            card = await self._question(visit, state, tools_cards.FIELD)
            step = closing(Step(card=card))
        return step

    @on_answer(Action.CONFIGURE, VERB)
    async def answer_own(self, visit: Visit, step: str, message: Message) -> Step:
        """What was asked about one."""
        return await self._own.answer(visit, step, message)

    async def _card(self, visit: Visit, state: State) -> Card:
        return overview(visit, state, await self.database.read(company_now, visit.here))

    async def _group(self, visit: Visit, state: State, which: str) -> Step | None:
        if which not in [*Group]:
            return None
        size = await asyncio.to_thread(size_of, state.profile, host_model=self.host_model)
        return closing(Step(card=group(visit, state, Group(which), size)))

    async def _follow(self, visit: Visit, state: State, read: Request, *, asked: bool) -> Step:
        """What comes of what was typed."""
        match read:
            case Show():
                return showing(await self._card(visit, state))
            case Export():
                return _export(visit, state)
            case Ask(name):
                return _ask(visit, name, await self._question(visit, state, name))
            case Changes() if hours.are_all(read):
                return hours.show_back(visit, read, NAME, again=f"ask {hours.FIELD}")
            case Changes():
                return await self._settle(visit, state, read)
            case Refused(problems):
                return showing(cards.refused(visit, problems, asked=asked))

    async def _document(self, visit: Visit, state: State, document: Document) -> Step:
        name, language = document.file_name or "", visit.language
        if not name.lower().endswith(".toml"):
            return _telling(visit, Say.FILE_NOT_TOML)
        if (document.file_size or 0) > LARGEST_MEGABYTES * 1024**2:
            told = say(Say.FILE_TOO_LARGE, language, limit=LARGEST_MEGABYTES)
            return _showing_text(visit, told)
        try:
            text = (await fetch(document)).decode("utf-8-sig")
        except (FileError, SportelloError) as error:
            return _showing_text(
                visit,
                advice(error, language, name=name, limit=number(KNOWLEDGE_CHARACTERS, language)),
            )
        except UnicodeDecodeError:
            return _telling(visit, Say.FILE_NOT_UTF8)
        read = await asyncio.to_thread(Form(state.profile, VOCABULARY).document, text)
        return await self._settle(visit, state, read)

    async def _settle(
        self, visit: Visit, state: State, read: Changes | Refused, *, pressed: bool = False
    ) -> Step:
        """Write the changes into the draft and close what was asked, or leave it open."""
        unsure: tuple[str, ...] = ()
        if isinstance(read, Changes):
            read = await asyncio.to_thread(_without_tokens, state, read)
            names = (await self.tools.of(visit)).names
            read, unsure = await with_what_there_is(self.catalogue, names, state.profile, read)
        if isinstance(read, Refused):
            card = cards.refused(visit, read.problems, asked=True)
            return Step(card=card) if pressed else showing(card)
        trail = await asyncio.to_thread(trail_of, differences(state.profile, read.profile))
        changes = Change(visit.here.id, read.values, visit.actor, visit.now, trail)
        card = cards.changed(visit, state.profile, read.profile, read.values)
        card = cards.doubted(visit, card, unsure)
        card = hours.noted(visit, card, read, NAME, again=f"ask {hours.FIELD}")

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.ask(None)
            chat.do(changes)
            return () if pressed else card.drafts()

        return Step(work, card=card if pressed else None)

    async def _pressed(self, visit: Visit, state: State, words: Sequence[str]) -> Step | None:
        form, step = Form(state.profile, VOCABULARY), None
        match words:
            case ["ask", name] if name in FIELDS:
                question = await self._question(visit, state, name)
                step = _ask(visit, name, question, pressed=True)
            case ["several"]:
                step = _ask(visit, SEVERAL, cards.several(visit), pressed=True)
            case ["set", name, value] if name in FIELDS:
                step = await self._settle(visit, state, form.answer(name, value), pressed=True)
            case [tools_cards.SWITCH, looked_at]:
                step = await self._switch(visit, state, looked_at)
            case ["default", name] if name in FIELDS:
                step = await self._settle(visit, state, form.default(name), pressed=True)
            case [hours.AGREE, looked_at]:
                step = _agreed(visit, looked_at)
            case ["export"]:
                step = _export(visit, state)
            case ["more"]:
                step = closing(Step(card=more(visit, state)))
            case ["group", which]:
                step = await self._group(visit, state, which)
            case ["discard"] if state.changed:
                step = Step(card=cards.really_discard(visit, state))
            case ["discard", "yes", seen] if state.draft and seen == str(state.draft.revision):
                step = _discard(visit, state, state.draft.revision)
            case ["discard", "yes", *_] if state.draft is None:
                step = Step(card=_told(visit, Say.NOTHING_DRAFTED))
        return step

    @property
    def _own(self) -> OwnTools:
        return OwnTools(self.database, self.tools.toolbox, self.secrets, self.fence)

    async def _question(self, visit: Visit, state: State, name: str) -> Card:
        if name != tools_cards.FIELD:
            return cards.question(visit, state, name)
        return tools_cards.question(visit, state.profile, await self.tools.of(visit))

    async def _switch(self, visit: Visit, state: State, looked_at: str) -> Step:
        """A tool on or off; the card shows how they stand now."""
        known = await self.tools.of(visit)
        names = " ".join(tools_cards.switched(state.profile, known, looked_at))
        form = Form(state.profile, VOCABULARY)
        read = form.answer(tools_cards.FIELD, names) if names else form.default(tools_cards.FIELD)
        step = await self._settle(visit, state, read, pressed=True)
        if isinstance(read, Refused):
            return step
        return replace(step, card=tools_cards.question(visit, read.profile, known))


async def with_what_there_is(
    catalogue: Catalogue, tools: Collection[str], before: Profile, read: Changes
) -> tuple[Changes | Refused, tuple[str, ...]]:
    """Refused for models and tools that do not exist; and models of which nothing is known.

    `tools`: the names of those that do.
    """
    judged = await judge_models(catalogue, before, read.profile)
    absent = tools_cards.not_there(before, read.profile, tools)
    problems = tuple((0, problem) for problem in (*judged.problems, *absent))
    return Refused(problems) if problems else read, judged.unsure


def _without_tokens(state: State, read: Changes) -> Changes:
    """TOML may write them in ways that are not seen before it is read."""
    values = hidden_in(read.values)
    return read if values == read.values else Changes(values, state.profile.changed(values))


def _agreed(visit: Visit, looked_at: str) -> Step:
    """The opening hours that were shown back."""

    def keep(chat: ChatWork, typed: str) -> Sequence[Draft]:
        before, after = redraft(chat, visit, {hours.FIELD: typed})
        return cards.changed(visit, before, after, [hours.FIELD]).drafts()

    return hours.agreed(visit, NAME, looked_at, keep)


def _discard(visit: Visit, state: State, revision: int) -> Step:
    """Throw the draft away, if it still is the one that was looked at."""
    gone = Discard(visit.here.id, revision, visit.actor, visit.now)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(None)
        return () if chat.do(gone) else stale(visit, NAME)(chat)

    return Step(work, card=_told(visit, Say.DISCARDED))


def _told(visit: Visit, text: Say) -> Card:
    return Card(headed(visit, say(text, visit.language)), [[cards.back(visit)]])


def _ask(visit: Visit, step: str, card: Card, *, pressed: bool = False) -> Step:
    """Show a question and wait for its answer; where taps are all, for nothing."""
    shown = Step(card=card) if pressed else showing(card)
    return closing(shown) if step == tools_cards.FIELD else asking(shown, NAME, visit, step)


def _export(visit: Visit, state: State) -> Step:
    """A short profile as a message, a long one as a file: that one is sent after the commit.

    It may be lost if the process dies in between, and the message before it says what to do then.
    """
    text = toml.write(state.profile).strip() or NOTHING_SAID
    if utf16_length(text) > LONGEST_MESSAGE_UNITS:
        return _export_file(visit, text)
    told = Card(headed(visit, say(Say.EXPORTED, visit.language))).drafts()
    block = [{"type": "pre", "offset": 0, "length": utf16_length(text), "language": "toml"}]
    code = Draft(OutboxKind.COMMAND, len(told), text, entities=json.dumps(block))
    return Step(lambda _: (*told, code))


def _export_file(visit: Visit, text: str) -> Step:
    told, chat = _telling(visit, Say.EXPORTED_FILE), visit.update.effective_chat
    if chat is None:
        return told
    return replace(told, then=partial(send_text, chat, f"{visit.here.name}.toml", text))


def _telling(visit: Visit, text: Say) -> Step:
    """Only say one of the texts."""
    return _showing_text(visit, say(text, visit.language))


def _showing_text(visit: Visit, text: str) -> Step:
    """Only say this, under the tenant's name."""
    return showing(Card(headed(visit, text)))
