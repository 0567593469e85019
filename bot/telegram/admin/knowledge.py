"""/knowledge: what a company's assistant knows, as text and as the text of files.

Every change goes to the draft. A question stays open while more may be on its way: after a text
that the Telegram client has cut, and after a file, unless it was for one source alone.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from pydantic import ValidationError
from telegram import Document, Message
from telegram.constants import ChatAction

from bot.core.attachments import LARGEST_BYTES
from bot.core.figures import number
from bot.core.texts import say
from bot.core.texts.profile import Knowledge as Say
from bot.core.tokens import hidden
from bot.errors import SportelloError
from bot.files import FileError, Reader, ReadText
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.company_card import pages
from bot.telegram.admin.documents import advice, fetch, send_text
from bot.telegram.admin.knowledge_cards import (
    NAME,
    Shown,
    changed,
    overview,
    really,
    source_card,
)
from bot.telegram.admin.knowledge_edits import (
    Edit,
    add,
    append,
    extend,
    refusal,
    remove,
    rewrite,
    write,
)
from bot.telegram.admin.state import redraft, state_now, state_of
from bot.telegram.admin.visit import (
    Card,
    Step,
    Visit,
    answer,
    asking,
    closing,
    headed,
    seen,
    showing,
)
from bot.telegram.errors import repeatable
from bot.telegram.route import CUT_TEXT_UNITS
from bot.telegram.wire import utf16_length
from db.chats import ChatWork
from db.engine import Database
from db.records import Draft
from tenants.permissions import Action
from tenants.profile import Profile, Source
from tenants.size import size_of
from tenants.sources import find, named
from tenants.values import KNOWLEDGE_CHARACTERS, is_blank

TEXT: Final = "-"  # in a question, in the place of a source's key: the text written here
FILE: Final = f"file {TEXT}"  # the question for a file
ADDED: Final = f"add {TEXT}"  # the question for more of that text
CUT: Final = "cut"  # the last word of a question whose answer goes on where the last one ended
Told = Callable[[Profile, Profile, str], Step]  # of before, after, and what was done
_OWN: Final = frozenset({"knowledge", "sources"})  # the fields that it is about
_ASKED: Final = {"paste": Say.ASK_PASTE, "add": Say.ASK_ADD, "file": Say.ASK_FILE}
_ASKED_ABOUT: Final = {"replace": Say.ASK_REPLACE, "extend": Say.ASK_EXTEND}


@dataclass(frozen=True, slots=True)
class KnowledgeCommand(Command):
    """List, write, add, replace and remove. `host_model` answers where a profile names none."""

    name = NAME
    action = Action.CONFIGURE
    file = FILE

    database: Database
    host_model: str
    read: ReadText = field(default_factory=Reader)

    async def open(self, visit: Visit, words: str) -> Step:
        """The card; words that follow are added to the text."""
        if words:
            told = _telling(visit, rest_of(ADDED, words))
            return edited(visit, _of_text(visit, ADDED, words), told)
        return showing(await self._overview(visit))

    @on_press(Action.CONFIGURE, "", "paste", "add", "file", "clear", "remove", "done", "show")
    @on_press(Action.CONFIGURE, "source", "replace", "extend", "get", "gone")
    async def press(self, visit: Visit, words: str) -> Step:
        """Whatever the cards offer."""
        verb, _, key = words.partition(" ")
        match verb:
            case "paste" | "add" | "file":
                asked = say(_ASKED[verb], visit.language, megabytes=LARGEST_BYTES // 1024**2)
                return _ask(visit, f"{verb} {TEXT}", asked)
            case "clear":
                return await self._clear(visit, looked_at=key)
            case "gone":
                return _edit(visit, remove(key, visit.language))
            case "done" | "show" | "":  # without words it is another card's button
                return closing(Step(card=await self._overview(visit, first=key)))
            case _:
                return await self._about_source(visit, verb, key)

    @on_answer(Action.CONFIGURE, "paste", "add", "file", "replace", "extend")
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """A text or a file, for what the question was about."""
        if message.document:
            more = FILE if message.media_group_id or step.split()[1] == TEXT else None
        else:
            more = rest_of(step, message.text or "")
        return await self.take(visit, step, message, _telling(visit, more))

    async def take(self, visit: Visit, step: str, message: Message, told: Told) -> Step:
        """Put what was sent into the draft, as the question `step` asks; `told` says so."""
        if message.document:
            name = named(message.document.file_name or "")
            text = await self._read(visit, message, message.document)
            if isinstance(text, Step):
                return text
            return edited(visit, _of_file(visit, step, name, text), told)
        if message.text and not is_blank(message.text):
            return edited(visit, _of_text(visit, step, message.text), told)
        return answer(headed(visit, say(Say.SEND_TEXT_OR_FILE, visit.language)))

    # ---------------------------------------------------------------- what is shown

    async def _overview(self, visit: Visit, *, first: str = "") -> Card:
        state = await state_of(self.database, visit)
        profile, is_draft = state.profile, not _OWN.isdisjoint(state.changed)
        size = await asyncio.to_thread(size_of, profile, host_model=self.host_model)
        return overview(visit, Shown(profile, is_draft, size), first=first)

    async def _about_source(self, visit: Visit, verb: str, key: str) -> Step:
        state = await state_of(self.database, visit)
        source = find(state.profile.sources, key)
        if source is None:
            return Step(toast=say(Say.GONE, visit.language), card=await self._overview(visit))
        if asked := _ASKED_ABOUT.get(verb):
            return _ask(visit, f"{verb} {key}", say(asked, visit.language, name=source.name))
        if verb == "get" and visit.update.effective_chat:
            then = partial(
                send_text, visit.update.effective_chat, f"{source.name}.txt", source.text
            )
            return Step(toast=say(Say.SENT, visit.language), then=then)
        if verb == "remove":
            text = say(Say.REALLY_REMOVE, visit.language, name=source.name)
            return Step(card=really(visit, text, f"gone {key}"))
        return Step(card=source_card(visit, source))

    async def _clear(self, visit: Visit, *, looked_at: str) -> Step:
        """Only the text that was looked at when it was asked whether to remove it."""
        text = (await state_of(self.database, visit)).profile.knowledge
        if looked_at == seen(text):
            return _edit(visit, write("", visit.language))
        if not text:
            return Step(card=await self._overview(visit))
        asked = say(Say.REALLY_CLEAR, visit.language, pages=pages(text, visit.language))
        return Step(card=really(visit, asked, f"clear {seen(text)}"))

    # ---------------------------------------------------------------- what is sent

    async def _read(self, visit: Visit, message: Message, document: Document) -> str | Step:
        """The text of a file, or what to do about it."""
        name = document.file_name or ""
        await _show_typing(message)
        try:
            data = await fetch(document)
            text = await self.read(name, data, max_characters=KNOWLEDGE_CHARACTERS)
        except (FileError, SportelloError) as error:
            limit = number(KNOWLEDGE_CHARACTERS, visit.language)
            told = advice(error, visit.language, name=named(name), limit=limit)
            return answer(headed(visit, told))
        return await asyncio.to_thread(hidden, text)


def rest_of(step: str, text: str) -> str | None:
    """The question that the rest of a text answers which the Telegram client has cut."""
    key = step.split()[1]
    if utf16_length(text) < CUT_TEXT_UNITS:
        return None
    return f"{'add' if key == TEXT else 'extend'} {key} {CUT}"


def _of_text(visit: Visit, step: str, text: str) -> Edit:
    verb, key, *rest = step.split()
    joint = "\n" if rest == [CUT] else "\n\n"
    match verb:
        case "replace":
            return rewrite(key, text, visit.language, now=visit.now)
        case "extend":
            return extend(key, text, visit.language, joint=joint, now=visit.now)
        case "paste":
            return write(text, visit.language)
        case _:
            return append(text, visit.language, joint=joint)


def _of_file(visit: Visit, step: str, name: str, text: str) -> Edit:
    verb, key, *_ = step.split()
    if verb == "extend":
        return extend(key, text, visit.language, joint="\n\n", now=visit.now)
    source = Source(name=name, text=text, added_at=visit.now)
    return add(source, visit.language, instead_of=key if verb == "replace" else "")


def _edit(visit: Visit, edit: Edit) -> Step:
    return edited(visit, edit, _telling(visit, None))


def _telling(visit: Visit, follow_up: str | None) -> Told:
    """What became of the knowledge; a question stays open for what follows."""

    def told(before: Profile, after: Profile, what: str) -> Step:
        said = showing(changed(visit, before, after, what, more=bool(follow_up)))
        return asking(said, NAME, visit, follow_up) if follow_up else closing(said)

    return told


def edited(visit: Visit, edit: Edit, told: Told) -> Step:
    """Make an edit in the draft. A refused one leaves the question open."""

    def work(chat: ChatWork) -> Sequence[Draft]:
        try:
            made = edit(state_now(chat, visit).profile)
            if made is None:
                chat.ask(None)
                return Card(headed(visit, say(Say.GONE, visit.language))).drafts()
            before, after = redraft(chat, visit, made.changes)
        except ValidationError as error:
            return Card(headed(visit, refusal(error, visit.language))).drafts()
        return told(before, after, made.what).work(chat)

    return Step(work)


def _ask(visit: Visit, step: str, text: str) -> Step:
    return asking(answer(headed(visit, text)), NAME, visit, step)


async def _show_typing(message: Message) -> None:
    with suppress(SportelloError), repeatable():
        await message.chat.send_action(ChatAction.TYPING)
