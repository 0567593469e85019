"""Accounts and chats of the emulated Telegram: who exists, who is where, who blocked whom.

The object API of tests; `client_api` is the same over HTTP. A bot, person or chat that does not
exist raises KeyError; what Telegram would not let one do raises ValueError with a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.playground.telegram.delivery import post
from bot.playground.telegram.methods.chats import describe_member
from bot.playground.telegram.places import in_topic
from bot.playground.telegram.records import Bot, Chat, ChatType, Json, Person, Status
from bot.playground.telegram.world import World

FIRST_PERSON: Final = 1_001
FIRST_GROUP: Final = 4_000_001
FIRST_SUPERGROUP: Final = 1_001_500_000_001
TOPIC_COLOUR: Final = 0x6FB9F0


class Accounts:
    """What people do that is not a message."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_bot(
        self,
        token: str,
        *,
        username: str = "sportello_bot",
        first_name: str = "Sportello",
        reads_all_group_messages: bool = False,
    ) -> Bot:
        """What BotFather does; a token that is known already gives its bot back unchanged."""
        known = self._world.bot_by_token(token)
        if known is not None:
            return known
        number, _, secret = token.partition(":")
        if not number.isdecimal() or not secret or int(number) in self._world.bots:
            raise ValueError("a token is a number that no other bot has, a colon and a secret")
        bot = Bot(int(number), token, username, first_name, reads_all_group_messages)
        self._world.keep_bot(bot)
        self._world.events.add("profile", bot=bot.id, first_name=first_name, texts={})
        return bot

    def rename_bot(self, bot_id: int, username: str) -> None:
        """What @BotFather does when its owner picks another name; the bot is not told."""
        bot = self._world.bots[bot_id]
        if self._world.bot_by_username(username):
            raise ValueError("that name is taken")
        bot.username = username
        self._world.keep_bot(bot)

    def add_person(
        self,
        first_name: str,
        *,
        language_code: str | None = None,
        username: str | None = None,
        person_id: int | None = None,
    ) -> Person:
        """A new account, or new details of the one with that id."""
        if person_id is None:
            person_id = self._world.next_id("person", first=FIRST_PERSON)
        person = Person(person_id, first_name, username, language_code)
        self._world.keep_person(person)
        return person

    def deactivate(self, person_id: int) -> None:
        """Close an account for good."""
        self._world.keep_person(replace(self._world.people[person_id], is_deactivated=True))

    def add_group(
        self,
        title: str,
        *,
        members: Iterable[int] | Mapping[int, Status],
        type: ChatType = ChatType.GROUP,
        topics: Sequence[str] = (),
        username: str | None = None,
    ) -> Chat:
        """A group of people and bots; of a plain list the first is its creator.

        The bots are told that they were added. Topics need a supergroup.
        """
        if topics and type is not ChatType.SUPERGROUP:
            raise ValueError("only a supergroup has topics")
        statuses = dict(members) if isinstance(members, Mapping) else _statuses(list(members))
        unknown = [user_id for user_id in statuses if self._world.user(user_id) is None]
        if unknown:
            raise KeyError(unknown[0])
        chat = Chat(self._new_id(type), type, title, username)
        chat.members = {key: rank for key, rank in statuses.items() if key in self._world.people}
        self._world.keep_chat(chat)
        if type is ChatType.SUPERGROUP:
            self._world.next_message_id(0, chat)  # 1 announces the group, and means "no topic"
        for name in topics:
            self.add_topic(chat.id, name)
        for user_id in [user_id for user_id in statuses if user_id not in chat.members]:
            self.set_member(chat.id, user_id, statuses[user_id])
        return chat

    def add_topic(self, chat_id: int, name: str) -> int:
        """A new topic of a supergroup; its id is that of the message which announces it."""
        chat = self._group(chat_id)
        if chat.type is not ChatType.SUPERGROUP:
            raise ValueError("only a supergroup has topics")
        created = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOUR}}
        topic = self._world.next_message_id(0, chat)
        chat.topics[topic] = name
        self._world.keep_chat(chat)
        post(
            self._world,
            chat,
            sender=self._founder(chat),
            content=in_topic(topic) | created,
            message_id=topic,
        )
        return topic

    def set_member(self, chat_id: int, user_id: int, status: Status) -> None:
        """Someone joins a group, leaves it, is thrown out or changes rank."""
        chat = self._group(chat_id)
        user = self._world.user(user_id)
        if user is None:
            raise KeyError(user_id)
        old = chat.members.get(user_id, Status.LEFT)
        chat.members[user_id] = status
        self._world.keep_chat(chat)
        if user_id in self._world.bots:
            self._tell_own_status(self._world.bots[user_id], chat, old=old, new=status)
        if status.is_inside and not old.is_inside:
            post(
                self._world, chat, sender=self._founder(chat), content={"new_chat_members": [user]}
            )
        elif old.is_inside and not status.is_inside:
            post(self._world, chat, sender=self._founder(chat), content={"left_chat_member": user})

    def migrate(self, chat_id: int) -> Chat:
        """Turn a group into a supergroup with a new id; the old one then refuses messages."""
        old = self._group(chat_id)
        if old.type is not ChatType.GROUP or old.moved_to is not None:
            raise ValueError("only a group that has not moved yet can become a supergroup")
        kind = ChatType.SUPERGROUP
        new = Chat(self._new_id(kind), kind, old.title, members=dict(old.members))
        self._world.keep_chat(new)
        post(self._world, old, sender=self._founder(old), content={"migrate_to_chat_id": new.id})
        post(self._world, new, sender=self._founder(new), content={"migrate_from_chat_id": old.id})
        old.moved_to = new.id
        self._world.keep_chat(old)
        return new

    def block(self, person_id: int, *, bot_id: int) -> None:
        """The person blocks the bot, which is told so."""
        self._set_blocked(bot_id, person_id, is_blocked=True)

    def unblock(self, person_id: int, *, bot_id: int) -> None:
        self._set_blocked(bot_id, person_id, is_blocked=False)

    def _set_blocked(self, bot_id: int, person_id: int, *, is_blocked: bool) -> None:
        chat = self._world.private_chat(bot_id, person_id)
        if chat.is_blocked is is_blocked:
            return
        chat.is_blocked = is_blocked
        self._world.keep_chat(chat)
        new, old = (Status.KICKED, Status.MEMBER) if is_blocked else (Status.MEMBER, Status.KICKED)
        self._tell_own_status(self._world.bots[bot_id], chat, old=old, new=new)

    def _tell_own_status(self, bot: Bot, chat: Chat, *, old: Status, new: Status) -> None:
        content = {
            "chat": chat.brief(),
            "from": self._founder(chat),
            "date": int(self._world.now()),
            "old_chat_member": describe_member(bot.user(), old),
            "new_chat_member": describe_member(bot.user(), new),
        }
        self._world.updates[bot.id].add("my_chat_member", content)

    def _founder(self, chat: Chat) -> Json:
        """In whose name a chat changes: the person of a private chat, the first of a group."""
        if chat.is_private:
            return self._world.people[chat.id].user()
        people = (self._world.people[key] for key in chat.members if key in self._world.people)
        first = next(people, None)
        return (first or Person(0, "Telegram")).user()

    def _group(self, chat_id: int) -> Chat:
        return self._world.chats[0, chat_id]

    def _new_id(self, kind: ChatType) -> int:
        first = FIRST_SUPERGROUP if kind is ChatType.SUPERGROUP else FIRST_GROUP
        return -self._world.next_id(kind.value, first=first)


def _statuses(members: list[int]) -> dict[int, Status]:
    return dict.fromkeys(members, Status.MEMBER) | dict.fromkeys(members[:1], Status.CREATOR)
