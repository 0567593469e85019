"""Events of a bot through python-telegram-bot's Application: parsed here, handled by handlers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CallbackContext, ExtBot

from bot.core.texts import Text, say
from bot.front.event import ClientEvent
from bot.telegram.message import WITH_WORDS, as_command, message_in, words
from bot.telegram.person import full_name, person
from bot.telegram.points import is_understood
from bot.telegram.render import render
from bot.telegram.wire import mapping, parse, parse_writable, string
from bot.turns.events import Events, Work
from bot.turns.speech import drafts
from db.chats import ChatWork
from db.engine import is_unusable
from db.records import TELEGRAM, Actor, Address, Draft, Event, OutboxKind

TelegramApplication = Application[Any, Any, Any, Any, Any, Any]


class Handlers(Protocol):
    """A group of handlers: bound methods that `register` adds to an application."""

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers."""


def build_application(bot: ExtBot[Any]) -> TelegramApplication:
    """An application without an updater: what comes in is stored first, by our own polling."""
    return ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()


@dataclass(slots=True)
class Dispatcher:
    """Hands each stored event to the application, once, and sees to it that it ends as handled."""

    application: TelegramApplication
    events: Events
    _handling: dict[int, Event] = field(default_factory=dict)
    _errors: dict[int, Exception] = field(default_factory=dict)

    def register(self, *groups: Handlers) -> None:
        """Take the handlers in."""
        for handlers in groups:
            handlers.register(self.application)
        self.application.add_error_handler(self._note_error)

    async def __call__(self, event: Event) -> None:
        """Handle one event; whatever goes wrong with it, it ends as done or as failed.

        Raises what a failing database raises: then it is to be handled again.
        """
        try:
            stored = as_command(parse_writable(event.payload))
            update = Update.de_json(stored, self.application.bot)
        except Exception as error:  # any shape of JSON may have come in
            await self._fail(event, error)
            return
        self._handling[update.update_id] = event
        try:
            await self.application.process_update(update)
        finally:
            del self._handling[update.update_id]
        if raised := self._errors.pop(update.update_id, None):
            if is_unusable(raised):
                raise raised
            await self._fail(event, raised)
        else:
            await self.events.handle(event)

    async def handle(self, update: Update, work: Work) -> bool:
        """For handlers: the effect and the answers of an update, in one commit."""
        return await self.events.handle(self._handling[update.update_id], work)

    def client_event(self, update: Update) -> ClientEvent:
        """An update that is being handled, as the commands of clients take it."""
        event, user = self._handling[update.update_id], person(update)
        message, query = update.effective_message, update.callback_query
        return ClientEvent(
            channel=TELEGRAM,
            stored=event,
            actor=Actor(user.id, full_name(user)) if user else Actor(None, "client"),
            language=user.language_code if user else None,
            asks=WITH_WORDS.asks(words(mapping(parse(event.payload).get("message")))),
            pressed=str(query.message.message_id) if query and query.message else None,
            album=message.media_group_id if message else None,
            understood=is_understood(message_in(parse(event.payload))),
        )

    def address(self, update: Update) -> Address | None:
        """Where an update that is being handled came from."""
        return self._handling[update.update_id].address

    def row(self, update: Update) -> int:
        """The row of an update that is being handled."""
        return self._handling[update.update_id].row

    def payload(self, update: Update) -> str:
        """An update that is being handled, as it is stored."""
        return self._handling[update.update_id].payload

    async def _fail(self, event: Event, error: Exception) -> None:
        cause = type(error).__name__
        self.events.telemetry.warn("update failed", update=event.row, cause=cause, exc_info=error)
        await self.events.handle(event, _apologise(event), cause=cause)

    async def _note_error(
        self, update: object, context: CallbackContext[Any, Any, Any, Any]
    ) -> None:
        if isinstance(update, Update) and context.error:
            self._errors[update.update_id] = context.error


def texts(*messages: str, markup: str | None = None) -> tuple[Draft, ...]:
    """A command's answers as drafts; `markup` goes under the last."""
    pieces = [piece for message in messages for piece in render(message)]
    rows = drafts(OutboxKind.COMMAND, pieces)
    if markup is None:
        return rows
    last = rows[-1]
    return (*rows[:-1], Draft(last.kind, last.position, last.text, last.entities, markup))


def _apologise(event: Event) -> Work:
    """Never silence: a person who pressed or typed something hears that it did not work."""
    sender = _sender(event.payload)

    def work(chat: ChatWork) -> Sequence[Draft]:
        if sender is None:
            return ()
        language = chat.chosen_language() or string(sender.get("language_code"))
        return texts(say(Text.FAILURE, language))

    return work


def _sender(payload: str) -> Mapping[str, Any] | None:
    """Who pressed or typed something; None when nobody did."""
    update = parse(payload)
    said = mapping(update.get("message")) or mapping(update.get("callback_query"))
    return mapping(said.get("from")) if said else None
