"""The desk: one permission check before every command, button and answer of an admin."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.core.secrets import LEAKS, SecretKind, says_more
from bot.core.texts import say
from bot.core.texts.desk import Desk as Say
from bot.core.texts.desk import Home
from bot.telegram.admin.command import UNASKED, WHICH, Command, Denied, verb_of
from bot.telegram.admin.company import TAKE, choices
from bot.telegram.admin.documents import command_of, offer
from bot.telegram.admin.menus import Menus
from bot.telegram.admin.rights import Rights, refusal, told_by
from bot.telegram.admin.visit import (
    HOME,
    Card,
    Step,
    Visit,
    anew,
    answer,
    asked,
    asking,
    button,
    closing,
    company,
    leading_home,
)
from bot.telegram.admin.visitors import Visitor, Visitors
from bot.telegram.captions import Captioned, Handler, command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.message import WITH_WORDS, message_in, words
from bot.telegram.points import is_understood
from bot.telegram.presses import best_effort, follow_press, pressed, without_card
from bot.telegram.route import FILE_COMMAND
from bot.telegram.secrets import said
from bot.telegram.wire import parse
from db.chats import ChatWork, form_of
from db.engine import Database
from db.errors import Gone
from db.people import TakeInHand
from db.records import Draft
from db.tenants import TenantRow
from tenants.permissions import Action, may

BOTS: Final = "bots"  # the command that takes tokens
Taking = Callable[[Update, Any, Visitor], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Strangers:
    """What people without a role get: the same as if the desk were not there."""

    unknown_command: Handler
    expired_button: Handler
    unasked_message: Handler
    help: Callable[[Update, str], Awaitable[None]]  # with what else there is to say


@dataclass(slots=True, kw_only=True)
class AdminDesk:
    """Takes what admins do, and lets through what they may."""

    dispatcher: Dispatcher
    database: Database
    visitors: Visitors
    rights: Rights
    menus: Menus
    strangers: Strangers
    commands: Sequence[Command]
    showing: Callable[..., AbstractAsyncContextManager[bool]]  # see Attention
    _by_name: dict[str, Command] = field(init=False)

    def __post_init__(self) -> None:
        self._by_name = {command.name: command for command in self.commands}

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers; they go before those of the clients."""
        for name in self._by_name:
            application.add_handler(CommandHandler(name, self._met(self.typed)))
        application.add_handler(CommandHandler("cancel", self._met(self.cancel)))
        application.add_handlers(command_handlers("help", self._met(self.help)))
        pattern = rf"^(?:{'|'.join((*self._by_name, TAKE))}):[0-9]{{1,18}}:"
        application.add_handler(CallbackQueryHandler(self._met(self.pressed), pattern=pattern))
        told = ~filters.StatusUpdate.ALL | filters.StatusUpdate.MANAGED_BOT_CREATED
        private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
        captioned = private & filters.Document.ALL & filters.CaptionRegex(FILE_COMMAND)
        application.add_handler(MessageHandler(captioned, self._met(self.sent)))
        unasked = private & ~filters.COMMAND & ~Captioned(*WITH_WORDS.names) & told
        application.add_handler(MessageHandler(unasked, self._met(self.answered)))

    def _met(self, take: Taking) -> Handler:
        """Whoever holds a role has the menu from the first time on that they are here."""

        async def handler(update: Update, context: Any) -> None:
            visitor = await self.visitors.who(update)
            await take(update, context, visitor)
            if visitor.roles and _is_private(update):
                await self.menus.meet(self.visitors.bot_id, visitor.user_id)

        return handler

    # ---------------------------------------------------------------- what admins do

    async def greet(self, update: Update) -> bool:
        """Whether /start was pressed by one who holds a role: they are shown their home card."""
        visitor = await self.visitors.who(update)
        if not visitor.roles or not _is_private(update):
            return False
        home = self._by_name[HOME]
        await self._act(update, visitor, None, home.action, partial(home.open, words=""))
        return True

    async def help(self, update: Update, _: Any, visitor: Visitor) -> None:
        """What everybody can do here, and what this one can do besides."""
        more = ""
        if visitor.roles and _is_private(update):
            known = await self.menus.of_the_desk(visitor.user_id, visitor.language)
            lines = (f"/{name} – {what}" for name, what in known.items())
            more = "\n".join((say(Say.HELP, visitor.language), *lines))
        await self.strangers.help(update, more)

    async def typed(self, update: Update, context: Any, visitor: Visitor) -> None:
        """A command was typed."""
        name, words = _command(update)
        command = self._by_name[name]
        if not visitor.roles:
            await self.strangers.unknown_command(update, context)
        elif not _is_private(update):
            told = answer(say(Say.IN_PRIVATE, visitor.language))
            await self._do(update, visitor, replace(told, leads_home=False))
        else:
            opened = partial(command.open, words=words)
            await self._enter(update, visitor, command, command.needs(words), opened)

    async def pressed(self, update: Update, context: Any, visitor: Visitor) -> None:
        """A button was pressed; it knows which tenant it is about."""
        query = pressed(update)
        name, row, words = str(query.data).split(":", 2)
        tenant = await self.visitors.tenant(int(row))
        command = self._by_name.get(name)
        guarded = command.presses.get(verb_of(words)) if command else None
        vague = tenant is None and (command is None or command.needs_tenant or int(row))
        role = visitor.role_for(guarded.action if guarded else Action.VIEW, tenant)
        if vague or role is None or (command and not guarded):
            await self.strangers.expired_button(update, context)
        elif guarded:
            enter = partial(guarded.enter, command, words=words)
            entered = enter if words else anew(enter)
            await self._act(update, visitor, tenant, guarded.action, entered)
        elif tenant:
            await self._take(update, visitor, tenant, words)

    async def answered(self, update: Update, context: Any, visitor: Visitor) -> None:
        """A message in answer to what was asked."""
        form, message = await self._form(update), update.message
        if form is None or message is None or self._is_only_a_token(update, form):
            await self._unasked(update, context, visitor)
            return
        command, step = self._by_name.get(str(form.get("command"))), form["step"]
        guarded = command.answers.get(verb_of(step)) if command else None
        if guarded is None or not visitor.roles:
            await self._let_go(update, context)
            return
        tenant = await self.visitors.tenant(form["tenant"])
        if form["tenant"] and tenant is None:
            refused = refusal(update, visitor, visitor.role_in(tenant), tenant)
            await self._do(update, visitor, closing(refused))
        else:
            entered = partial(guarded.enter, command, step=step, message=message)
            await self._act(update, visitor, tenant, guarded.action, entered)

    async def sent(self, update: Update, context: Any, visitor: Visitor) -> None:
        """A document with a command for its caption: as if that had asked for it."""
        message = update.message
        if message is None or not visitor.roles:
            await self._let_go(update, context)
            return
        command = self._by_name[command_of(message.caption or "")]
        asked, guarded = command.file, command.answers[verb_of(command.file)]

        async def take(visit: Visit) -> Step:
            step = await guarded.enter(command, visit, step=asked, message=message)
            return asking(step, command.name, visit, asked)

        await self._enter(update, visitor, command, guarded.action, take)

    async def cancel(self, update: Update, context: Any, visitor: Visitor) -> None:
        """What was asked is asked no more."""
        if not visitor.roles:
            await self.strangers.unknown_command(update, context)
            return
        asked = await self._form(update) is not None
        text = Say.CANCELLED if asked else Say.NOTHING_TO_CANCEL
        await self._do(update, visitor, closing(answer(say(text, visitor.language))))

    async def _unasked(self, update: Update, context: Any, visitor: Visitor) -> None:
        """Nothing was asked: who may use a file or a token is told how, all else is a client's."""
        message, tenant, is_token = update.message, None, SecretKind.TOKEN in said(update)
        needed = Action.BOTS if is_token else Action.CONFIGURE
        if visitor.roles and (is_token or (message and message.document and not message.caption)):
            tenant = await self.visitors.in_hand(visitor)
        roles = [visitor.role_in(tenant)] if tenant else visitor.roles.values() if is_token else ()
        if not (message and any(may(role, needed) for role in roles)):
            await self.strangers.unasked_message(update, context)
        elif is_token:
            bots, verb = self._by_name[BOTS], UNASKED if tenant else WHICH
            enter = partial(bots.answers[verb].enter, bots, step=verb, message=message)
            await self._act(update, visitor, tenant, bots.answers[verb].action, enter)
        elif tenant:
            offered = offer(visitor.language, tenant, message.media_group_id)
            await self._do(update, visitor, offered, tenant, needed)

    def _is_only_a_token(self, update: Update, form: Mapping[str, Any]) -> bool:
        """Whether it answers nothing that was asked: of all commands one takes tokens."""
        if form.get("command") == BOTS or SecretKind.TOKEN not in said(update):
            return False
        return not says_more(words(message_in(parse(self.dispatcher.payload(update)))))

    async def _let_go(self, update: Update, context: Any) -> None:
        """Somebody without a role, or none any more: they are a client like any other."""
        message, payload = update.message, self.dispatcher.payload(update)
        stored = message_in(parse(payload))
        is_message = message and (words(stored) or is_understood(stored))
        if not is_message or not {SecretKind.CODE, *LEAKS}.isdisjoint(said(update)):
            await self.strangers.unasked_message(update, context)
            return

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
            await self._do(update, visitor, await self._choose(visitor, command.name))
            return
        await self._act(update, visitor, tenant, action, anew(enter))

    async def _act(
        self,
        update: Update,
        visitor: Visitor,
        tenant: TenantRow | None,
        action: Action,
        enter: Callable[[Visit], Awaitable[Step]],
    ) -> None:
        step, needed = self.rights.check(update, visitor, tenant, action), None
        if isinstance(step, Visit):
            step, needed = await enter(step), action
        elif not update.callback_query:
            step = closing(step)
        await self._do(update, visitor, step, tenant, needed)

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
        action, opened = known.presses[""].action if known else Action.VIEW, Step()
        if known:
            step = self.rights.check(update, visitor, tenant, action)
            if isinstance(step, Step):
                action, opened = Action.VIEW, step
            else:
                opened = await known.presses[""].enter(known, step, words="")
        told = say(Say.IN_HAND, visitor.language, tenant=company(tenant))

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(TakeInHand(visitor.user_id, tenant.id))
            return opened.work(chat)

        on = [[button(say(Home.CARD, visitor.language), "configure", tenant)]]
        shown = replace(opened, work=work, card=opened.card or Card(told, on), toast=told)
        await self._do(update, visitor, shown, tenant, action)

    async def _form(self, update: Update) -> dict[str, Any] | None:
        address = self.dispatcher.address(update)
        stored = await self.database.read(form_of, address) if address else None
        return asked(stored) if stored else None

    # ---------------------------------------------------------------- what follows

    async def _do(
        self,
        update: Update,
        visitor: Visitor,
        step: Step,
        tenant: TenantRow | None = None,
        needed: Action | None = None,
    ) -> None:
        """What is allowed now is done if it still is in the transaction that does it."""
        step = self.rights.still_held(step, visitor, tenant, needed)
        step = leading_home(step, visitor.language)
        if update.callback_query:
            step = replace(step, work=without_card(self.dispatcher.payload(update), step.work))
        try:
            async with step.within():
                await self.dispatcher.handle(update, step.work)
        except (Gone, Denied) as raised:
            visitor = await self.visitors.who(update)
            if isinstance(raised, Gone):
                told = told_by(update, say(Say.GONE, visitor.language))
            else:
                told = refusal(update, visitor, visitor.role_in(tenant), tenant)
            step = leading_home(closing(told), visitor.language)
            await self.dispatcher.handle(update, step.work)
        if update.callback_query:
            shown = partial(self.showing, self.dispatcher.address(update))
            await follow_press(update.callback_query, step, shown)
        if step.then:
            await best_effort(step.then)


def _command(update: Update) -> tuple[str, str]:
    """Its name, as the handler of commands reads it, and what follows."""
    message = update.message
    if message is None or not message.text or not message.entities:
        raise ValueError("nobody typed a command")
    end = message.entities[0].length
    return message.text[1:end].split("@")[0].lower(), message.text[end:].strip()


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == "private"
