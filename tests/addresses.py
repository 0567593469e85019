"""Chats as the tests write them: in numbers, on Telegram."""

from db.records import TELEGRAM, Address


def chat_at(bot_id: int, chat_id: int, topic_id: int = 0) -> Address:
    """A chat of Telegram's."""
    return Address(TELEGRAM, bot_id, str(chat_id), topic_id)
