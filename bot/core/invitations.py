"""What a link carries that does something once: a role, a talk that goes on. Pure."""

import hashlib
from typing import Final

INVITATION: Final = "i_"  # before a token: 24 random bytes, url-safe
CONTINUATION: Final = "w_"  # before a token that brings a talk along
CONTINUATION_PURPOSE: Final = "continuation"  # of its keyed hash, which is all that is kept
TOKEN_BYTES: Final = 24
VALID_DAYS: Final = 3  # of a link that gives a role, where nobody says otherwise


def digest(invitation: str) -> str:
    """All that is stored of an invitation; it is too random to be found by trying."""
    return hashlib.sha256(invitation.encode(errors="surrogatepass")).hexdigest()
