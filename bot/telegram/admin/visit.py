"""What passes between the desk and its commands."""

import json
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Final
from zlib import crc32

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.core.texts import say
from bot.core.texts.desk import Home
from bot.front.here import profile_of
from bot.telegram.calls import LAST_LINE
from bot.telegram.render import split
from bot.telegram.wire import writable
from bot.turns.events import Work
from db.chats import ChatWork
from db.records import Actor, Draft, OutboxKind
from db.tenants import Listed, TenantRow
from tenants.permissions import Action, Role, may
from tenants.profile import Profile

LARGEST_DATA_BYTES: Final = 64  # core.telegram.org/bots/api#inlinekeyboardbutton
HOME: Final = "home"  # the command of the home card
NUMBER: Final = re.compile(r"[0-9]{1,18}")  # a row's, as the words of a button have it
_ROWS: Final = "inline_keyboard"
Rows = Sequence[Sequence[InlineKeyboardButton]]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, and which tenant it is about; `language` is that of the answers."""

    update: Update
    user_id: int
    name: str
    language: str
    role: Role
    tenant: TenantRow | None
    now: float
    profile: Profile  # what the tenant has published
    roles: Sequence[Role]  # all that they hold there: a host's own role in it, too

    def may(self, action: Action) -> bool:
        """Whether one of their roles allows it: `role` is the one by which they came here."""
        return any(may(role, action) for role in self.roles)

    @property
    def reads_private(self) -> bool:
        """Whether what is said to private assistants is for their eyes, too."""
        return may(self.role, Action.ASSISTANTS)

    @property
    def actor(self) -> Actor:
        """The visitor, for the trail of changes."""
        return Actor(self.user_id, self.name)

    @property
    def here(self) -> TenantRow:
        """The tenant. Raises ValueError where there is none."""
        if self.tenant is None:
            raise ValueError("this command was opened without a tenant")
        return self.tenant

    @property
    def zone(self) -> str:
        """The time zone in which times are shown."""
        return self.profile.time_zone

    @property
    def pressed(self) -> str:
        """The message whose button was pressed, as far as Telegram still knows it."""
        query = self.update.callback_query
        return str(query.message.message_id) if query and query.message else "0"

    @property
    def company(self) -> str:
        """What the tenant is called."""
        return called(self.here, self.profile)


def nothing(_: ChatWork) -> Sequence[Draft]:
    """No effect and no answer."""
    return ()


@dataclass(frozen=True, slots=True)
class Card:
    """A message with buttons, as plain text."""

    text: str
    rows: Rows = ()
    over: bool = False  # what it was for is done, and what is said anew leads on

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons; None without any."""
        return InlineKeyboardMarkup(self.rows) if self.rows else None

    def leading_home(self, language: str) -> "Card":
        """The same with the key to the home card under it, unless it is over."""
        if self.over:
            return self
        return replace(self, rows=[*self.rows, [home(language)]])

    def drafts(self) -> tuple[Draft, ...]:
        """The messages that show it; the buttons go under the last."""
        parts = split(writable(self.text), ())
        last = len(parts) - 1
        markup = self.markup.to_json() if self.markup else None
        return tuple(
            Draft(OutboxKind.COMMAND, at, part.text, markup=markup if at == last else None)
            for at, part in enumerate(parts)
        )


@dataclass(frozen=True, slots=True)
class Step:
    """What a handler decided: what is done and said in the update's own transaction, and after it.

    What comes after is best effort: it may be lost in a crash, and may happen twice.
    """

    work: Work = nothing
    toast: str = ""  # shown on the pressed button
    card: Card | None = None  # takes the place of the pressed message
    read_at: float | None = None  # when the clients' words were read that the card quotes
    spent: bool = False  # the keys of the pressed message go: what they were for is done
    leads_home: bool = True  # what is said and shown gets the key to the home card
    then: Callable[[], Awaitable[object]] | None = None  # what else follows, such as a menu
    within: Callable[[], AbstractAsyncContextManager[object]] = nullcontext  # around the work


def answer(*texts: str, rows: Rows = ()) -> Step:
    """Only say something; the buttons go under the last text."""
    *before, last = texts
    drafts = one_after_another(*(Card(text).drafts() for text in before), Card(last, rows).drafts())
    return Step(lambda _: drafts)


def showing(card: Card) -> Step:
    """Only show this."""
    return Step(lambda _: card.drafts())


def quoting(visit: Visit, card: Card, chats: Collection[int], *, on: str | None = None) -> Step:
    """Only show this, which has words of these chats in it; `on`: in a pressed message's place."""

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.quote(chats, read_at=visit.now, on=on)
        return card.drafts() if on is None else ()

    return Step(work, card=None if on is None else card, read_at=visit.now)


# Questions that the release before asked, and that are open still, had no verb.
_ASKED_BEFORE: Final = {
    "bots": (re.compile(r"[0-9]+"), "token"),
    "publish": (re.compile(r"[0-9]+[.][0-9]+"), "note"),
}


def asking(step: Step, command: str, visit: Visit, question: str) -> Step:
    """The same, and the visitor's next message goes to the command's `answer`, with `question`."""
    tenant = visit.tenant.id if visit.tenant else 0
    form = json.dumps({"command": command, "tenant": tenant, "step": question})
    return _waiting(step, form)


def asked(stored: str) -> dict[str, Any]:
    """What `asking` stored."""
    form: dict[str, Any] = json.loads(stored)
    shape, verb = _ASKED_BEFORE.get(form.get("command", ""), (None, ""))
    if shape and shape.fullmatch(form["step"]):
        form["step"] = f"{verb} {form['step']}"
    return form


def leading_home(step: Step, language: str) -> Step:
    """The same, and under the last of what it says, and under its card, the key to the home card.

    A keyboard of another kind has no room for it.
    """
    if not step.leads_home:
        return step

    def work(chat: ChatWork) -> Sequence[Draft]:
        *before, last = step.work(chat) or (None,)
        return [*before, _with_home(last, language)] if last else ()

    return replace(step, work=work, card=step.card and step.card.leading_home(language))


def _with_home(draft: Draft, language: str) -> Draft:
    markup = json.loads(draft.markup) if draft.markup else {_ROWS: []}
    if _ROWS not in markup:
        return draft
    markup[_ROWS].append([home(language).to_dict()])
    return replace(draft, markup=json.dumps(markup))


def closing(step: Step) -> Step:
    """The same, and nothing is asked any more."""
    return _waiting(step, None)


def anew(enter: Callable[[Visit], Awaitable[Step]]) -> Callable[[Visit], Awaitable[Step]]:
    """Opening a command: what was asked before is asked no more, but it may ask itself."""

    async def entered(visit: Visit) -> Step:
        return closing(await enter(visit))

    return entered


def _waiting(step: Step, form: str | None) -> Step:
    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(form)
        return step.work(chat)

    return replace(step, work=work)


def one_after_another(*said: Sequence[Draft]) -> tuple[Draft, ...]:
    """All of these messages, in this order."""
    drafts = [draft for each in said for draft in each]
    return tuple(replace(draft, position=position) for position, draft in enumerate(drafts))


def button(
    label: str, command: str, tenant: TenantRow | Listed | None, words: str = ""
) -> InlineKeyboardButton:
    """A button of a command, about one tenant. Raises ValueError if its data do not fit."""
    data = f"{command}:{tenant.id if tenant else 0}:{words}"
    if len(data.encode()) > LARGEST_DATA_BYTES:
        raise ValueError(f"a button of /{command} holds too much")
    return InlineKeyboardButton(label, callback_data=data)


def copy_last_line(label: str) -> InlineKeyboardButton:
    """A button that copies the last line of the message under which it stands.

    What is said once is so in no button that is stored.
    """
    return InlineKeyboardButton(label, copy_text=CopyTextButton(LAST_LINE))


def seen(text: str) -> str:
    """Names a text that was looked at; short enough for a button."""
    return f"{crc32(text.encode()):08x}"


def home(language: str) -> InlineKeyboardButton:
    """The key to the home card."""
    return button(say(Home.BUTTON, language), HOME, None)


def card_key(visit: Visit) -> InlineKeyboardButton:
    """The key to the card of the company at hand."""
    return button(say(Home.CARD, visit.language), "configure", visit.here)


def headed(visit: Visit, text: str) -> str:
    """The text under the name of the tenant that it is about."""
    return f"{visit.company}\n\n{text}"


def company(tenant: TenantRow) -> str:
    """What any tenant is called; of the one at hand the visit knows it."""
    return called(tenant, profile_of(tenant))


def called(tenant: TenantRow, profile: Profile) -> str:
    """By its profile, else by its own name."""
    return profile.company_name or tenant.name
