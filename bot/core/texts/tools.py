"""What is said about what assistants can look up or do."""

from enum import auto

from bot.core.texts.key import Key


class Tools(Key):
    """What the assistant can look up or do, each to be switched on or off."""

    OURS = auto()
    NONE = auto()
    LINE = auto()
    READS = auto()
    CHANGES = auto()
    GONE = auto()
    SERVER = auto()
    SERVER_DOES = auto()
    SERVERS = auto()
    FAILED = auto()
    FAILED_AWAY = auto()
    FAILED_BROKE = auto()
    FAILED_LOCKED = auto()
    FAILED_NOT_CALLED = auto()
    FAILED_REFUSED = auto()
    FAILED_SLOW = auto()
    FAILED_SOMEHOW = auto()
    FAILED_UNKNOWN = auto()
    HANG_UP = auto()
    HANG_UP_DOES = auto()
    OPENING_HOURS = auto()
    OPENING_HOURS_DOES = auto()
    RECALL = auto()
    RECALL_DOES = auto()
    REMEMBER = auto()
    REMEMBER_DOES = auto()
    REQUEST_FIELDS = auto()
    REQUEST_FIELDS_DOES = auto()
    TAKE_REQUEST = auto()
    TAKE_REQUEST_DOES = auto()
    TRANSFER = auto()
    TRANSFER_DOES = auto()


class Mcp(Key):
    """MCP servers, where assistants look things up."""

    ABOUT = auto()
    NONE = auto()
    SERVER = auto()
    ADD = auto()
    REMOVE = auto()
    TOOLS = auto()
    BACK = auto()
    HOW_TO_ADD = auto()
    NO_KEY = auto()
    BAD_NAME = auto()
    BAD_ADDRESS = auto()
    BAD_TOKEN = auto()
    TOO_MANY = auto()
    ADDED = auto()
    CHANGED = auto()
    REALLY_REMOVE = auto()
    YES_REMOVE = auto()
    REMOVED = auto()
