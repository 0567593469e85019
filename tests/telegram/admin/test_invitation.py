"""How long a link is good that gives a role."""

from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.cli.admins_group import invite_admin
from bot.telegram.admin.admins import AdminsCommand
from bot.telegram.admin.visit import Visit
from db.invites import Invite
from db.seconds import DAY_SECONDS
from db.tenants import TenantRow
from tenants.permissions import Role
from tenants.profile import Profile

NOW = 1_795_172_400.0
HOTEL = TenantRow(3, "hotel-aurora", 1, "{}")
GUIDE = Path("docs/how-to/admins.md").read_text()
PRESSED: Any = None  # nobody looks at it
ADA = Visit(PRESSED, 7, "Ada", "en", Role.OWNER, HOTEL, NOW, Profile(), ())


class OwnBot:
    """All that is read before a link is made."""

    async def read(self, *_: object) -> Any:
        return SimpleNamespace(own_bot="aurora_bot")


async def test_it_is_good_for_three_days_wherever_it_is_made() -> None:
    admins: Any = AdminsCommand
    command: AdminsCommand = admins(OwnBot(), None, None, frozenset())
    made: list[Invite] = []
    chat: Any = SimpleNamespace(do=made.append)
    (await command.press(ADA, "invite admin 0")).work(chat)
    assert made[0].expires_at - NOW == 3 * DAY_SECONDS
    assert signature(invite_admin).parameters["hours"].default == 3 * 24
    assert "within three days." in GUIDE
