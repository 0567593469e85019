"""A little work before a new session, while very many want one of the same site (hashcash).

Nothing is kept of a challenge: it says itself what it is for, until when it is good, and that it is
ours. Of a solution it is noted that it was used. It slows a flood and does not stop it: what a site
may cost is bounded by its tokens of the day.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from bot.ports import Clock, Vault
from bot.web.bodies import Proof
from bot.web.bounds import Bound, Bounds
from bot.web.problems import ProblemDetails
from bot.web.shapes import moment
from db.sites import Site

WANTED: Final = "work-wanted"  # the problem's type
BITS: Final = 14  # zeros in front: about 16,000 hashes, a second or a few of a browser's time
SECONDS: Final = 300.0  # for which a challenge is good
_PURPOSE: Final = "web challenge"
_NONCE_BYTES: Final = 9


@dataclass(frozen=True, slots=True)
class Toll:
    """`free`: new sessions of a site within a minute that cost no work."""

    bounds: Bounds
    vault: Vault
    clock: Clock
    free: int

    async def admit(self, site: Site, proof: Proof | None) -> None:
        """Let somebody in who is one of few, or has done the work. Raises ProblemDetails."""
        few = Bound("site", site.public_key, self.free)
        if (await self.bounds.spend([few])).wait <= 0 or await self._is_done(site, proof):
            return
        title = "Very many write here at the moment: this takes a little work first."
        raise ProblemDetails(429, WANTED, title, more=self._challenge(site))

    def _challenge(self, site: Site) -> Mapping[str, Any]:
        until = self.clock.now() + SECONDS
        told = f"{site.public_key}.{BITS}.{until:.0f}.{secrets.token_urlsafe(_NONCE_BYTES)}"
        mac = self.vault.digests(told, purpose=_PURPOSE)[0]
        return {"challenge": f"{told}.{mac}", "bits": BITS, "expires_at": moment(until)}

    async def _is_done(self, site: Site, proof: Proof | None) -> bool:
        if proof is None or not self._is_ours(site, proof.challenge):
            return False
        digest = sha256(f"{proof.challenge}.{proof.nonce}".encode()).digest()
        bits = int(proof.challenge.split(".")[1])
        if int.from_bytes(digest) >> (len(digest) * 8 - bits):
            return False
        once = Bound("work", proof.challenge, 1, SECONDS)
        return (await self.bounds.spend([once])).wait <= 0

    def _is_ours(self, site: Site, challenge: str) -> bool:
        told, _, mac = challenge.rpartition(".")
        known = self.vault.digests(told, purpose=_PURPOSE)
        if not any(hmac.compare_digest(mac.encode(), one.encode()) for one in known):
            return False
        key, _, until, _ = told.split(".")
        return key == site.public_key and float(until) > self.clock.now()
