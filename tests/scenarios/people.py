"""Who talks to the bot, and where: people, groups, topics."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.playground.telegram.delivery import post
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.media import Told
from bot.playground.telegram.records import Upload
from bot.playground.telegram.texts import detect_entities
from bot.playground.voices import silence, with_words
from tests.samples import MP4, PDF, jpeg, webp

Json = dict[str, Any]

BOT = 4711
HOME = "home:0:"
# Telegram's own accounts, behind which others write
ANONYMOUS: Json = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
BY_CHANNEL: Json = {"id": 136_817_688, "is_bot": True, "first_name": "Channel"}
TELEGRAM: Json = {"id": 777_000, "is_bot": False, "first_name": "Telegram"}
STORY: Json = {"id": 1, "chat": {"id": -1007, "type": "channel", "title": "News"}}
FILES = {
    "photo": Upload("photo.jpg", "image/jpeg", jpeg()),
    "voice": Upload("voice.ogg", "audio/ogg", silence(2)),
    "sticker": Upload("sticker.webp", "image/webp", webp()),
    "document": Upload("menu.pdf", "application/pdf", PDF),
    "audio": Upload("song.mp3", "audio/mpeg", b"ID3"),
    "video": Upload("pool.mp4", "video/mp4", MP4),
    "video_note": Upload("note.mp4", "video/mp4", MP4),
    "animation": Upload("wave.mp4", "video/mp4", MP4),
}


class Stage(Protocol):
    """What people need of the stage."""

    telegram: TelegramEmulator
    places: list["Place"]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when it holds."""

    def settles(self) -> Awaitable[None]:
        """Return when nothing is under way."""


@dataclass(slots=True)
class Place:
    """A chat, or a topic of one, and how much of what the bot said there the test has told."""

    stage: Stage
    chat_id: int
    topic: int | None = None
    heard: int = 0  # a message id
    bot: int = BOT

    def untold(self) -> list[Json]:
        """What the bot said here that the test has not told yet, as Telegram shows it."""
        shown = self.stage.telegram.clients.messages(
            self.chat_id, bot_id=self.bot, after=self.heard, topic=self.topic
        )
        return [message for message in shown if message["from"]["id"] == self.bot]

    async def hears(self, *bubbles: str) -> None:
        """These bubbles and no other, in this order; without any: nothing, once all is quiet."""
        if not bubbles:
            await self.stage.settles()
        assert [message["text"] for message in await self.receives(len(bubbles))] == list(bubbles)

    async def shows(self, text: str) -> None:
        """Wait until a message of the bot's says this, such as a card that took another's place."""
        await self.stage.until(lambda: text in self.said())

    def said(self) -> list[str]:
        """All texts of the chat, as they are shown now."""
        return [message.get("text", "") for message in self.messages()]

    def messages(self) -> list[Json]:
        """All messages of the chat, as they are shown now."""
        return self.stage.telegram.clients.messages(
            self.chat_id, bot_id=self.bot, after=0, topic=self.topic
        )

    def buttons(self) -> list[str]:
        """The labels of all buttons that are shown, but for the way home that every card has."""
        shown = [button for message in self.messages() for button in _buttons(message)]
        return [button["text"] for button in shown if button["callback_data"] != HOME]

    async def receives(self, number: int) -> list[Json]:
        """So many messages or more; whatever has come counts as told."""
        try:
            await self.stage.until(lambda: len(self.untold()) >= number)
        except TimeoutError:
            raise AssertionError(f"heard only {[m['text'] for m in self.untold()]}") from None
        told = self.untold()
        self.heard = max((message["message_id"] for message in told), default=self.heard)
        return told

    def gets(self, text: str, *, sender: Json, **fields: Any) -> None:
        """In a group: a text that no person of the emulator writes, as one in a channel's name."""
        world = self.stage.telegram.world
        entities = detect_entities(text)
        content = {"text": text, "entities": entities} if entities else {"text": text}
        post(world, world.chats[0, self.chat_id], sender=sender, content=content | fields)

    def calls(self, method: str = "sendMessage") -> int:
        """How often the bot called a method for this chat."""
        return len(self.stage.telegram.calls.of(method, chat_id=self.chat_id))


@dataclass(slots=True)
class Person(Place):
    """A person, who is also the place of the private chat with the bot."""

    def writes(
        self,
        text: str,
        *,
        to: Place | None = None,
        reply_to: int | None = None,
        quote: str = "",
        **beside: Any,
    ) -> int:
        """Send a text, here or `to` a group; its message id.

        `quote`: the words that a reply is about. `beside`: what else the message has, such as a
        `forward_origin` or an `external_reply`.
        """
        place = to or self
        message = self.stage.telegram.clients.write(
            place.chat_id,
            text,
            bot_id=self.bot,
            sender=self.chat_id,
            reply_to=reply_to,
            quote=quote,
            topic=place.topic,
            beside=beside,
        )
        return int(message["message_id"])

    def opens(self, link: str) -> None:
        """Open the bot by a deep link and press Start."""
        self.writes(f"/start {link.partition('?start=')[2]}")

    def sends(
        self,
        kind: str,
        *,
        file: Upload | None = None,
        caption: str = "",
        album: str | None = None,
        to: Place | None = None,
        reply_to: int | None = None,
        told: Told | None = None,
        **beside: Any,
    ) -> int:
        """Send one of FILES, or another `file` of that kind; its message id.

        `told`: what the application says of it, such as how long it is.
        """
        place = to or self
        message = self.stage.telegram.clients.send_file(
            place.chat_id,
            file or FILES[kind],
            kind=kind,
            bot_id=self.bot,
            sender=self.chat_id,
            reply_to=reply_to,
            topic=place.topic,
            caption=caption,
            album=album,
            told=told or Told(),
            beside=beside,
        )
        return int(message["message_id"])

    def says(self, words: str, *, seconds: int = 4, **how: Any) -> int:
        """Send a voice message in which this is heard; "" is a silent one."""
        content = with_words(silence(seconds), words)
        return self.sends("voice", file=Upload("voice.ogg", "audio/ogg", content), **how)

    def sends_file(
        self, name: str, content: bytes, *, caption: str = "", album: str | None = None
    ) -> int:
        """Send a document with this content; its message id."""
        upload = Upload(name, "application/octet-stream", content)
        return self.sends("document", file=upload, caption=caption, album=album)

    def shares(
        self, *, to: Place | None = None, reply_to: int | None = None, **content: Any
    ) -> int:
        """Send what a message may hold, such as `**location(45.4, 11.0)` of the emulator's
        contents, or what no application would send; its message id.
        """
        place = to or self
        message = self.stage.telegram.clients.share(
            place.chat_id,
            content,
            bot_id=self.bot,
            sender=self.chat_id,
            reply_to=reply_to,
            topic=place.topic,
        )
        return int(message["message_id"])

    def moves(self, message_id: int, latitude: float, longitude: float) -> None:
        """A live location of theirs is elsewhere."""
        clients = self.stage.telegram.clients
        clients.move(self.chat_id, message_id, latitude, longitude, bot_id=self.bot)

    def stops_moving(self, message_id: int) -> None:
        """Share a live location no longer."""
        self.stage.telegram.clients.stop_moving(self.chat_id, message_id, bot_id=self.bot)

    def reacts(self, emoji: str, message_id: int, *, to: Place | None = None) -> None:
        """Put an emoji on a message; "" takes it away."""
        self.stage.telegram.clients.react(
            (to or self).chat_id, message_id, emoji, bot_id=self.bot, sender=self.chat_id
        )

    def replaces(self, message_id: int, kind: str, *, caption: str = "") -> None:
        """Put another file in the place of one of theirs."""
        self.stage.telegram.clients.replace_file(
            self.chat_id, message_id, FILES[kind], kind=kind, bot_id=self.bot, caption=caption
        )

    def edits(self, message_id: int, text: str, *, to: Place | None = None) -> None:
        """Rewrite a text, or what stands under a file."""
        self.stage.telegram.clients.edit((to or self).chat_id, message_id, text, bot_id=self.bot)

    def deletes(self, message_id: int) -> None:
        self.stage.telegram.clients.delete(self.chat_id, message_id, bot_id=self.bot)

    def presses(self, label: str, *, to: Place | None = None) -> str:
        """Press the button with this label under the last message that has one; the query's id."""
        place = to or self
        message, data = next(
            (message, button["callback_data"])
            for message in reversed(place.messages())
            for button in _buttons(message)
            if button["text"] == label
        )
        return self.stage.telegram.clients.press(
            place.chat_id, message["message_id"], data, bot_id=self.bot, sender=self.chat_id
        )

    def presses_key(self, data: str) -> None:
        """Press the button with these data: of several that say the same, this one."""
        held = [
            one for one in self.messages() if data in [b["callback_data"] for b in _buttons(one)]
        ]
        self.stage.telegram.clients.press(
            self.chat_id, held[-1]["message_id"], data, bot_id=self.bot
        )

    def is_led_home(self) -> bool:
        """Whether the last message of the bot's has the key to the home card."""
        said = [one for one in self.messages() if one["from"]["id"] == self.bot]
        return HOME in [button["callback_data"] for button in _buttons(said[-1])]

    def menu(self) -> list[str]:
        """The commands that Telegram shows to this person alone."""
        scopes = self.stage.telegram.world.bots[self.bot].commands
        scope = f'{{"chat_id":{self.chat_id},"type":"chat"}}'
        commands = scopes.get(scope, {}).get("", [])
        return [command["command"] for command in commands]

    def finds_button(self, label: str, *, data: str) -> None:
        """A message of the bot's with a button, from a time that nobody remembers."""
        world = self.stage.telegram.world
        button = {"text": label, "callback_data": data}
        content = {"text": "Vecchio", "reply_markup": {"inline_keyboard": [[button]]}}
        chat, bot = world.private_chat(self.bot, self.chat_id), world.bots[self.bot]
        self.heard = world.add_message(self.bot, chat, sender=bot.user(), content=content)[
            "message_id"
        ]

    def at(self, bot: int) -> "Person":
        """The same person, in the chat with another bot."""
        other = Person(self.stage, self.chat_id, bot=bot)
        self.stage.places.append(other)
        return other

    def blocks(self) -> None:
        self.stage.telegram.accounts.block(self.chat_id, bot_id=self.bot)

    def unblocks(self) -> None:
        self.stage.telegram.accounts.unblock(self.chat_id, bot_id=self.bot)


def _buttons(message: Json) -> list[Json]:
    """Those that the bot hears of; one that copies something is the phone's own."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if "callback_data" in button]
