"""What roles are called, and what they allow, in the reader's language."""

from collections.abc import Iterable
from typing import Final

from bot.core.texts import say
from bot.core.texts.desk import Admins
from tenants.permissions import Role

NAMES: Final = {
    Role.HOST: Admins.ROLE_HOST,
    Role.OWNER: Admins.ROLE_OWNER,
    Role.ADMIN: Admins.ROLE_ADMIN,
    Role.OPERATOR: Admins.ROLE_OPERATOR,
    Role.VIEWER: Admins.ROLE_VIEWER,
}
OF_A_TENANT: Final = {  # and what they may do
    Role.OWNER: Admins.MAY_OWNER,
    Role.ADMIN: Admins.MAY_ADMIN,
    Role.OPERATOR: Admins.MAY_OPERATOR,
    Role.VIEWER: Admins.MAY_VIEWER,
}


def role_name(role: str, language: str) -> str:
    """What a role is called; as it is stored when nobody knows it any more."""
    return say(NAMES[Role(role)], language) if role in set(Role) else role


def explained_role(language: str) -> Iterable[str]:
    """A line for each role of a tenant."""
    return (f"• {what_it_allows(role, language)}" for role in OF_A_TENANT)


def what_it_allows(role: str, language: str) -> str:
    """What a role of a tenant is called, and what one may do with it."""
    return say(OF_A_TENANT[Role(role)], language)
