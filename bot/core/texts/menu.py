"""What a client's commands are said to do, in Telegram's menu and in /help."""

from enum import auto

from bot.core.texts.key import Key


class Menu(Key):
    """A client's command, in the order of the menu."""

    START = auto()
    NEW = auto()
    HELP = auto()
    LANGUAGE = auto()
    PRIVACY = auto()
    FORGET = auto()
