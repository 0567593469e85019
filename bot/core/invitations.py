"""Invitations: what a deep link carries that gives a role, and what is kept of it. Pure."""

import hashlib
from typing import Final

INVITATION: Final = "i_"  # before a token: 24 random bytes, url-safe
TOKEN_BYTES: Final = 24


def digest(invitation: str) -> str:
    """All that is stored of an invitation; it is too random to be found by trying."""
    return hashlib.sha256(invitation.encode(errors="surrogatepass")).hexdigest()
