"""A company's own tools: declared one question at a time, tried, changed and removed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from telegram import Message

from bot.core.declared import TURNS, DeclaredTool
from bot.core.declared_lines import Misread, read_values
from bot.core.secrets import SecretKind
from bot.core.texts import say
from bot.core.texts.own_tools import OwnTools as Say
from bot.errors import ToolError
from bot.net.fence import Perimeter
from bot.net.outside import NoReply
from bot.ports import Toolbox, ToolContext
from bot.telegram.admin import own_tools_cards as cards
from bot.telegram.admin.configure_cards import NAME
from bot.telegram.admin.own_tools_cards import VERB, YES
from bot.telegram.admin.own_tools_read import FIRST, PARTS, Mend, ToolReading, is_sendable
from bot.telegram.admin.visit import Step, Visit, asked, asking, closing, showing
from bot.telegram.secrets import Secrets, said
from bot.turns.call_words import readable
from bot.turns.redact import SECRET_STEP
from bot.turns.zones import clock_of
from db.chats import ChatWork, form_of
from db.company_tools import AddTool, ChangeTool, CompanyTool, RemoveTool, SetToolSecret, tools_of
from db.engine import Database
from db.records import Draft
from tenants.values import NO_TOOLS

TRY_SECONDS: Final = 10.0
NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class OwnTools:
    """What is typed and pressed about them. `fence`: where they may lead."""

    database: Database
    toolbox: Toolbox
    secrets: Secrets
    fence: Perimeter

    async def press(self, visit: Visit, words: Sequence[str]) -> Step | None:
        """A button; None where it is none of these."""
        if not self.toolbox.declares:
            return Step(card=cards.note(visit, Say.OFF))
        match words:
            case ["add"]:
                return self._ask(visit, FIRST, f"{VERB} {NEW} {{}}", pressed=True)
            case ["go", number, token]:
                row = await self._find(visit, number)
                return await self._go(visit, row, token) if row else _gone(visit, pressed=True)
            case [str() as verb, number]:
                row = await self._find(visit, number)
                return await self._about(visit, row, verb) if row else _gone(visit, pressed=True)
        return None

    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """What was asked for."""
        verb, rest = (*step.split(" ", 2)[1:], "", "")[:2]
        if not self.toolbox.declares:
            return closing(showing(cards.note(visit, Say.OFF)))
        if verb != "secret" and SecretKind.SECRET in said(visit.update):
            mend = Say.KEY_FOR_HEADER if verb == "header" else Say.KEY_IN_ADDRESS
            return showing(cards.mend(visit, mend))
        if verb == NEW:
            return await self._next(visit, json.loads(rest), message.text or "")
        number, _, token = rest.partition(" ")
        row = await self._find(visit, number)
        if row is None:
            return _gone(visit)
        text = message.text or ""
        match verb:
            case "secret":
                done = await self._keep_secret(visit, row)
            case "try":
                done = await self._try_with(visit, row, text)
            case "go":  # only a tap is a yes
                done = showing(cards.really_try(visit, row, token))
            case _:
                done = self._change(visit, row, verb, text)
        return done

    async def _find(self, visit: Visit, number: str) -> CompanyTool | None:
        rows = await self.database.read(tools_of, visit.here.id)
        return next((row for row in rows if str(row.row) == number), None)

    # ---------------------------------------------------------------- one that is there

    async def _about(self, visit: Visit, row: CompanyTool, verb: str) -> Step | None:
        declared = DeclaredTool.model_validate_json(row.declaration)
        if verb in TURNS:
            return _turn(visit, row, declared, declared.turned(verb))
        if verb in PARTS:
            return self._ask(visit, verb, f"{VERB} {verb} {row.row}", pressed=True)
        if verb == "secret":
            return self._ask_secret(visit, row, declared, pressed=True)
        if verb == "try":
            return await self._try(visit, row, declared)
        shown = {
            "show": cards.card(visit, row, declared),
            "drop": cards.really_remove(visit, row),
        }
        if verb in shown:
            return closing(Step(card=shown[verb]))
        return _remove(visit, row) if verb == "gone" else None

    def _ask(self, visit: Visit, part: str, step: str, *, pressed: bool = False) -> Step:
        card = cards.note(visit, PARTS[part])
        return asking(Step(card=card) if pressed else showing(card), NAME, visit, step)

    def _change(self, visit: Visit, row: CompanyTool, part: str, text: str) -> Step:
        before = DeclaredTool.model_validate_json(row.declaration)
        try:
            read = ToolReading(self.fence).read(part, text, before.model_dump(mode="json"))
        except Mend as mend:
            return showing(cards.mend(visit, mend.text, **mend.values))
        after = DeclaredTool.model_validate(read)
        if part == "header" and after.header:
            changed = _set(visit, row, before, after)
            anew = CompanyTool(row.row, row.tenant, row.name, after.model_dump_json())
            return _both(changed, self._ask_secret(visit, anew, after))
        return closing(_set(visit, row, before, after))

    # ---------------------------------------------------------------- a new one

    async def _next(self, visit: Visit, said: dict[str, Any], text: str) -> Step:
        """What was asked last is in `text`; the next question, or the tool."""
        part = next(one for one in PARTS if one not in said)
        own = {row.name for row in await self.database.read(tools_of, visit.here.id)}
        taken = {*own, *self.toolbox.load(), NO_TOOLS}
        try:
            said = ToolReading(self.fence, taken).read(part, text, said)
        except Mend as mend:
            return showing(cards.mend(visit, mend.text, **mend.values))
        if part != "fields":
            part = next(one for one in PARTS if one not in said)
            return self._ask(visit, part, f"{VERB} {NEW} {json.dumps(said)}")
        name = said.pop("name")
        declared = DeclaredTool.model_validate(said)
        text = declared.model_dump_json()
        adding = AddTool(visit.here.id, name, text, visit.actor, visit.now)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.ask(None)
            row = chat.do(adding)
            if row is None:
                return cards.note(visit, Say.TOO_MANY).drafts()
            made = CompanyTool(row, visit.here.id, name, text)
            return cards.card(visit, made, declared, told=Say.ADDED).drafts()

        return Step(work)

    # ---------------------------------------------------------------- its secret

    def _ask_secret(
        self, visit: Visit, row: CompanyTool, declared: DeclaredTool, *, pressed: bool = False
    ) -> Step:
        """For the key, or first for the header that it belongs in."""
        if not declared.header:
            return self._ask(visit, "header", f"{VERB} header {row.row}", pressed=pressed)
        if not self.secrets.redaction.vault.sealed:
            card = cards.note(visit, Say.NO_KEY)
            return closing(Step(card=card) if pressed else showing(card))
        card = cards.ask_secret(visit, row, declared)
        step = Step(card=card) if pressed else showing(card)
        return asking(step, NAME, visit, f"{SECRET_STEP} {row.row}")

    async def _keep_secret(self, visit: Visit, row: CompanyTool) -> Step:
        secret = (await self.secrets.first(visit.update, SecretKind.SECRET)).strip()
        if not is_sendable(secret):
            return showing(cards.mend(visit, Say.BAD_SECRET))
        sealed = self.secrets.redaction.vault.encrypt(secret)
        keep = SetToolSecret(
            visit.here.id, row.row, row.declaration, sealed, visit.actor, visit.now
        )
        declared = DeclaredTool.model_validate_json(row.declaration)
        kept = CompanyTool(row.row, row.tenant, row.name, row.declaration, sealed)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.ask(None)
            if not chat.do(keep):
                return cards.note(visit, Say.GONE).drafts()
            return cards.card(visit, kept, declared, told=Say.SECRET_KEPT).drafts()

        return Step(work)

    # ---------------------------------------------------------------- trying it

    async def _try(self, visit: Visit, row: CompanyTool, declared: DeclaredTool) -> Step:
        if declared.fields:
            step = Step(card=cards.ask_values(visit, row, declared))
            return asking(step, NAME, visit, f"{VERB} try {row.row}")
        if declared.changes:
            token = str(visit.update.update_id)
            step = Step(card=cards.really_try(visit, row, token))
            return asking(step, NAME, visit, _question(row, token))
        return await self._call(visit, row, {}, pressed=True)

    async def _go(self, visit: Visit, row: CompanyTool, token: str) -> Step:
        """Yes, try it: once, however often that is tapped."""
        address = self.secrets.dispatcher.address(visit.update)
        stored = await self.database.read(form_of, address) if address else None
        if not stored or asked(stored)["step"] != _question(row, token):
            return Step(toast=say(Say.TRIED_ALREADY, visit.language))
        return closing(await self._call(visit, row, {}, pressed=True))

    async def _try_with(self, visit: Visit, row: CompanyTool, text: str) -> Step:
        declared = DeclaredTool.model_validate_json(row.declaration)
        try:
            values = read_values(text, declared.fields, YES)
        except Misread as error:
            return showing(cards.mend(visit, Say.BAD_LINE, line=str(error)[:100]))
        return closing(await self._call(visit, row, values))

    async def _call(
        self, visit: Visit, row: CompanyTool, values: dict[str, object], *, pressed: bool = False
    ) -> Step:
        """What the assistant would be told. It is real, and nobody's turn: it leaves no row."""
        tool = (await self.toolbox.at(visit.here.id)).find(row.name)
        context = ToolContext(
            tenant=visit.here.name,
            chat=0,
            language=visit.language,
            key=f"try-{visit.here.id}-{visit.update.update_id}",  # the same if this is done again
            now=datetime.fromtimestamp(visit.now, clock_of(visit.zone)),
            seconds=TRY_SECONDS,
        )
        try:
            said = await tool.call(context, json.dumps(values)) if tool else ""
        except ToolError as error:
            said = str(error)
        except NoReply:
            said = say(Say.UNANSWERED, visit.language)
        card = cards.tried(visit, row, said)
        return Step(card=card) if pressed else showing(card)


def _question(row: CompanyTool, token: str) -> str:
    """Whether to try it really; `token`: of the tap that it was asked after."""
    return f"{VERB} go {row.row} {token}"


def _gone(visit: Visit, *, pressed: bool = False) -> Step:
    card = cards.note(visit, Say.GONE)
    return closing(Step(card=card) if pressed else showing(card))


def _set(
    visit: Visit,
    row: CompanyTool,
    before: DeclaredTool,
    after: DeclaredTool,
    *,
    pressed: bool = False,
) -> Step:
    """Declare it anew; a key that was given for another address is forgotten."""
    keeps = before.goes_to == after.goes_to
    text = after.model_dump_json()
    change = ChangeTool(
        visit.here.id,
        row.row,
        row.declaration,
        text,
        keeps_secret=keeps,
        actor=visit.actor,
        now=visit.now,
    )
    anew = CompanyTool(row.row, row.tenant, row.name, text, row.secret if keeps else None)
    card = cards.card(visit, anew, after)

    def work(chat: ChatWork) -> Sequence[Draft]:
        if not chat.do(change):
            return cards.note(visit, Say.GONE).drafts()
        return () if pressed else card.drafts()

    return Step(work, card=card if pressed else None)


def _turn(visit: Visit, row: CompanyTool, before: DeclaredTool, after: DeclaredTool) -> Step:
    """As the key said; where it is so already, it is only shown."""
    if after == before:
        return Step(card=cards.card(visit, row, before))
    return _set(visit, row, before, after, pressed=True)


def _both(first: Step, second: Step) -> Step:
    def work(chat: ChatWork) -> Sequence[Draft]:
        first.work(chat)
        return second.work(chat)

    return Step(work)


def _remove(visit: Visit, row: CompanyTool) -> Step:
    remove = RemoveTool(visit.here.id, row.row, visit.actor, visit.now)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(remove)
        return ()

    return Step(work, card=cards.note(visit, Say.REMOVED, name=readable(row.name)))
