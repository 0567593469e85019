"""The people's side over HTTP, for pages, benchmarks and crash tests.

`/client/state` shows everything at once and says where `/client/events` goes on. A private
chat's id is the person's; `bot` says which bot's view of a chat is meant.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.playground.telegram.bodies import (
    About,
    Edited,
    Membership,
    NewBot,
    NewGroup,
    NewManagedBot,
    NewPerson,
    NewTopic,
    Opened,
    Pressed,
    Written,
)
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.files import download
from bot.playground.telegram.forms import read_params
from bot.playground.telegram.http_json import answers_json, path_number, query_number
from bot.playground.telegram.methods.messages import MEDIA
from bot.playground.telegram.records import Json, encode


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
            ("GET", chat + "/commands", self.get_menu),
            ("POST", chat + "/managed-bots", self.create_managed_bot),
            ("POST", "/client/links", self.open_link),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
            ("POST", message + "/press", self.press),
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
        return self._clients.messages(
            _chat_id(request),
            bot_id=query_number(request, "bot"),
            after=query_number(request, "after", 0),
            topic=query_number(request, "topic", 0) or None,
        )

    async def write(self, request: Request) -> Json:
        body = Written.model_validate_json(await request.body())
        return self._clients.write(
            _chat_id(request),
            body.text,
            bot_id=body.bot,
            sender=body.sender,
            reply_to=body.reply_to_message_id,
            topic=body.topic,
            entities=body.entities,
        )

    async def send_files(self, request: Request) -> list[Json]:
        """A form of bot, from, caption, topic, reply_to_message_id and files.

        The files' fields are named photo, document, voice or sticker; several make an album,
        whose name may be given as media_group_id. The caption goes under the first.
        """
        form = await read_params(request.scope, request.receive)
        if not form.uploads or not all(_kind(name) in MEDIA for name in form.uploads):
            raise ValueError(f"send files in fields named {', '.join(MEDIA)}")
        album = form.text("media_group_id")
        if not album and len(form.uploads) > 1:
            album = str(self._emulator.world.next_id("album"))
        return [
            self._clients.send_file(
                _chat_id(request),
                upload,
                kind=_kind(name),
                bot_id=form.integer("bot"),
                sender=form.integer("from") or None,
                reply_to=form.integer("reply_to_message_id") or None,
                topic=form.integer("topic") or None,
                caption="" if position else form.text("caption"),
                album=album or None,
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
