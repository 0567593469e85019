"""What people do with messages in the emulated Telegram: write, send, edit, delete, press.

The object API of tests; `client_api` is the same over HTTP. A private chat's id is the person's,
who is also the sender when none is named. A bot, chat or message that does not exist raises
KeyError; what Telegram's own clients would not let one do raises ValueError with a sentence.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from bot.playground.pictures import measure
from bot.playground.telegram.accounts import Accounts
from bot.playground.telegram.contents import location, reaction
from bot.playground.telegram.delivery import deliver, post
from bot.playground.telegram.links import StartLink
from bot.playground.telegram.markup import callback_data, managed_bot_requests
from bot.playground.telegram.media import AS_IT_IS, KINDS, Told, media
from bot.playground.telegram.menu import menu
from bot.playground.telegram.places import in_reply_to, in_topic, quoted
from bot.playground.telegram.queries import Query
from bot.playground.telegram.records import Bot, Chat, ChatType, Json, Person, Status, Upload
from bot.playground.telegram.registry import Registry
from bot.playground.telegram.texts import CAPTION_LIMIT, TEXT_LIMIT, detect_entities, units
from bot.playground.telegram.world import World

_CAPTIONED: Final = frozenset({"photo", "document", "voice", "audio", "video", "animation"})
_ENTITIES: Final = {"text": "entities", "caption": "caption_entities"}


class Clients:
    """The people's side of the chats."""

    def __init__(self, world: World) -> None:
        self._world = world

    def write(
        self,
        chat_id: int,
        text: str,
        *,
        bot_id: int,
        sender: int | None = None,
        reply_to: int | None = None,
        quote: str = "",
        topic: int | None = None,
        entities: Sequence[Json] | None = None,
        beside: Json | None = None,
    ) -> Json:
        """Send a text, exactly as it is; entities are found in it if none are given.

        `bot_id` says whose view of the chat is meant, and whose message is returned. `quote`:
        the words that a reply is about. `beside`: what else the message has, such as its origin.
        """
        content = _written("text", text, entities, limit=TEXT_LIMIT)
        return self.share(
            chat_id,
            (beside or {}) | content,
            bot_id=bot_id,
            sender=sender,
            reply_to=reply_to,
            quote=quote,
            topic=topic,
        )

    def send_file(
        self,
        chat_id: int,
        upload: Upload,
        *,
        kind: str,
        bot_id: int,
        sender: int | None = None,
        reply_to: int | None = None,
        quote: str = "",
        topic: int | None = None,
        caption: str = "",
        album: str | None = None,
        told: Told = AS_IT_IS,
        beside: Json | None = None,
    ) -> Json:
        """Send a file as one of the kinds that there are; the items of an album share its name."""
        content = (beside or {}) | self._attached(upload, kind, caption, told)
        if album:
            content["media_group_id"] = album
        return self.share(
            chat_id,
            content,
            bot_id=bot_id,
            sender=sender,
            reply_to=reply_to,
            quote=quote,
            topic=topic,
        )

    def _attached(self, upload: Upload, kind: str, caption: str, told: Told) -> Json:
        if kind == "photo" and getattr(measure(upload.content), "form", None) != "jpeg":
            raise ValueError("a photo is sent as a JPEG: send others as documents")
        content = media(kind, self._world.add_file(upload, folder=f"{kind}s"), told)
        if caption and kind not in _CAPTIONED:
            raise ValueError(f"nothing is written under a {kind}")
        written = _written("caption", caption, None, limit=CAPTION_LIMIT) if caption else {}
        return content | written

    def share(
        self,
        chat_id: int,
        content: Json,
        *,
        bot_id: int,
        sender: int | None = None,
        reply_to: int | None = None,
        quote: str = "",
        topic: int | None = None,
    ) -> Json:
        """Send whatever a message may hold; `contents` makes what is neither text nor file."""
        chat = self._chat(bot_id, chat_id)
        person = self._person(chat, sender)
        if chat.is_blocked:
            raise ValueError("the bot is blocked: unblock it first")
        if topic is not None and topic not in chat.topics:
            raise ValueError("the chat has no such topic")
        if chat.type is ChatType.GROUP and self._world.bots[bot_id] not in self._world.bots_in(
            chat
        ):
            raise ValueError("the bot is not in this group")
        reply = self._message(bot_id, chat, reply_to) if reply_to else self._first_of(chat, topic)
        self._end_forced_reply(chat)
        about = quoted(reply, quote)
        whole = in_topic(topic) | in_reply_to(reply) | about | content
        posted = post(self._world, chat, sender=person.user(), content=whole)
        return posted.get(bot_id) or posted[0]

    def edit(self, chat_id: int, message_id: int, text: str, *, bot_id: int) -> Json:
        """Rewrite a text of one's own, or what stands under a file of one's own."""
        chat, message = self._own(bot_id, chat_id, message_id)
        part = "caption" if _CAPTIONED & message.keys() else "text"
        if part == "text" and "text" not in message:
            raise ValueError("people edit their own texts and captions only")
        limit = CAPTION_LIMIT if part == "caption" else TEXT_LIMIT
        content = _written(part, text, None, limit=limit)
        return self._change(bot_id, chat, message, content, gone=(_ENTITIES[part],))

    def replace_file(
        self,
        chat_id: int,
        message_id: int,
        upload: Upload,
        *,
        kind: str,
        bot_id: int,
        caption: str = "",
        told: Told = AS_IT_IS,
    ) -> Json:
        """Put another file in the place of one's own."""
        chat, message = self._own(bot_id, chat_id, message_id)
        if not _CAPTIONED & message.keys():
            raise ValueError("the message has no file that could be replaced")
        content = self._attached(upload, kind, caption, told)
        gone = (*KINDS, "caption", "caption_entities")
        return self._change(bot_id, chat, message, content, gone=gone)

    def move(
        self, chat_id: int, message_id: int, latitude: float, longitude: float, *, bot_id: int
    ) -> Json:
        """A live location of one's own has moved."""
        chat, message = self._own(bot_id, chat_id, message_id)
        period = message.get("location", {}).get("live_period")
        if not period:
            raise ValueError("only a live location moves")
        place = location(latitude, longitude, live_seconds=period)
        return self._change(bot_id, chat, message, place)

    def stop_moving(self, chat_id: int, message_id: int, *, bot_id: int) -> Json:
        """Share a live location no longer."""
        chat, message = self._own(bot_id, chat_id, message_id)
        place = message["location"]
        last = location(place["latitude"], place["longitude"])
        return self._change(bot_id, chat, message, last)

    def react(
        self, chat_id: int, message_id: int, emoji: str, *, bot_id: int, sender: int | None = None
    ) -> None:
        """Put an emoji on a message, or take one's own away with "".

        Bots are told that ask for it; in a group, its administrators alone.
        """
        chat = self._chat(bot_id, chat_id)
        message, person = self._message(bot_id, chat, message_id), self._person(chat, sender)
        before = self._world.reactions(bot_id, chat, message_id).get(str(person.id), "")
        told = {
            "chat": message["chat"],
            "message_id": message_id,
            "user": person.user(),
            "date": int(self._world.now()),
            "old_reaction": reaction(before),
            "new_reaction": reaction(emoji),
        }
        if emoji == before:
            return
        self._world.react(bot_id, chat, message_id, person=person.id, emoji=emoji)
        for bot in self._seers(bot_id, chat):
            if chat.is_private or chat.members[bot.id] is Status.ADMINISTRATOR:
                self._world.updates[bot.id].add("message_reaction", told)

    def _own(self, bot_id: int, chat_id: int, message_id: int) -> tuple[Chat, Json]:
        chat = self._chat(bot_id, chat_id)
        message = self._message(bot_id, chat, message_id)
        if message["from"]["is_bot"]:
            raise ValueError("people edit their own texts and captions only")
        return chat, message

    def _change(
        self, bot_id: int, chat: Chat, message: Json, content: Json, *, gone: Sequence[str] = ()
    ) -> Json:
        kept = {name: value for name, value in message.items() if name not in gone}
        edited = kept | content | {"edit_date": int(self._world.now())}
        self._world.change_message(bot_id, chat, edited)
        for bot in self._seers(bot_id, chat):
            deliver(self._world, bot, chat, "edited_message", edited)
        return edited

    def _seers(self, bot_id: int, chat: Chat) -> list[Bot]:
        """The bots to which a message is one and the same."""
        shared = chat.type is ChatType.SUPERGROUP
        return self._world.bots_in(chat) if shared else [self._world.bots[bot_id]]

    def delete(self, chat_id: int, message_id: int, *, bot_id: int) -> None:
        """Delete a message; Telegram does not tell bots."""
        chat = self._chat(bot_id, chat_id)
        self._message(bot_id, chat, message_id)
        self._world.delete_message(bot_id, chat, message_id)

    def press(
        self, chat_id: int, message_id: int, data: str, *, bot_id: int, sender: int | None = None
    ) -> str:
        """Press a callback button of a message; the id of the query that the bot gets."""
        chat = self._chat(bot_id, chat_id)
        message = self._message(bot_id, chat, message_id)
        if data not in callback_data(message):
            raise ValueError("the message has no such button")
        author: int = message["from"]["id"]
        query = Query(secrets.token_hex(8), author, chat_id, self._world.now())
        self._world.queries.add(query)
        content = {
            "id": query.id,
            "from": self._person(chat, sender).user(),
            "message": message,
            "chat_instance": str(chat_id),
            "data": data,
        }
        self._world.updates[author].add("callback_query", content)
        return query.id

    def start(self, person_id: int, link: str) -> tuple[int, Json]:
        """Open a link to a bot and press Start, which also unblocks it; "/start payload" is sent.

        Answers the bot's id and the message. Raises ValueError if the link leads to no bot here.
        """
        parsed = StartLink.parse(link)
        bot = self._world.bot_by_username(parsed.username)
        if bot is None:
            raise ValueError(f"there is no bot @{parsed.username} here")
        chat = self._world.private_chat(bot.id, person_id)
        if chat.is_blocked:
            Accounts(self._world).unblock(person_id, bot_id=bot.id)
        return bot.id, self.write(person_id, parsed.command(), bot_id=bot.id)

    def menu(self, chat_id: int, *, bot_id: int, sender: int | None = None) -> list[Json]:
        """The commands that a person finds in the chat's menu."""
        chat = self._chat(bot_id, chat_id)
        return menu(self._world.bots[bot_id], chat, self._person(chat, sender))

    def create_managed_bot(
        self, chat_id: int, *, bot_id: int, request_id: int, name: str, username: str
    ) -> Json:
        """Press a key that asks for a managed bot, and confirm its name and username.

        The bot's own chat with its new owner gets the service message, which is returned.
        """
        chat = self._chat(bot_id, chat_id)
        person = self._person(chat, None)
        asked = [request["request_id"] for request in managed_bot_requests(chat.keyboard)]
        if request_id not in asked:
            raise ValueError("the chat has no such key")
        if not self._world.bots[bot_id].can_manage_bots:
            raise ValueError("this bot may not manage others: its owner allows it in @BotFather")
        new = Registry(self._world).create(name, username, owner=person.id, manager=bot_id)
        content = {"managed_bot_created": {"bot": new.user()}}
        return post(self._world, chat, sender=person.user(), content=content)[bot_id]

    def messages(
        self, chat_id: int, *, bot_id: int, after: int = 0, topic: int | None = None
    ) -> list[Json]:
        """A chat's messages in both directions, oldest first; none if it was never opened."""
        chat = self._world.find_chat(self._world.bots[bot_id], chat_id)
        messages = self._world.box(bot_id, chat).items() if chat else ()
        return [
            message
            for message_id, message in messages
            if message_id > after and topic in (None, message.get("message_thread_id"))
        ]

    def _end_forced_reply(self, chat: Chat) -> None:
        """Whatever was asked for, something was said."""
        if chat.is_private and chat.keyboard and chat.keyboard.get("force_reply"):
            chat.keyboard = None
            self._world.keep_chat(chat)

    def _first_of(self, chat: Chat, topic: int | None) -> Json | None:
        """What a message in a topic that is no reply answers: the topic's announcement."""
        return self._world.box(0, chat).get(topic) if topic else None

    def _chat(self, bot_id: int, chat_id: int) -> Chat:
        if chat_id > 0:
            return self._world.private_chat(bot_id, chat_id)
        return self._world.chats[0, chat_id]

    def _message(self, bot_id: int, chat: Chat, message_id: int) -> Json:
        return self._world.box(bot_id, chat)[message_id]

    def _person(self, chat: Chat, sender: int | None) -> Person:
        person = self._world.people[chat.id if sender is None else sender]
        is_here = person.id == chat.id or chat.members.get(person.id, Status.LEFT).is_inside
        if person.is_deactivated or not is_here:
            raise ValueError("this person cannot write here")
        return person


def _written(name: str, text: str, entities: Sequence[Json] | None, *, limit: int) -> Json:
    if not text.strip() or units(text) > limit:
        raise ValueError(f"a {name} has 1 to {limit} UTF-16 units")
    found = detect_entities(text) if entities is None else list(entities)
    return {name: text} | ({_ENTITIES[name]: found} if found else {})
