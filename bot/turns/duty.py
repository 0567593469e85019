"""Who of a company is told of its clients, and at what times. Pure."""

from datetime import datetime
from typing import Final

from bot.turns.open_now import opening_at
from db.duty import NEVER
from tenants.hours import Hours
from tenants.hours_reading import read
from tenants.hours_tokens import Unread
from tenants.permissions import Action, Role, may

_READERS: Final = frozenset(role for role in Role if may(role, Action.CHATS))
_READERS_OF_PRIVATE: Final = frozenset(one for one in _READERS if may(one, Action.ASSISTANTS))


def readers(*, private: bool) -> frozenset[Role]:
    """Who may read what clients say to an assistant, and is told of them."""
    return _READERS_OF_PRIVATE if private else _READERS


def duty_hours(kept: str | None) -> Hours | None:
    """These hours, as they are kept; None is always.

    So is what cannot be read, should it ever be kept: to be told too often is better than never.
    """
    try:
        return read(kept) if kept else None
    except Unread:
        return None


def is_on_duty(kept: str | None, local: datetime) -> bool:
    """Whether these hours, as they are kept, have this moment in them, by the company's clock.

    They are read as a company's own are: somebody is on duty as it is open.
    """
    if kept == NEVER:
        return False
    hours = duty_hours(kept)
    opening = opening_at(hours, local) if hours else None
    return hours is None or (opening is not None and opening.is_open)
