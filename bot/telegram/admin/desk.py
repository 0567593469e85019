"""The desk: one permission check before every command, button and answer of an admin."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.core.secrets import MARK, SecretKind
from bot.core.texts import say
from bot.core.texts.desk import Desk as Say
from bot.front.here import profile_of
from bot.ports import Clock
from bot.telegram.admin.command import Command, Denied, verb_of
from bot.telegram.admin.company import TAKE, choices
from bot.telegram.admin.documents import command_of, offer
from bot.telegram.admin.visit import (
    Card,
    Step,
    Visit,
    answer,
    asked,
    asking,
    closing,
    company,
)
from bot.telegram.admin.visitors import Visitor, Visitors
from bot.telegram.captions import Captioned, Handler
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.message import ANSWERED
from bot.telegram.presses import best_effort, pressed
from bot.telegram.route import FILE_COMMAND
from db.chats import ChatWork, form_of
from db.engine import Database
from db.errors import Gone
from db.people import TakeInHand
from db.records import Draft
from db.tenants import TenantRow
from tenants.permissions import Action, Role, may
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Strangers:
    """What people without a role get: the same as if the desk were not there."""

    unknown_command: Handler
    expired_button: Handler
    unasked_message: Handler


@dataclass(slots=True, kw_only=True)
class AdminDesk:
    """Takes what admins do, and lets through what they may."""

    dispatcher: Dispatcher
    database: Database
    clock: Clock
    visitors: Visitors
    strangers: Strangers
    commands: Sequence[Command]
    _by_name: dict[str, Command] = field(init=False)

    def __post_init__(self) -> None:
        self._by_name = {command.name: command for command in self.commands}

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers; they go before those of the clients."""
        for name in self._by_name:
            application.add_handler(CommandHandler(name, self.typed))
        application.add_handler(CommandHandler("cancel", self.cancel))
        names = "|".join((*self._by_name, TAKE))
        pattern = rf"^(?:{names}):[0-9]{{1,18}}:"
        application.add_handler(CallbackQueryHandler(self.pressed, pattern=pattern))
        told = ~filters.StatusUpdate.ALL | filters.StatusUpdate.MANAGED_BOT_CREATED
        private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
        captioned = private & filters.Document.ALL & filters.CaptionRegex(FILE_COMMAND)
        application.add_handler(MessageHandler(captioned, self.sent))
        unasked = private & ~filters.COMMAND & ~Captioned(*ANSWERED) & told
        application.add_handler(MessageHandler(unasked, self.answered))

    # ---------------------------------------------------------------- what admins do

    async def typed(self, update: Update, context: Any) -> None:
        """A command was typed."""
        name, words = _command(update)
        command, visitor = self._by_name[name], await self.visitors.who(update)
        if not visitor.roles:
            await self.strangers.unknown_command(update, context)
        elif not _is_private(update):
            await self._do(update, answer(say(Say.IN_PRIVATE, visitor.language)))
        else:
            opened = partial(command.open, words=words)
            await self._enter(update, visitor, command, command.needs(words), opened)

    async def pressed(self, update: Update, context: Any) -> None:
        """A button was pressed; it knows which tenant it is about."""
        query, visitor = pressed(update), await self.visitors.who(update)
        name, row, words = str(query.data).split(":", 2)
        tenant = await self.visitors.tenant(int(row))
        command = self._by_name.get(name)
        guarded = command.presses.get(verb_of(words)) if command else None
        vague = tenant is None and (command is None or command.needs_tenant or int(row))
        if vague or visitor.role_in(tenant) is None or (command and not guarded):
            await self.strangers.expired_button(update, context)
        elif guarded:
            entered = partial(guarded.enter, command, words=words)
            await self._act(update, visitor, tenant, guarded.action, entered)
        elif tenant:
            await self._take(update, visitor, tenant, words)

    async def answered(self, update: Update, context: Any) -> None:
        """A message in answer to what was asked."""
        form, visitor = await self._form(update), await self.visitors.who(update)
        message = update.message
        if form is None or message is None:
            await self._unasked(update, context, visitor)
            return
        command, step = self._by_name.get(str(form.get("command"))), form["step"]
        guarded = command.answers.get(verb_of(step)) if command else None
        if guarded is None or not visitor.roles:
            await self._let_go(update, context)
            return
        tenant = await self.visitors.tenant(form["tenant"])
        if form["tenant"] and tenant is None:
            refused = _refusal(update, visitor, visitor.role_in(tenant), tenant)
            await self._do(update, closing(refused))
        else:
            entered = partial(guarded.enter, command, step=step, message=message)
            await self._act(update, visitor, tenant, guarded.action, entered)

    async def sent(self, update: Update, context: Any) -> None:
        """A document with a command for its caption: as if that had asked for it."""
        visitor, message = await self.visitors.who(update), update.message
        if message is None or not visitor.roles:
            await self._let_go(update, context)
            return
        command = self._by_name[command_of(message.caption or "")]
        asked, guarded = command.file, command.answers[verb_of(command.file)]

        async def take(visit: Visit) -> Step:
            step = await guarded.enter(command, visit, step=asked, message=message)
            return asking(step, command.name, visit, asked)

        await self._enter(update, visitor, command, guarded.action, take)

    async def cancel(self, update: Update, context: Any) -> None:
        """What was asked is asked no more."""
        visitor = await self.visitors.who(update)
        if not visitor.roles:
            await self.strangers.unknown_command(update, context)
            return
        asked = await self._form(update) is not None
        text = Say.CANCELLED if asked else Say.NOTHING_TO_CANCEL
        await self._do(update, closing(answer(say(text, visitor.language))))

    async def _unasked(self, update: Update, context: Any, visitor: Visitor) -> None:
        """Nothing was asked: who may make use of a file is told how, all else is a client's."""
        message, tenant = update.message, None
        if message and message.document and not message.caption and visitor.roles:
            tenant = await self.visitors.in_hand(visitor)
        needed = Action.CONFIGURE
        if message and tenant and may(visitor.role_in(tenant), needed):
            offered = offer(visitor.language, tenant, message.media_group_id)
            await self._do(update, self._guarded(offered, visitor, tenant, needed), tenant)
        else:
            await self.strangers.unasked_message(update, context)

    async def _let_go(self, update: Update, context: Any) -> None:
        """Somebody without a role, or none any more: they are a client like any other."""
        message = update.message
        said = message and (message.text or message.caption)
        if not said or SecretKind.CODE in update.api_kwargs.get(MARK, ()):
            await self.strangers.unasked_message(update, context)
            return
        payload = self.dispatcher.payload(update)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.ask(None)
            chat.ask_again(payload)
            return ()

        await self.dispatcher.handle(update, work)

    # ---------------------------------------------------------------- who may come in

    async def _enter(
        self,
        update: Update,
        visitor: Visitor,
        command: Command,
        action: Action,
        enter: Callable[[Visit], Awaitable[Step]],
    ) -> None:
        tenant = await self.visitors.in_hand(visitor)
        if command.needs_tenant and tenant is None:
            await self._do(update, await self._choose(visitor, command.name))
            return

        async def entered(visit: Visit) -> Step:
            # What was asked before is asked no more: the command itself may ask.
            return closing(await enter(visit))

        await self._act(update, visitor, tenant, action, entered)

    async def _act(
        self,
        update: Update,
        visitor: Visitor,
        tenant: TenantRow | None,
        action: Action,
        enter: Callable[[Visit], Awaitable[Step]],
    ) -> None:
        """Do what is allowed now and still is in the transaction that does it."""
        step, needed = self._check(update, visitor, tenant, action), None
        if isinstance(step, Visit):
            step, needed = await enter(step), action
        elif not update.callback_query:
            step = closing(step)
        await self._do(update, self._guarded(step, visitor, tenant, needed), tenant)

    def _guarded(
        self, step: Step, visitor: Visitor, tenant: TenantRow | None, action: Action | None
    ) -> Step:
        """The same, if in its transaction the tenant is still there and the role still allows it.

        Both were read before. A refusal needs no role. Raises Gone, Denied.
        """

        def work(chat: ChatWork) -> Sequence[Draft]:
            if tenant:
                chat.keep(tenant.id)
            if action and not may(self.visitors.role_now(chat, visitor, tenant), action):
                raise Denied(action)
            return step.work(chat)

        return replace(step, work=work)

    def _check(
        self, update: Update, visitor: Visitor, tenant: TenantRow | None, action: Action
    ) -> Visit | Step:
        """The one place where it is decided whether somebody may do something."""
        role = visitor.role_in(tenant)
        if role is None or not may(role, action):
            return _refusal(update, visitor, role, tenant)
        return Visit(
            update,
            visitor.user_id,
            visitor.name,
            visitor.language,
            role,
            tenant,
            self.clock.now(),
            profile_of(tenant) if tenant else Profile(),
        )

    # ---------------------------------------------------------------- which tenant

    async def _choose(self, visitor: Visitor, command: str) -> Step:
        theirs = await self.visitors.tenants_of(visitor)
        rows = choices(theirs, command)
        text = Say.CHOOSE_TENANT if rows else Say.NO_TENANT
        return answer(say(text, visitor.language), rows=rows)

    async def _take(
        self, update: Update, visitor: Visitor, tenant: TenantRow, command: str
    ) -> None:
        known = self._by_name.get(command)
        action, opened = known.needs("") if known else Action.VIEW, Step()
        if known:
            step = self._check(update, visitor, tenant, action)
            if isinstance(step, Step):
                action, opened = Action.VIEW, step
            else:
                opened = await known.open(step, "")
        said = say(Say.IN_HAND, visitor.language, tenant=company(tenant))

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(TakeInHand(visitor.user_id, tenant.id))
            return opened.work(chat)

        step = self._guarded(replace(opened, work=work, card=Card(said)), visitor, tenant, action)
        await self._do(update, step, tenant)

    async def _form(self, update: Update) -> dict[str, Any] | None:
        address = self.dispatcher.address(update)
        stored = await self.database.read(form_of, address) if address else None
        return asked(stored) if stored else None

    # ---------------------------------------------------------------- what follows

    async def _do(self, update: Update, step: Step, tenant: TenantRow | None = None) -> None:
        try:
            async with step.within():
                await self.dispatcher.handle(update, step.work)
        except (Gone, Denied) as raised:
            visitor = await self.visitors.who(update)
            if isinstance(raised, Gone):
                told = _told(update, say(Say.GONE, visitor.language))
            else:
                told = _refusal(update, visitor, visitor.role_in(tenant), tenant)
            step = replace(closing(told), drop=step.drop)
            await self.dispatcher.handle(update, step.work)
        if update.callback_query:
            await _follow_press(update.callback_query, step)
        if step.drop and update.message:
            await best_effort(update.message.delete)
        if step.then:
            await best_effort(step.then)


def _refusal(update: Update, visitor: Visitor, role: Role | None, tenant: TenantRow | None) -> Step:
    where = company(tenant) if tenant and role else ""
    text = say(Say.NOT_ALLOWED if where else Say.NOT_YOURS, visitor.language, tenant=where)
    return _told(update, text)


def _told(update: Update, text: str) -> Step:
    return Step(toast=text) if update.callback_query else answer(text)


async def _follow_press(query: CallbackQuery, step: Step) -> None:
    await best_effort(query.answer, step.toast or None)
    if card := step.card:
        first, *_ = card.drafts()  # a message has no room for more
        await best_effort(query.edit_message_text, first.text, reply_markup=card.markup)


def _command(update: Update) -> tuple[str, str]:
    """Its name, as the handler of commands reads it, and what follows."""
    message = update.message
    if message is None or not message.text or not message.entities:
        raise ValueError("nobody typed a command")
    end = message.entities[0].length
    return message.text[1:end].split("@")[0].lower(), message.text[end:].strip()


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == "private"
