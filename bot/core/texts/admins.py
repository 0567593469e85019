"""What is said about people and their roles."""

from enum import auto

from bot.core.texts.key import Key


class Admins(Key):
    """/admins, and the links that give a role."""

    ROLE_HOST = auto()
    ROLE_OWNER = auto()
    ROLE_ADMIN = auto()
    ROLE_OPERATOR = auto()
    ROLE_VIEWER = auto()
    MAY_OWNER = auto()
    MAY_ADMIN = auto()
    MAY_OPERATOR = auto()
    MAY_VIEWER = auto()

    PEOPLE = auto()
    NOBODY = auto()
    PERSON = auto()
    PERSON_UNTIL = auto()
    LINKS = auto()
    LINK = auto()
    INVITE = auto()
    VOID = auto()
    BACK = auto()

    WHICH_ROLE = auto()
    HOW_LONG = auto()
    FOR_GOOD = auto()
    DAYS = auto()
    INVITATION = auto()
    INVITATION_UNTIL = auto()
    FORWARD = auto()
    VOIDED = auto()
    NOT_OPEN = auto()

    WHAT_TO_CHANGE = auto()
    MAKE = auto()
    REMOVE = auto()
    REALLY_REMOVE = auto()
    YES_REMOVE = auto()
    CHANGED = auto()
    REMOVED = auto()
    LAST_OWNER = auto()
    GONE = auto()

    JOINED = auto()
    JOINED_UNTIL = auto()
    JOINED_HOST = auto()
    LINK_UNKNOWN = auto()
    LINK_USED = auto()
    LINK_EXPIRED = auto()
    LINK_REVOKED = auto()
    LINK_ALREADY = auto()
    LINK_IN_PRIVATE = auto()
