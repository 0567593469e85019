"""Everything that the emulated Telegram knows and remembers: the rules of ids and of places."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.playground.telegram.errors import unauthorized
from bot.playground.telegram.events import Events
from bot.playground.telegram.filing import Files
from bot.playground.telegram.queries import Queries
from bot.playground.telegram.records import (
    Bot,
    Chat,
    ChatType,
    File,
    Json,
    Person,
    Upload,
)
from bot.playground.telegram.store import Store
from bot.playground.telegram.updates import Updates

Box = dict[int, Json]


class World:
    """Bots, people, chats, messages, files; written to the store as they change.

    Message ids: one sequence for all of a bot's private chats and basic groups, incoming and
    outgoing alike; a supergroup has its own. A deleted message's id is never given again.
    """

    def __init__(self, *, state: Path | None, now: Callable[[], float]) -> None:
        self.now = now
        self.events = Events()
        self.queries = Queries()
        self.store = Store(state)
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.chats: dict[tuple[int, int], Chat] = {}  # by (0 or the private chat's bot, chat id)
        self.files = Files(self.store)
        self.updates: dict[int, Updates] = {}
        self._by_token: dict[str, Bot] = {}
        self._reactions: dict[str, dict[str, str]] = {}  # by message and person
        self._boxes: dict[tuple[int, int], Box] = {}  # by (who numbers it, chat id)
        self._counters: dict[str, int] = {}
        self._load()

    def _load(self) -> None:
        self._counters = {"/".join(key): value for key, value in self.store.entries("counter")}
        for _, body in self.store.entries("bot"):
            self.keep_bot(Bot.load(body))
        self.people = {int(key[0]): Person.load(body) for key, body in self.store.entries("person")}
        self.chats = {
            (int(bot_id), int(chat_id)): Chat.load(body)
            for (bot_id, chat_id), body in self.store.entries("chat")
        }
        for (owner, chat_id, message_id), message in self.store.entries("message"):
            self._boxes.setdefault((int(owner), int(chat_id)), {})[int(message_id)] = message
        for (bot_id, _), update in self.store.entries("update"):
            self.updates[int(bot_id)].restore(update)
        self._reactions = {"/".join(key): put for key, put in self.store.entries("reaction")}

    def next_id(self, name: str, *, first: int = 1) -> int:
        """The next of a sequence that survives restarts."""
        value = self._counters.get(name, first - 1) + 1
        self._counters[name] = value
        self.store.put(f"counter/{name}", value)
        return value

    # ------------------------------------------------------------ who and where

    def bot_by_token(self, token: str) -> Bot | None:
        return self._by_token.get(token)

    def keep_bot(self, bot: Bot) -> None:
        """Remember a bot, or its change."""
        self._by_token[bot.token] = self.bots[bot.id] = bot
        if bot.id not in self.updates:
            last_id = self._counters.get(f"update/{bot.id}")
            tell = partial(self._tell_read, bot.id)
            self.updates[bot.id] = Updates(bot, self.store, last_id=last_id, on_read=tell)
        self.store.put(f"bot/{bot.id}", bot.dump())

    def change_token(self, bot: Bot, token: str) -> None:
        """Give a bot another token; the old one is a stranger's from now on."""
        del self._by_token[bot.token]
        bot.token = token
        self.keep_bot(bot)
        self.updates[bot.id].end_poll(unauthorized())

    def forget_bot(self, bot: Bot) -> None:
        """Forget a bot, its updates and its private chats; its numbers go on all the same."""
        self.updates[bot.id].clear()
        self.updates[bot.id].end_poll(unauthorized())
        for chat in [chat for chat in self.chats.values() if chat.bot_id == bot.id]:
            self._forget_chat(bot.id, chat)
        del self._by_token[bot.token], self.bots[bot.id], self.updates[bot.id]
        self.store.delete([f"bot/{bot.id}"])
        self.events.add("bot_deleted", bot=bot.id)

    def _forget_chat(self, bot_id: int, chat: Chat) -> None:
        messages = self._boxes.pop((bot_id, chat.id), {})
        keys = [_message_key(bot_id, chat, message_id) for message_id in messages]
        self.store.delete([f"chat/{bot_id}/{chat.id}", *keys])
        del self.chats[bot_id, chat.id]

    def bot_by_username(self, username: str) -> Bot | None:
        names = self.bots.values()
        return next((bot for bot in names if bot.username.lower() == username.lower()), None)

    def keep_person(self, person: Person) -> None:
        self.people[person.id] = person
        self.store.put(f"person/{person.id}", person.dump())

    def keep_chat(self, chat: Chat) -> None:
        self.chats[chat.bot_id, chat.id] = chat
        self.store.put(f"chat/{chat.bot_id}/{chat.id}", chat.dump())
        self.events.add("chat", bot=chat.bot_id or None, chat_id=chat.id, chat=self.describe(chat))

    def find_chat(self, bot: Bot, chat_id: int) -> Chat | None:
        """A chat as this bot can know it: its private chats and all groups."""
        return self.chats.get((bot.id if chat_id > 0 else 0, chat_id))

    def private_chat(self, bot_id: int, person_id: int) -> Chat:
        """A person's chat with a bot, opened if need be. Raises KeyError."""
        chat = self.chats.get((bot_id, person_id))
        if chat is None:
            bot, person = self.bots[bot_id], self.people[person_id]
            kind = ChatType.PRIVATE
            chat = Chat(person.id, kind, person.first_name, person.username, bot_id=bot.id)
            self.keep_chat(chat)
        return chat

    def find_chat_by_username(self, username: str) -> Chat | None:
        names = (chat for chat in self.chats.values() if not chat.is_private)
        return next((chat for chat in names if chat.username == username), None)

    def user(self, user_id: int) -> Json | None:
        """The Bot API's User of a person or a bot."""
        known = self.people.get(user_id) or self.bots.get(user_id)
        return known.user() if known else None

    def bots_in(self, chat: Chat) -> list[Bot]:
        if chat.is_private:
            return [self.bots[chat.bot_id]]
        return [
            self.bots[user_id]
            for user_id, status in chat.members.items()
            if status.is_inside and user_id in self.bots
        ]

    def describe(self, chat: Chat) -> Json:
        """A chat as pages see it."""
        return {
            "id": chat.id,
            "type": chat.type.value,
            "title": chat.title,
            "username": chat.username,
            "bot": chat.bot_id or None,
            "blocked": chat.is_blocked,
            "members": [
                {"id": user_id, "status": status.value} for user_id, status in chat.members.items()
            ],
            "topics": [{"id": topic, "name": name} for topic, name in chat.topics.items()],
            "keyboard": chat.keyboard,
            "moved_to": chat.moved_to,
            "unread_from": self._unread_from(chat),
        }

    def _unread_from(self, chat: Chat) -> int | None:
        """The first message of a private chat that its bot has not taken yet."""
        updates = self.updates.get(chat.bot_id)
        return updates.unread_from(chat.id) if updates else None

    def _tell_read(self, bot_id: int, chat_id: int, message_id: int) -> None:
        self.events.add("read", bot=bot_id, chat_id=chat_id, message_id=message_id)

    # ------------------------------------------------------------ messages

    def box(self, bot_id: int, chat: Chat) -> Box:
        """The messages of a chat, by id, oldest first; groups keep one box per bot."""
        return self._boxes.setdefault((chat.ids_owner(bot_id), chat.id), {})

    def next_message_id(self, bot_id: int, chat: Chat) -> int:
        return self.next_id(f"message/{chat.ids_owner(bot_id)}")

    def add_message(
        self,
        bot_id: int,
        chat: Chat,
        *,
        sender: Json,
        content: Json,
        message_id: int | None = None,
    ) -> Json:
        """A new message, under the next id if none was reserved for it."""
        message = {
            "message_id": message_id or self.next_message_id(bot_id, chat),
            "from": sender,
            "chat": chat.brief(),
            "date": int(self.now()),
            **content,
        }
        self._keep_message(bot_id, chat, message)
        self._show_files(bot_id, chat, message)
        self._tell("message", bot_id, message)
        return message

    def change_message(self, bot_id: int, chat: Chat, message: Json) -> None:
        self._keep_message(bot_id, chat, message)
        self._show_files(bot_id, chat, message)
        self._tell("edited", bot_id, message)

    def delete_message(self, bot_id: int, chat: Chat, message_id: int) -> None:
        message = self.box(bot_id, chat).pop(message_id)
        key = _message_key(bot_id, chat, message_id)
        self._reactions.pop(key, None)
        self.store.delete([key, f"reaction/{key}"])
        topic = message.get("message_thread_id")
        self.events.add(
            "deleted", bot=bot_id or None, chat_id=chat.id, topic_id=topic, message_id=message_id
        )

    def _keep_message(self, bot_id: int, chat: Chat, message: Json) -> None:
        self.box(bot_id, chat)[message["message_id"]] = message
        self.store.put(_message_key(bot_id, chat, message["message_id"]), message)

    def _tell(self, kind: str, bot_id: int, message: Json) -> None:
        self.events.add(
            kind,
            bot=bot_id or None,
            chat_id=message["chat"]["id"],
            topic_id=message.get("message_thread_id"),
            message=message,
        )

    # ------------------------------------------------------------ files

    def add_file(self, upload: Upload, *, folder: str) -> File:
        return self.files.add(upload, folder=folder, number=self.next_id("file"))

    def _show_files(self, bot_id: int, chat: Chat, message: Json) -> None:
        is_shared = chat.type is ChatType.SUPERGROUP
        bots = [bot.id for bot in self.bots_in(chat)] if is_shared else [bot_id]
        self.files.show(message, bots)

    # ------------------------------------------------------------ reactions

    def reactions(self, bot_id: int, chat: Chat, message_id: int) -> dict[str, str]:
        """The emoji that people put on a message, by the person's id."""
        return self._reactions.get(_message_key(bot_id, chat, message_id), {})

    def react(self, bot_id: int, chat: Chat, message_id: int, *, person: int, emoji: str) -> None:
        """Put an emoji on a message in place of the person's last; "" takes it away."""
        key = _message_key(bot_id, chat, message_id)
        found = {**self._reactions.get(key, {}), str(person): emoji}
        self._reactions[key] = {who: one for who, one in found.items() if one}
        self.store.put(f"reaction/{key}", self._reactions[key])
        self.events.add(
            "reaction",
            bot=bot_id or None,
            chat_id=chat.id,
            topic_id=self.box(bot_id, chat)[message_id].get("message_thread_id"),
            message_id=message_id,
            reactions=self._reactions[key],
        )


def _message_key(bot_id: int, chat: Chat, message_id: int) -> str:
    return f"message/{chat.ids_owner(bot_id)}/{chat.id}/{message_id:012}"
