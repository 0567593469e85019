"""What the bots show in Telegram, as it was set last."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from db.bots import BotRow, BotState, bots_of
from db.models import bots, tenants
from db.rows import IS_SERVED
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class NoteShown(OneByOne[None]):
    """What a bot shows from now on (JSON); nothing of a bot that changed hands meanwhile."""

    bot_id: int
    tenant: int
    shown: str

    def carry_out(self, connection: Connection) -> None:
        its = (bots.c.id == self.bot_id) & (bots.c.tenant_id == self.tenant)
        connection.execute(update(bots).where(its).values(shown=self.shown))


def own_bots(connection: Connection, tenant: int) -> tuple[tuple[BotRow, str], ...]:
    """The bots that speak for this tenant alone, and what they show (JSON, "{}": unknown).

    The host's bot is one as long as there is no other tenant that could share it.
    """
    others = select(func.count()).where(tenants.c.id != tenant, IS_SERVED)
    alone = connection.execute(others).scalar_one() == 0
    own = select(bots.c.id, bots.c.shown).where(bots.c.tenant_id == tenant)
    shown = {row.id: row.shown for row in connection.execute(own)}
    return tuple(
        (bot, shown[bot.id] or "{}")
        for bot in bots_of(connection, tenant)
        if bot.state is BotState.ACTIVE or (bot.state is BotState.SHARED and alone)
    )
