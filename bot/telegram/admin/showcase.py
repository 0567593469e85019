"""After publishing: the offer to let the tenant's own bots show what the profile says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.errors import GiveUp, RetryLater
from bot.telegram.account import TelegramBot
from bot.telegram.admin.visit import Card, Step, Visit, answer, button, headed
from bot.telegram.look import Look, look_of, missing, show
from db.engine import Database
from db.journal import Journal
from db.showcase import NoteShown, own_bots
from tenants.profile import Profile

SHOW = "show"
_KINDS = {
    "name": Say.SHOW_NAME,
    "description": Say.SHOW_DESCRIPTION,
    "short_description": Say.SHOW_SHORT_DESCRIPTION,
    "menu": Say.SHOW_MENU,
}


@dataclass(frozen=True, slots=True)
class Showcase:
    """`bot_of` gives the library's object for a bot of this process."""

    database: Database
    journal: Journal
    bot_of: Callable[[int], TelegramBot | None]

    async def offer(self, visit: Visit, profile: Profile) -> Card | None:
        """What a bot of the tenant's would show otherwise; None when all show it already."""
        wanted = look_of(profile)
        lacking = {
            kind for look in (await self._bots(visit)).values() for kind in missing(wanted, look)
        }
        if not lacking:
            return None
        what = ", ".join(
            say(text, visit.language) for kind, text in _KINDS.items() if kind in lacking
        )
        text = headed(visit, say(Say.SHOW_OFFER, visit.language, what=what))
        return Card(text, [[button(say(Say.SHOW, visit.language), "publish", visit.tenant, SHOW)]])

    async def press(self, visit: Visit) -> Step:
        """Set what differs, and say what came of it."""
        wanted = look_of(visit.profile)
        changed = False
        try:
            for bot_id, shown in (await self._bots(visit)).items():
                changed |= await self._show(visit, bot_id, wanted, shown)
        except RetryLater as error:
            return self._told(visit, Say.SHOW_WAIT, count=max(1, ceil(error.after / 3600)))
        except GiveUp:
            return self._told(visit, Say.SHOW_REFUSED)
        return self._told(visit, Say.SHOWN if changed else Say.SHOWN_ALREADY)

    async def _show(self, visit: Visit, bot_id: int, wanted: Look, shown: Look) -> bool:
        bot = self.bot_of(bot_id)
        if bot is None:  # it has stopped meanwhile
            return False

        async def keep(look: Look) -> None:
            stored = json.dumps(look, ensure_ascii=False)
            await self.journal.do(NoteShown(bot_id, visit.here.id, stored))

        return await show(bot, wanted, shown, keep)

    async def _bots(self, visit: Visit) -> Mapping[int, Look]:
        """The tenant's own bots that can be called from here."""
        found = await self.database.read(own_bots, visit.here.id)
        return {bot.id: json.loads(shown) for bot, shown in found if self.bot_of(bot.id)}

    @staticmethod
    def _told(visit: Visit, text: Say, **values: object) -> Step:
        return answer(headed(visit, say(text, visit.language, **values)))
