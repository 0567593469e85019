"""The model's reply, `{"messages": [...]}`: read while it streams, and saved when it is broken.

`parser` reads it, `shapes` knows the forms in which it comes, `repair` saves what is no JSON, and
`wording` makes bubbles of its strings.
"""

from bot.core.reply.parser import ReplyEnd, ReplyParser, read_reply

__all__ = ["ReplyEnd", "ReplyParser", "read_reply"]
