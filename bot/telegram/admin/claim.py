"""The link by which the first host of all claims the process from inside Telegram."""

from collections.abc import Sequence
from typing import Final

from bot.core.invitations import digest
from bot.telegram.links import start_link
from db.invites import OfferClaim
from db.journal import Journal

VALID_SECONDS: Final = 3600


async def offer_claim(
    journal: Journal, *, username: str, hosts: Sequence[int], invitation: str, now: float
) -> str | None:
    """The link while nobody is host, neither by the settings nor in the database; else None.

    Links of earlier starts are void from now on.
    """
    known = digest(invitation) if not hosts else None
    offered = await journal.do(OfferClaim(known, now + VALID_SECONDS, now))
    return start_link(username, invitation) if offered else None
