"""The people's side over HTTP, for pages, benchmarks and crash tests.

`/client/state` shows everything at once and says where `/client/events` goes on. A private
chat's id is the person's; `bot` says which bot's view of a chat is meant.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.playground.telegram.bodies import (
    About,
    Edited,
    Membership,
    Moved,
    NewBot,
    NewGroup,
    NewManagedBot,
    NewPerson,
    NewTopic,
    Opened,
    Pressed,
    Reacted,
    Shared,
    Written,
)
from bot.playground.telegram.contents import LARGEST_DICE, contact, dice, location, poll, venue
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.files import download
from bot.playground.telegram.forms import read_params
from bot.playground.telegram.http_json import answers_json, path_number, query_number
from bot.playground.telegram.media import AS_IT_IS, KINDS, Told
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Json, Upload, encode
from bot.playground.voices import silence, with_words

_LETTERS_A_SECOND: Final = 14  # of speech, about
_LONGEST_SILENCE_SECONDS: Final = 600


class ClientApi:
    """The routes under /client."""

    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator
        self._accounts = emulator.accounts
        self._clients = emulator.clients

    def routes(self) -> list[BaseRoute]:
        chat = "/client/chats/{chat_id}"
        message = chat + "/messages/{message_id}"
        table = (
            ("GET", "/client/state", self.get_state),
            ("GET", "/client/events", self.get_events),
            ("GET", "/client/files/{file_id}", self.get_file),
            ("POST", "/client/bots", self.add_bot),
            ("POST", "/client/people", self.add_person),
            ("POST", "/client/people/{person_id}/deactivate", self.deactivate),
            ("POST", "/client/chats", self.add_group),
            ("POST", chat + "/topics", self.add_topic),
            ("POST", chat + "/members", self.set_member),
            ("POST", chat + "/migrate", self.migrate),
            ("POST", chat + "/block", self.block),
            ("POST", chat + "/unblock", self.unblock),
            ("GET", chat + "/messages", self.get_messages),
            ("POST", chat + "/messages", self.write),
            ("POST", chat + "/files", self.send_files),
            ("POST", chat + "/shares", self.share),
            ("GET", chat + "/commands", self.get_menu),
            ("POST", chat + "/managed-bots", self.create_managed_bot),
            ("POST", "/client/links", self.open_link),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
            ("POST", message + "/press", self.press),
            ("PUT", message + "/location", self.move),
            ("PUT", message + "/reaction", self.react),
        )
        return [Route(path, answers_json(f), methods=[method]) for method, path, f in table]

    async def get_state(self, request: Request) -> Json:
        return self._emulator.describe()

    async def get_events(self, request: Request) -> Response:
        """Server-Sent Events from `after` on, or from now on."""
        after = query_number(request, "after", self._emulator.events.seq)
        return StreamingResponse(self._stream(after), media_type="text/event-stream")

    async def _stream(self, after: int) -> AsyncIterator[str]:
        async with aclosing(self._emulator.events.follow(after)) as events:
            async for event in events:
                yield f"data: {encode(event)}\n\n"

    async def get_file(self, request: Request) -> Response:
        return download(self._emulator.world.files[request.path_params["file_id"]])

    async def add_bot(self, request: Request) -> Json:
        body = NewBot.model_validate_json(await request.body())
        bot = self._accounts.add_bot(
            body.token,
            username=body.username,
            first_name=body.first_name,
            reads_all_group_messages=body.can_read_all_group_messages,
        )
        return bot.user()

    async def add_person(self, request: Request) -> Json:
        body = NewPerson.model_validate_json(await request.body())
        person = self._accounts.add_person(
            body.first_name,
            language_code=body.language_code,
            username=body.username,
            person_id=body.id,
        )
        return person.user()

    async def deactivate(self, request: Request) -> Json:
        self._accounts.deactivate(path_number(request, "person_id"))
        return {}

    async def add_group(self, request: Request) -> Json:
        body = NewGroup.model_validate_json(await request.body())
        chat = self._accounts.add_group(
            body.title,
            members=body.members,
            type=body.type,
            topics=body.topics,
            username=body.username,
        )
        return self._emulator.world.describe(chat)

    async def add_topic(self, request: Request) -> Json:
        body = NewTopic.model_validate_json(await request.body())
        return {"id": self._accounts.add_topic(_chat_id(request), body.name), "name": body.name}

    async def set_member(self, request: Request) -> Json:
        body = Membership.model_validate_json(await request.body())
        self._accounts.set_member(_chat_id(request), body.user_id, body.status)
        return {}

    async def migrate(self, request: Request) -> Json:
        return self._emulator.world.describe(self._accounts.migrate(_chat_id(request)))

    async def block(self, request: Request) -> Json:
        body = About.model_validate_json(await request.body())
        self._accounts.block(_chat_id(request), bot_id=body.bot)
        return {}

    async def unblock(self, request: Request) -> Json:
        body = About.model_validate_json(await request.body())
        self._accounts.unblock(_chat_id(request), bot_id=body.bot)
        return {}

    async def get_messages(self, request: Request) -> list[Json]:
        """A chat's messages, each with the reactions to it."""
        bot_id, chat_id = query_number(request, "bot"), _chat_id(request)
        messages = self._clients.messages(
            chat_id,
            bot_id=bot_id,
            after=query_number(request, "after", 0),
            topic=query_number(request, "topic", 0) or None,
        )
        world = self._emulator.world
        chat = world.find_chat(world.bots[bot_id], chat_id)
        return [
            message | {"reactions": world.reactions(bot_id, chat, message["message_id"])}
            for message in messages
            if chat is not None
        ]

    async def write(self, request: Request) -> Json:
        body = Written.model_validate_json(await request.body())
        return self._clients.write(
            _chat_id(request),
            body.text,
            bot_id=body.bot,
            sender=body.sender,
            reply_to=body.reply_to_message_id,
            quote=body.quote,
            topic=body.topic,
            entities=body.entities,
        )

    async def share(self, request: Request) -> Json:
        """A place, a contact, a poll or a throw of dice."""
        body = Shared.model_validate_json(await request.body())
        return self._clients.share(
            _chat_id(request),
            _shared(body),
            bot_id=body.bot,
            sender=body.sender,
            reply_to=body.reply_to_message_id,
            quote=body.quote,
            topic=body.topic,
        )

    async def move(self, request: Request) -> Json:
        body = Moved.model_validate_json(await request.body())
        chat_id, message_id, place = _chat_id(request), _message_id(request), body.place
        if place is None:
            return self._clients.stop_moving(chat_id, message_id, bot_id=body.bot)
        return self._clients.move(
            chat_id, message_id, place.latitude, place.longitude, bot_id=body.bot
        )

    async def react(self, request: Request) -> Json:
        body = Reacted.model_validate_json(await request.body())
        self._clients.react(
            _chat_id(request),
            _message_id(request),
            body.emoji,
            bot_id=body.bot,
            sender=body.sender,
        )
        return {}

    async def send_files(self, request: Request) -> list[Json]:
        """A form of bot, from, caption, topic, reply_to_message_id, quote and files.

        The files' fields are named after their kinds, such as photo or voice; several make an
        album, whose name may be given as media_group_id. The caption goes under the first. Of a
        recording, `duration` says how long it is, and `words` what is heard in it; of a sticker,
        `emoji` what it means.
        """
        form = await read_params(request.scope, request.receive)
        if not form.uploads or not all(_kind(name) in KINDS for name in form.uploads):
            raise ValueError(f"send files in fields named {', '.join(KINDS)}")
        album = form.text("media_group_id")
        if not album and len(form.uploads) > 1:
            album = str(self._emulator.world.next_id("album"))
        return [
            self._clients.send_file(
                _chat_id(request),
                _spoken(upload, form),
                kind=_kind(name),
                bot_id=form.integer("bot"),
                sender=form.integer("from") or None,
                reply_to=form.integer("reply_to_message_id") or None,
                quote=form.text("quote"),
                topic=form.integer("topic") or None,
                caption="" if position else form.text("caption"),
                album=album or None,
                told=Told(form.integer("duration") or None, form.text("emoji") or AS_IT_IS.emoji),
            )
            for position, (name, upload) in enumerate(form.uploads.items())
        ]

    async def get_menu(self, request: Request) -> list[Json]:
        return self._clients.menu(
            _chat_id(request),
            bot_id=query_number(request, "bot"),
            sender=query_number(request, "from", 0) or None,
        )

    async def create_managed_bot(self, request: Request) -> Json:
        body = NewManagedBot.model_validate_json(await request.body())
        return self._clients.create_managed_bot(
            _chat_id(request),
            bot_id=body.bot,
            request_id=body.request_id,
            name=body.name,
            username=body.username,
        )

    async def open_link(self, request: Request) -> Json:
        """The message that Start sent, and the bot it went to."""
        body = Opened.model_validate_json(await request.body())
        bot_id, message = self._clients.start(body.person, body.url)
        return {"bot": bot_id, "message": message}

    async def edit(self, request: Request) -> Json:
        body = Edited.model_validate_json(await request.body())
        return self._clients.edit(
            _chat_id(request), _message_id(request), body.text, bot_id=body.bot
        )

    async def delete(self, request: Request) -> Json:
        bot_id = query_number(request, "bot")
        self._clients.delete(_chat_id(request), _message_id(request), bot_id=bot_id)
        return {}

    async def press(self, request: Request) -> Json:
        body = Pressed.model_validate_json(await request.body())
        query_id = self._clients.press(
            _chat_id(request),
            _message_id(request),
            body.data,
            bot_id=body.bot,
            sender=body.sender,
        )
        return {"callback_query_id": query_id}


def _chat_id(request: Request) -> int:
    return path_number(request, "chat_id")


def _message_id(request: Request) -> int:
    return path_number(request, "message_id")


def _kind(name: str) -> str:
    """The files of an album have numbered names: photo, photo2, ..."""
    return name.rstrip("0123456789")


def _spoken(upload: Upload, form: Params) -> Upload:
    """A recording with its words; who typed them only gets a silence of about their length."""
    words = form.text("words")
    if not words:
        return upload
    seconds = form.integer("duration") or 1 + len(words) // _LETTERS_A_SECOND
    content = upload.content or silence(min(seconds, _LONGEST_SILENCE_SECONDS))
    return replace(upload, content=with_words(content, words))


def _shared(body: Shared) -> Json:
    place = body.place
    if place is not None and place.title:
        at = {"latitude": place.latitude, "longitude": place.longitude}
        return venue(place.title, place.address, **at)
    if place is not None:
        return location(place.latitude, place.longitude, live_seconds=place.live_period)
    if body.contact is not None:
        return contact(body.contact.phone_number, body.contact.first_name)
    if body.poll is not None:
        return poll(body.poll.question, body.poll.options)
    return dice(body.dice, 1 + secrets.randbelow(LARGEST_DICE.get(body.dice, 1)))
