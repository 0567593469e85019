"""What people share that is neither text nor file, as messages show it; and where it came from.

Raises ValueError for what Telegram's own applications would not let one send.
"""

from collections.abc import Sequence
from typing import Final

from bot.playground.telegram.records import Json

LONGEST_LIVE_SECONDS: Final = 86_400
FOR_EVER_SECONDS: Final = 0x7FFFFFFF
MOST_OPTIONS: Final = 12
LARGEST_DICE: Final = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
_EMOJI: Final = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 "
    "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 "
    "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
REACTIONS: Final = frozenset(_EMOJI.split())  # core.telegram.org/bots/api#reactiontypeemoji


def location(latitude: float, longitude: float, *, live_seconds: int = 0) -> Json:
    """A place on the map; a live one moves for so long."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        raise ValueError("there is no such place on the map")
    if not (0 <= live_seconds <= LONGEST_LIVE_SECONDS or live_seconds == FOR_EVER_SECONDS):
        raise ValueError("a live location lasts a day at most, or for ever")
    live = {"live_period": live_seconds} if live_seconds else {}
    return {"location": {"latitude": latitude, "longitude": longitude, **live}}


def venue(title: str, address: str, *, latitude: float, longitude: float) -> Json:
    """A place with a name; older applications see the location."""
    place = location(latitude, longitude)
    return place | {"venue": {**place, "title": _some(title), "address": _some(address)}}


def contact(phone: str, first_name: str, *, vcard: str = "") -> Json:
    """Somebody's card."""
    card = {"phone_number": _some(phone), "first_name": _some(first_name)}
    return {"contact": card | ({"vcard": vcard} if vcard else {})}


def poll(question: str, options: Sequence[str]) -> Json:
    """A poll that nobody has answered."""
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise ValueError(f"a poll has 1 to {MOST_OPTIONS} options")
    answers = [
        {"persistent_id": str(number), "text": _some(text), "voter_count": 0}
        for number, text in enumerate(options)
    ]
    flags = dict.fromkeys(("is_closed", "allows_multiple_answers", "members_only"), False)
    kind = {"type": "regular", "is_anonymous": True, "allows_revoting": True, **flags}
    asked = {"id": "1", "question": _some(question), "options": answers, "total_voter_count": 0}
    return {"poll": asked | kind}


def dice(emoji: str, value: int) -> Json:
    """A throw of dice, or another game of chance."""
    if emoji not in LARGEST_DICE or not 1 <= value <= LARGEST_DICE[emoji]:
        raise ValueError("there is no such throw")
    return {"dice": {"emoji": emoji, "value": value}}


def origin(sender: Json | str, *, date: int) -> Json:
    """Whose message is forwarded: a user's, a channel's, or that of somebody who is only named."""
    kind = "hidden_user"
    said: Json = {"sender_user_name": sender}
    if not isinstance(sender, str):
        is_channel = sender.get("type") == "channel"
        kind = "channel" if is_channel else "user"
        said = {"chat": sender, "message_id": 1} if is_channel else {"sender_user": sender}
    return {"forward_origin": {"type": kind, "date": date, **said}}


def reaction(emoji: str) -> list[Json]:
    """What a bot is told of one; "" is none."""
    if emoji and emoji not in REACTIONS:
        raise ValueError("nobody can react with this")
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def _some(text: str) -> str:
    if not text.strip():
        raise ValueError("something must be written here")
    return text
