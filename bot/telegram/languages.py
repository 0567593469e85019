"""/language, and which language the product speaks in a chat."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.core.texts import LANGUAGES, Text, nearest, say
from bot.telegram.events import Dispatcher, TelegramApplication, texts
from bot.telegram.person import person
from bot.telegram.presses import best_effort, pressed
from db.chats import ChatWork
from db.engine import Database
from db.languages import chosen_language
from db.records import Draft
from tenants.profile import Profile

AS_TELEGRAM = ""
PREFIX = "language:"  # of a button; then the language, or AS_TELEGRAM


@dataclass(frozen=True, slots=True)
class Languages:
    """Handlers for everybody. `profile` gives the profile of the chat's tenant as it is now."""

    dispatcher: Dispatcher
    database: Database
    profile: Callable[[Update], Awaitable[Profile]]

    async def speaks(self, update: Update) -> str:
        """The one of LANGUAGES nearest to what was chosen, else Telegram's, else the company's."""
        return nearest(await self.known(update) or (await self.profile(update)).language)

    async def known(self, update: Update) -> str | None:
        """What was chosen in the chat, else Telegram's: an IETF tag such as "it-CH"."""
        address = self.dispatcher.address(update)
        if address is None:
            return _told(update)
        chosen = await self.database.read(chosen_language, address)
        return chosen or _told(update)

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers."""
        application.add_handler(CommandHandler("language", self.typed))
        application.add_handler(CallbackQueryHandler(self.chosen, pattern=f"^{PREFIX}"))

    async def typed(self, update: Update, context: Any) -> None:
        """`/language en` chooses, `/language` asks."""
        words = " ".join(context.args or ())
        language = named(words)
        if language is None:
            question = Text.LANGUAGE_UNKNOWN if words else Text.LANGUAGE_ASK
            answer = _question(question, await self.speaks(update))
            await self.dispatcher.handle(update, lambda _: answer)
        else:
            await self.dispatcher.handle(update, await self._choice(update, language))

    async def chosen(self, update: Update, _: Any) -> None:
        """A button of the question; the first press counts, and takes the buttons away."""
        query = pressed(update)
        message = str(query.message.message_id) if query.message else None
        language = named(str(query.data).removeprefix(PREFIX)) or AS_TELEGRAM
        choose = await self._choice(update, language)

        def work(chat: ChatWork) -> Sequence[Draft]:
            return () if message and not chat.is_first_press(message) else choose(chat)

        await self.dispatcher.handle(update, work)
        await best_effort(query.answer)
        await best_effort(query.edit_message_reply_markup)

    async def _choice(self, update: Update, language: str) -> Callable[[ChatWork], Sequence[Draft]]:
        """Choose it, and say so in it."""
        if language == AS_TELEGRAM:
            told = _told(update) or (await self.profile(update)).language
            answer = texts(say(Text.LANGUAGE_FOLLOWED, told))
        else:
            answer = texts(say(Text.LANGUAGE_CHOSEN, language))

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.speak(language or None)
            return answer

        return work


def named(words: str) -> str | None:
    """The language of that tag, such as "en" or "en-GB", or of that name, as itself calls it."""
    wanted = words.strip().casefold()
    base = wanted.replace("_", "-").split("-")[0]
    names = {say(Text.LANGUAGE_NAME, one).casefold(): one for one in LANGUAGES}
    return next((one for one in (wanted, base) if one in LANGUAGES), names.get(wanted))


def _question(text: Text, language: str) -> Sequence[Draft]:
    labels = {say(Text.LANGUAGE_NAME, one): one for one in LANGUAGES}
    labels[say(Text.LANGUAGE_AS_TELEGRAM, language)] = AS_TELEGRAM
    rows = [
        [InlineKeyboardButton(label, callback_data=f"{PREFIX}{one}")]
        for label, one in labels.items()
    ]
    return texts(say(text, language), markup=InlineKeyboardMarkup(rows).to_json())


def _told(update: Update) -> str | None:
    user = person(update)
    return user.language_code if user else None
