"""Which of several companies: a button for each."""

from collections.abc import Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.telegram.admin.pages import page_of
from bot.telegram.admin.visit import Rows, button
from db.tenants import Listed, TenantRow

MOST_CHOICES: Final = 90  # a keyboard has 100 buttons
TAKE: Final = "take"  # the desk's own buttons: the tenant to have in hand


def choices(tenants: Sequence[Listed], command: str = "") -> Rows:
    """A button for each, as many as a keyboard has; a host finds the others with /tenants."""
    page = page_of(tenants, size=MOST_CHOICES)
    rows = [[choice(one.company, one, command)] for one in page.items]
    return [*rows, *page.turns(lambda label, at: button(label, "tenants", None, f"list {at}"))]


def choice(label: str, tenant: TenantRow | Listed, command: str = "") -> InlineKeyboardButton:
    """A button that takes a tenant in hand, and then opens a command."""
    return button(label, TAKE, tenant, command)
