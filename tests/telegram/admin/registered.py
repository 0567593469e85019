"""The commands of the desk, as the application registers them."""

from collections.abc import Sequence
from typing import Any

from bot.telegram.admin.admins import AdminsCommand
from bot.telegram.admin.audit import AuditCommand
from bot.telegram.admin.knowledge import KnowledgeCommand
from bot.telegram.admin.tenants import TenantsCommand
from bot.telegram.admin.visit import Command

NOTHING: Any = None


def commands() -> Sequence[Command]:
    """Each of them, with nothing behind it."""
    return (
        AdminsCommand(NOTHING, NOTHING, NOTHING, NOTHING),
        AuditCommand(NOTHING),
        KnowledgeCommand(NOTHING, NOTHING),
        TenantsCommand(NOTHING, NOTHING, shared=True),
    )
