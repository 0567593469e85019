"""/mcp: servers where assistants look things up; what opens one is asked for and deleted."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, Message

from bot.core.secrets import SecretKind
from bot.core.texts import say
from bot.core.texts.tools import Mcp as Say
from bot.telegram.admin.command import Command, on_answer, on_press, verb_of
from bot.telegram.admin.known_tools import TenantTools
from bot.telegram.admin.visit import Card, Step, Visit, asking, button, closing, headed, showing
from bot.telegram.secrets import Secrets
from bot.turns.redact import SECRET_STEP
from db.chats import ChatWork
from db.mcp import MOST, AddServer, RemoveServer, ServerAdded
from db.records import Draft
from tenants.names import server_name
from tenants.permissions import Action

NAME: Final = "mcp"
ASK: Final = f"{SECRET_STEP} {NAME}"  # for all of it: an address may open a server, too
LABEL: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
LONGEST_URL: Final = 500
LONGEST_TOKEN: Final = 4_000
OUTCOMES: Final = {
    ServerAdded.NEW: Say.ADDED,
    ServerAdded.CHANGED: Say.CHANGED,
    ServerAdded.TOO_MANY: Say.TOO_MANY,
}
_BEARER: Final = "bearer"


@dataclass(frozen=True, slots=True)
class McpCommand(Command):
    """The servers of the tenant in hand."""

    name = NAME
    action = Action.CONFIGURE

    tools: TenantTools
    secrets: Secrets

    async def open(self, visit: Visit, words: str) -> Step:
        """All of them; or NAME ADDRESS TOKEN, of which nothing gets into the update."""
        if words:
            return await self._add(visit, SecretKind.ARGUMENT)
        return showing(await self._list(visit))

    @on_press(Action.CONFIGURE, "", "list", "add", "drop", "gone")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the card's buttons; what none of them is shows the list."""
        match words.split():
            case ["add"]:
                if not self.secrets.redaction.vault.sealed:
                    return Step(card=_note(visit, Say.NO_KEY))
                return asking(Step(card=_note(visit, Say.HOW_TO_ADD)), NAME, visit, ASK)
            case ["drop", label] if await self._has(visit, label):
                back, yes = _back(visit), _button(visit, Say.YES_REMOVE, f"gone {label}")
                asked = say(Say.REALLY_REMOVE, visit.language, name=label)
                return closing(Step(card=Card(headed(visit, asked), [[yes], [back]])))
            case ["gone", label]:
                return closing(_remove(visit, label))
        return closing(Step(card=await self._list(visit)))

    @on_answer(Action.CONFIGURE, verb_of(ASK))
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """NAME ADDRESS TOKEN; it is asked for until that can be read."""
        return closing(await self._add(visit, SecretKind.SECRET))

    async def _has(self, visit: Visit, label: str) -> bool:
        return server_name(label) in (await self.tools.of(visit)).servers

    async def _list(self, visit: Visit) -> Card:
        known, language = await self.tools.of(visit), visit.language
        lines, rows = [say(Say.ABOUT, language)], []
        for name, one in known.servers.items():
            told = say(Say.SERVER, language, name=one.label, host=one.host)
            lines.append("\n".join(filter(None, (told, known.failure(visit, name)))))
            remove = say(Say.REMOVE, language, name=one.label)
            rows.append([button(remove, NAME, visit.here, f"drop {one.label}")])
        text = "\n\n".join(lines if rows else (*lines, say(Say.NONE, language)))
        return Card(headed(visit, text), [*rows, [_button(visit, Say.ADD, "add")], [_tools(visit)]])

    async def _add(self, visit: Visit, kind: SecretKind) -> Step:
        vault = self.secrets.redaction.vault
        if not vault.sealed:
            return showing(_note(visit, Say.NO_KEY))
        typed = (await self.secrets.first(visit.update, kind)).split()
        label, url, *rest = (*typed, "", "")[: max(len(typed), 2)]
        if rest and rest[0].lower() == _BEARER:
            del rest[0]
        token, *more = rest or [""]
        host = _host(url)
        if more or not url or _host(label):
            return _again(visit, Say.HOW_TO_ADD)
        if not LABEL.fullmatch(label.lower()):
            return _again(visit, Say.BAD_NAME)
        if not host:
            return _again(visit, Say.BAD_ADDRESS)
        if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable():
            return _again(visit, Say.BAD_TOKEN)
        sealed = vault.encrypt(json.dumps({"url": url, "token": token}))
        adding = AddServer(visit.here.id, label.lower(), host, sealed, visit.actor, visit.now)

        def work(chat: ChatWork) -> Sequence[Draft]:
            text = OUTCOMES[chat.do(adding)]
            return _note(visit, text, name=adding.label, most=MOST).drafts()

        return Step(work)


def _again(visit: Visit, text: Say) -> Step:
    """Say what does not fit; the next message is not the assistant's to answer either."""
    return asking(showing(_note(visit, text)), NAME, visit, ASK)


def _remove(visit: Visit, label: str) -> Step:
    removing = RemoveServer(visit.here.id, label, visit.actor, visit.now)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(removing)
        return ()

    return Step(work, card=_note(visit, Say.REMOVED, name=label))


def _host(url: str) -> str:
    """The host's name, where OpenAI could reach it by https; else nothing."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = parts.hostname or ""
    is_named = "." in host and host.isascii() and not parts.username and not parts.fragment
    fits = parts.scheme == "https" and len(url) <= LONGEST_URL
    return f"{host}{port}" if is_named and fits else ""


def _note(visit: Visit, text: Say, **values: object) -> Card:
    return Card(headed(visit, say(text, visit.language, **values)), [[_back(visit)]])


def _back(visit: Visit) -> InlineKeyboardButton:
    return _button(visit, Say.BACK, "list")


def _tools(visit: Visit) -> InlineKeyboardButton:
    return button(say(Say.TOOLS, visit.language), "configure", visit.here, "ask tools")


def _button(visit: Visit, text: Say, words: str) -> InlineKeyboardButton:
    return button(say(text, visit.language), NAME, visit.here, words)
