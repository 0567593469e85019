"""Who may do what. Pure."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is: host of the process, or one of these in one tenant."""

    HOST = "host"
    OWNER = "owner"
    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"


class Action(StrEnum):
    """What an admin's command or button needs."""

    DESK = "desk"  # what waits, and the way on: any role will do, whatever it is in
    VIEW = "view"  # the card, the versions
    CONFIGURE = "configure"  # the draft, the preview
    PUBLISH = "publish"  # a version, a roll-back
    ASSISTANTS = "assistants"  # private assistants and their codes
    BOTS = "bots"
    SITES = "sites"  # where the assistant answers on the web
    KEYS = "keys"  # with which programs write as clients do, and read what was said to them
    ADMINS = "admins"
    AUDIT = "audit"
    CHATS = "chats"  # what clients said
    QUESTIONS = "questions"  # what they could not be told, and telling it
    TENANTS = "tenants"  # create, rename, pause, archive, delete


# What leads to words of clients: a host needs a role in the company itself.
OF_CLIENTS: Final = frozenset({Action.CHATS, Action.QUESTIONS, Action.KEYS})
_ALLOWED: Final = {
    Role.HOST: frozenset(Action) - OF_CLIENTS,
    Role.OWNER: frozenset(Action) - {Action.TENANTS},
    Role.ADMIN: frozenset(
        {
            Action.DESK,
            Action.VIEW,
            Action.CONFIGURE,
            Action.PUBLISH,
            Action.ASSISTANTS,
            Action.SITES,
            Action.AUDIT,
            Action.CHATS,
            Action.QUESTIONS,
        }
    ),
    Role.OPERATOR: frozenset({Action.DESK, Action.VIEW, Action.CHATS}),
    Role.VIEWER: frozenset({Action.DESK, Action.VIEW, Action.AUDIT}),
}


def may(role: Role | None, action: Action) -> bool:
    """Whether the role allows the action; nobody's (None) allows none."""
    return role is not None and action in _ALLOWED[role]
