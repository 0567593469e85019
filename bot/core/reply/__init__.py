"""The model's reply, `{"messages": [...], ...}`: read as it streams, saved when it is broken.

`parser` reads it, `shapes` knows the forms in which it comes, `repair` saves what is no JSON,
`wording` makes bubbles of its strings, and `tail` reads what it says of itself behind them.
"""

from bot.core.reply.parser import ReplyEnd, ReplyParser, read_reply

__all__ = ["ReplyEnd", "ReplyParser", "read_reply"]
