"""What a tenant may be named: its name goes into links. Pure."""

import re
from typing import Final

# core.telegram.org/bots/features#deep-linking takes A-Z a-z 0-9 _ and -; `i_` begins an invitation.
_NAME: Final = re.compile(r"(?!i_)[a-z0-9][a-z0-9_-]{1,39}")


def is_name(text: str) -> bool:
    """Whether a tenant can be named so."""
    return _NAME.fullmatch(text) is not None
