"""What a client can do besides talking: commands, buttons, and what is not text."""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.core.texts import LANGUAGES, Text, command_descriptions, say
from bot.telegram.captions import command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication, texts
from bot.telegram.languages import Languages
from bot.telegram.presses import best_effort, pressed
from db.chats import ChatWork
from db.records import Draft

FORGET_YES, FORGET_NO = "forget:yes", "forget:no"


@dataclass(frozen=True, slots=True)
class ClientCommands:
    """Handlers for everybody. `kept_days`: how long words are kept here, 0 for ever."""

    dispatcher: Dispatcher
    languages: Languages
    kept_days: Callable[[Update], Awaitable[float]]

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers; the last one takes what no other does."""
        for name, handler in (
            ("new", self.new),
            ("help", self.help),
            ("privacy", self.privacy),
        ):
            application.add_handlers(command_handlers(name, handler))
        application.add_handler(CommandHandler("forget", self.forget))
        self.languages.register(application)
        application.add_handler(CallbackQueryHandler(self.confirm_forget, pattern="^forget:"))
        application.add_handler(CallbackQueryHandler(self.expired))
        application.add_handler(ChatMemberHandler(self.member, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, self.migrate))
        application.add_handler(MessageHandler(filters.COMMAND, self.unknown))
        application.add_handler(MessageHandler(filters.ALL, self.not_text))

    async def new(self, update: Update, _: Any) -> None:
        """A fresh conversation; what was written before is still answered in the old one."""
        answer = texts(say(Text.NEW, await self.speaks(update)))

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.start_over()
            return answer

        await self.dispatcher.obey(update, work)

    async def help(self, update: Update, _: Any) -> None:
        """What one can do here."""
        answer = texts(say(Text.HELP, await self.speaks(update)))
        await self.dispatcher.obey(update, lambda _: answer)

    async def privacy(self, update: Update, _: Any) -> None:
        """What is stored, and how to have it erased."""
        language, days = await self.speaks(update), await self.kept_days(update)
        answer = texts(what_is_kept(language, days))
        await self.dispatcher.obey(update, lambda _: answer)

    async def forget(self, update: Update, _: Any) -> None:
        """Ask before erasing."""
        language = await self.speaks(update)
        buttons = InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton(say(Text.FORGET_YES, language), callback_data=FORGET_YES),
                    InlineKeyboardButton(say(Text.FORGET_NO, language), callback_data=FORGET_NO),
                ]
            ]
        )
        question = texts(say(Text.FORGET_ASK, language), markup=buttons.to_json())
        await self.dispatcher.handle(update, lambda _: question)

    async def confirm_forget(self, update: Update, _: Any) -> None:
        """Erase, or leave everything as it is; the buttons go either way."""
        query = pressed(update)
        agreed = query.data == FORGET_YES
        answer = Text.FORGOTTEN if agreed else Text.FORGET_CANCELLED
        language = await self.speaks(update)

        def work(chat: ChatWork) -> Sequence[Draft]:
            if query.message and not chat.is_first_press(str(query.message.message_id)):
                return ()  # a second press may follow before the buttons are gone
            if agreed:
                chat.forget()
            return texts(say(answer, language))

        await self.dispatcher.handle(update, work)
        await best_effort(query.answer)
        await best_effort(query.edit_message_reply_markup)

    async def expired(self, update: Update, _: Any) -> None:
        """A button that means nothing any more."""
        query, language = pressed(update), await self.speaks(update)
        await self.dispatcher.handle(update, lambda _: ())
        await best_effort(query.answer, say(Text.BUTTON_EXPIRED, language))

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

    async def unknown(self, update: Update, _: Any) -> None:
        """A command that does not exist."""
        answer = texts(say(Text.UNKNOWN_COMMAND, await self.speaks(update)))
        await self.dispatcher.handle(update, lambda _: answer)

    async def not_text(self, update: Update, _: Any) -> None:
        """A voice message, a photo, a sticker: said once per album, unless words were added."""
        message = update.effective_message
        album = message.media_group_id if message else None
        answer = texts(say(Text.ONLY_TEXT, await self.speaks(update)))

        def work(chat: ChatWork) -> Sequence[Draft]:
            is_answered = chat.lacks_words() and (not album or chat.is_first_of_album(album))
            return answer if is_answered else ()

        await self.dispatcher.handle(update, work)

    async def speaks(self, update: Update) -> str:
        """The language in which an update is answered."""
        return await self.languages.speaks(update)


def what_is_kept(language: str, days: float) -> str:
    """What /privacy says where words are kept for so many days, 0 for ever."""
    kept = say(Text.PRIVACY_DAYS, language, count=math.ceil(days)) if days else ""
    return f"{say(Text.PRIVACY, language)}\n\n{kept or say(Text.PRIVACY_FOR_EVER, language)}"


def menus(company: str | None = None) -> dict[str, tuple[tuple[str, str], ...]]:
    """Telegram's command menu per language; "" is for everybody else: in the company's."""
    return {
        language: tuple(command_descriptions(language or company).items())
        for language in ("", *LANGUAGES)
    }
