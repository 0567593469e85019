"""/configure: a tenant's card, a button per field, one-liners, several at once, TOML in and out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from telegram import Document, InputFile, Message

from bot.core.texts import say
from bot.core.texts.configure import Configure as Say
from bot.core.texts.desk import Desk
from bot.core.texts.figures import number
from bot.errors import SportelloError
from bot.files import FileError
from bot.telegram.admin import configure_card as cards
from bot.telegram.admin.configure_card import NAME, State
from bot.telegram.admin.desk import asks
from bot.telegram.admin.documents import advice, fetch
from bot.telegram.admin.fields import VOCABULARY
from bot.telegram.admin.release import trail_of
from bot.telegram.admin.visit import Card, Step, Visit, answer, company, headed
from bot.telegram.errors import repeatable
from bot.telegram.wire import utf16_length
from db.audit import note
from db.chats import ChatWork
from db.drafts import Change, Discard, draft_of
from db.engine import Database
from db.journal import apply
from db.records import Draft, OutboxKind
from tenants import toml
from tenants.difference import differences
from tenants.fields import FIELDS
from tenants.form import Ask, Changes, Export, Form, Refused, Request, Show, drafted
from tenants.permissions import Action, may
from tenants.profile import KNOWLEDGE_CHARACTERS, Profile

SEVERAL: Final = "*"  # the step of a form that asks for no single field
LONGEST_MESSAGE_UNITS: Final = 4_000  # a longer export is a file
NOTHING_SAID: Final = '# company_name = "..."'
CHANGED, DISCARDED = "draft changed", "draft discarded"  # in the trail of changes


@dataclass(slots=True)
class ConfigureCommand:
    """The profile of the tenant in hand."""

    database: Database
    name: str = NAME
    action: Action = Action.VIEW
    presses: Mapping[str, Action] = field(
        default_factory=lambda: dict.fromkeys(
            ("ask", "set", "default", "several", "discard"), Action.CONFIGURE
        )
    )
    needs_tenant: bool = True

    async def open(self, visit: Visit, words: str) -> Step:
        """The card; or with words a change, a question, the profile as TOML."""
        state = await self._state(visit)
        read = Form(state.profile, VOCABULARY).command(words)
        return await _follow(visit, state, read, asked=False)

    async def press(self, visit: Visit, words: str) -> Step:
        """One of the card's buttons; what none of them is shows the card."""
        state = await self._state(visit)
        step = await _pressed(visit, state, words.split())
        return step or Step(_closing, card=cards.overview(visit, state))

    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """The value that was asked for, or several, or a file."""
        state = await self._state(visit)
        form = Form(state.profile, VOCABULARY)
        if not may(visit.role, Action.CONFIGURE):
            return _not_allowed(visit)
        if message.document:
            return await self._document(visit, state, message.document)
        if not message.text:
            return _say(visit, Say.NO_TEXT)
        if step in FIELDS:
            return await _settle(visit, state, form.answer(step, message.text))
        return await _follow(visit, state, form.command(message.text), asked=True)

    # ---------------------------------------------------------------- what is known

    async def _state(self, visit: Visit) -> State:
        tenant = visit.here
        published = Profile.model_validate_json(tenant.body)
        draft = await self.database.read(lambda connection: draft_of(connection, tenant.id))
        if draft is None:
            return State(published, published)
        profile, left_out = drafted(published, draft.changes)
        return State(published, profile, draft, left_out)

    async def _document(self, visit: Visit, state: State, document: Document) -> Step:
        name, language = document.file_name or "", visit.language
        if not name.lower().endswith(".toml"):
            return _say(visit, Say.FILE_NOT_TOML)
        try:
            text = (await fetch(document)).decode("utf-8-sig")
        except (FileError, SportelloError) as error:
            return _telling(
                visit,
                advice(error, language, name=name, limit=number(KNOWLEDGE_CHARACTERS, language)),
            )
        except UnicodeDecodeError:
            return _say(visit, Say.FILE_NOT_UTF8)
        return await _settle(visit, state, Form(state.profile, VOCABULARY).document(text))


async def _pressed(visit: Visit, state: State, words: Sequence[str]) -> Step | None:
    form, step = Form(state.profile, VOCABULARY), None
    match words:
        case ["ask", name] if name in FIELDS:
            step = _asking(visit, name, cards.question(visit, state, name), pressed=True)
        case ["several"]:
            step = _asking(visit, SEVERAL, cards.several(visit), pressed=True)
        case ["set", name, value] if name in FIELDS:
            step = await _settle(visit, state, form.answer(name, value), pressed=True)
        case ["default", name] if name in FIELDS:
            step = await _settle(visit, state, form.default(name), pressed=True)
        case ["export"]:
            step = _export(visit, state)
        case ["discard"] if state.changed:
            step = Step(card=cards.really_discard(visit, state))
        case ["discard", "yes"]:
            step = _discard(visit, state)
    return step


async def _follow(visit: Visit, state: State, read: Request, *, asked: bool) -> Step:
    """What comes of what was typed."""
    match read:
        case Show():
            return _showing(cards.overview(visit, state))
        case Export():
            return _export(visit, state)
        case _ if not may(visit.role, Action.CONFIGURE):
            return _not_allowed(visit)
        case Ask(name):
            return _asking(visit, name, cards.question(visit, state, name))
        case Changes():
            return await _settle(visit, state, read)
        case Refused(problems):
            return _showing(cards.refused(visit, problems, asked=asked))


async def _settle(
    visit: Visit, state: State, read: Changes | Refused, *, pressed: bool = False
) -> Step:
    """Write the changes into the draft and close what was asked, or leave it open."""
    if isinstance(read, Refused):
        card = cards.refused(visit, read.problems, asked=True)
        return Step(card=card) if pressed else _showing(card)
    changes = Change(visit.here.id, read.values, visit.actor, visit.now)
    trail = await trail_of(differences(state.profile, read.profile))
    card = cards.changed(visit, state.profile, read.profile, read.values)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(None)
        apply(chat.connection, [changes])
        for subject, old, new in trail:
            _note(visit, chat, CHANGED, subject=subject, old=old, new=new)
        return () if pressed else card.drafts()

    return Step(work, card=card if pressed else None)


def _discard(visit: Visit, state: State) -> Step:
    discard = Discard(visit.here.id)
    names = ", ".join(state.changed)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(None)
        (was_there,) = apply(chat.connection, [discard])
        if was_there:
            _note(visit, chat, DISCARDED, old=names)
        return ()

    told = say(Say.DISCARDED if state.changed else Say.NOTHING_DRAFTED, visit.language)
    return Step(work, card=Card(headed(visit, told), [[cards.back(visit)]]))


def _asking(visit: Visit, step: str, card: Card, *, pressed: bool = False) -> Step:
    form = asks(NAME, visit, step)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(form)
        return () if pressed else card.drafts()

    return Step(work, card=card if pressed else None)


def _closing(chat: ChatWork) -> Sequence[Draft]:
    chat.ask(None)
    return ()


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
    file = InputFile(text.encode(), filename=f"{visit.here.name}.toml")

    async def send() -> None:
        if chat := visit.update.effective_chat:
            with repeatable():
                await chat.send_document(file)

    return replace(_say(visit, Say.EXPORTED_FILE), then=send)


def _showing(card: Card) -> Step:
    return Step(lambda _: card.drafts())


def _say(visit: Visit, text: Say) -> Step:
    return _telling(visit, say(text, visit.language))


def _telling(visit: Visit, text: str) -> Step:
    return _showing(Card(headed(visit, text)))


def _not_allowed(visit: Visit) -> Step:
    return answer(say(Desk.NOT_ALLOWED, visit.language, tenant=company(visit.here)))


def _note(
    visit: Visit,
    chat: ChatWork,
    action: str,
    *,
    subject: str | None = None,
    old: str | None = None,
    new: str | None = None,
) -> None:
    note(
        chat.connection,
        tenant=visit.here.id,
        actor=visit.actor,
        action=action,
        subject=subject,
        old=old,
        new=new,
        now=visit.now,
    )
