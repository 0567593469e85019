"""Commands and keys of clients as Telegram brings them, and what only Telegram has."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.core.texts import LANGUAGES, Text, command_descriptions, say
from bot.front import languages
from bot.front.commands import Commands
from bot.front.event import ClientEvent
from bot.front.keys import Keys
from bot.front.languages import Languages
from bot.telegram.captions import Handler, command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.presses import best_effort, pressed
from bot.telegram.read import label_of
from bot.telegram.wire import mapping, parse
from bot.turns import keys
from db.chats import ChatWork
from db.records import Draft


@dataclass(frozen=True, slots=True)
class ClientCommands:
    """Handlers for everybody. `chosen` is told in whose private chat a language was chosen.

    `at_desk`: whether a command that there is not was answered, for it came from one with a role.
    """

    dispatcher: Dispatcher
    commands: Commands
    chosen: Callable[[int], Awaitable[object]]
    at_desk: Callable[[Update], Awaitable[bool]]

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers; the last one takes what no other does."""
        do, language = self.commands, Languages(self.commands.answers)
        for name, work in do.alike.items():
            application.add_handlers(command_handlers(name, self._carried_out(work)))
        for one in (
            CommandHandler("language", self._language(language)),
            CallbackQueryHandler(self._language_pressed(language), f"^{languages.PREFIX}"),
            CallbackQueryHandler(self._pressed(do.forget_or_not), pattern="^forget:"),
            CallbackQueryHandler(self.tapped, pattern=f"^{keys.PREFIX}"),
            CallbackQueryHandler(self.expired),
            ChatMemberHandler(self.member, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(filters.StatusUpdate.MIGRATE, self.migrate),
            MessageHandler(filters.COMMAND, self.unknown),
            MessageHandler(filters.ALL, self.wordless),
        ):
            application.add_handler(one)

    def _carried_out(self, work: Callable[[ClientEvent], Awaitable[None]]) -> Handler:
        async def handler(update: Update, _: Any) -> None:
            await work(self.dispatcher.client_event(update))

        return handler

    def _pressed(self, work: Callable[[ClientEvent, str], Awaitable[None]]) -> Handler:
        """A key of ours; whatever it does, all keys of its message go."""

        async def handler(update: Update, _: Any) -> None:
            query = pressed(update)
            await work(self.dispatcher.client_event(update), str(query.data))
            await best_effort(query.answer)
            await best_effort(query.edit_message_reply_markup)

        return handler

    def _language(self, language: Languages) -> Handler:
        async def handler(update: Update, context: Any) -> None:
            await language.typed(self.dispatcher.client_event(update), " ".join(context.args or ()))
            await self._follow(update)

        return handler

    def _language_pressed(self, language: Languages) -> Handler:
        press = self._pressed(language.pressed)

        async def handler(update: Update, context: Any) -> None:
            await press(update, context)
            await self._follow(update)

        return handler

    async def _follow(self, update: Update) -> None:
        chat, user = update.effective_chat, update.effective_user
        if chat and user and chat.id == user.id:
            await self.chosen(user.id)

    async def tapped(self, update: Update, _: Any) -> None:
        """A short answer of the assistant's."""
        query, event = pressed(update), self.dispatcher.client_event(update)
        label = label_of(mapping(parse(event.stored.payload).get("callback_query")))
        refusal = await Keys(self.commands.answers).tapped(event, str(query.data), label)
        await best_effort(query.answer, refusal or None)

    async def expired(self, update: Update, _: Any) -> None:
        """A button that means nothing any more."""
        query, language = pressed(update), await self.speaks(update)
        await self.dispatcher.handle(update, lambda _: ())
        await best_effort(query.answer, say(Text.BUTTON_EXPIRED, language))
        await best_effort(query.edit_message_reply_markup)

    async def member(self, update: Update, _: Any) -> None:
        """The bot was blocked or let in again."""
        change = update.my_chat_member
        gone = change is not None and change.new_chat_member.status in ("kicked", "left")

        def work(chat: ChatWork) -> Sequence[Draft]:
            if gone:
                chat.close()
            else:
                chat.reopen()
            return ()

        await self.dispatcher.handle(update, work)

    async def migrate(self, update: Update, _: Any) -> None:
        """The group became a supergroup: its thread goes along."""
        message = update.effective_message
        new_id = message.migrate_to_chat_id if message else None

        def work(chat: ChatWork) -> Sequence[Draft]:
            if new_id:
                chat.move(str(new_id))
            return ()

        await self.dispatcher.handle(update, work)

    async def help(self, update: Update, more: str) -> None:
        """What one can do here; `more`: what this one can do besides."""
        await self.commands.help(self.dispatcher.client_event(update), more)

    async def unknown(self, update: Update, _: Any) -> None:
        """A command that does not exist."""
        if not await self.at_desk(update):
            await self.commands.unknown(self.dispatcher.client_event(update))

    async def wordless(self, update: Update, _: Any) -> None:
        """A file, a story, what an admin sent and was not asked for."""
        await self.commands.wordless(self.dispatcher.client_event(update))

    async def speaks(self, update: Update) -> str:
        """The language in which an update is answered."""
        return await self.commands.answers.here.speaks(self.dispatcher.client_event(update))


def menus(company: str | None = None) -> dict[str, tuple[tuple[str, str], ...]]:
    """Telegram's command menu per language; "" is for everybody else: in the company's."""
    return {
        language: tuple(command_descriptions(language or company).items())
        for language in ("", *LANGUAGES)
    }
