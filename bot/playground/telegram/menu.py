"""Which commands a person finds in the menu of a chat.

The first list that exists, from the narrowest scope to the widest and, within a scope, in the
person's language before the one for all (core.telegram.org/bots/api#determining-list-of-commands).
"""

from collections.abc import Iterator

from bot.playground.telegram.records import Bot, Chat, Json, Person, Status, encode


def menu(bot: Bot, chat: Chat, person: Person) -> list[Json]:
    """The commands as `{"command": ..., "description": ...}`; empty if the bot named none."""
    for scope in _scopes(chat, person.id):
        by_language = bot.commands.get(encode(dict(sorted(scope.items()))), {})
        for language in (person.language_code or "", ""):
            if by_language.get(language):
                return by_language[language]
    return []


def _scopes(chat: Chat, person_id: int) -> Iterator[Json]:
    here = {"chat_id": chat.id}
    if chat.is_private:
        yield {"type": "chat", **here}
        yield {"type": "all_private_chats"}
    else:
        is_admin = chat.members.get(person_id) in (Status.CREATOR, Status.ADMINISTRATOR)
        yield {"type": "chat_member", "user_id": person_id, **here}
        if is_admin:
            yield {"type": "chat_administrators", **here}
        yield {"type": "chat", **here}
        if is_admin:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield {"type": "default"}
