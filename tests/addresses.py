"""Addresses as the tests write them: of chats, in numbers, on Telegram; and free ports."""

import socket

from db.records import TELEGRAM, Address


def chat_at(bot_id: int, chat_id: int, topic_id: int = 0) -> Address:
    """A chat of Telegram's."""
    return Address(TELEGRAM, bot_id, str(chat_id), topic_id)


def free_port() -> int:
    """One that nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
