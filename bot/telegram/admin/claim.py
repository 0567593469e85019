"""The link by which the first host of all claims the process from inside Telegram."""

from collections.abc import Sequence
from typing import Final

from bot.telegram.links import digest, invitation_link
from db.invites import OfferClaim
from db.journal import Journal

VALID_SECONDS: Final = 3600


async def offer_claim(
    journal: Journal, *, username: str, hosts: Sequence[int], token: str, now: float
) -> str | None:
    """The link while nobody is host, neither by the settings nor in the database; else None.

    Links of earlier starts are void from now on.
    """
    known = digest(token) if not hosts else None
    offered = await journal.do(OfferClaim(known, now + VALID_SECONDS, now))
    return invitation_link(username, token) if offered else None
