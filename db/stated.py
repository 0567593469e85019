"""What an answer says of itself, as its turn's row keeps it: NULL is what it does not say."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row

from db.models import turns
from db.records import Outcome, Stated

STATED: Final = (  # what `as_stated` reads
    turns.c.outcome,
    turns.c.about,
    turns.c.buttons,
    turns.c.sources,
    turns.c.promised,
    turns.c.claimed,
)


def as_stated(row: Row[*tuple[Any, ...]]) -> Stated:
    """What the answer said of itself, of a row with the columns of STATED."""
    return Stated(
        outcome=Outcome(row.outcome) if row.outcome else None,
        about=row.about or "",
        buttons=tuple(json.loads(row.buttons or "[]")),
        sources=tuple(json.loads(row.sources or "[]")),
        promised=bool(row.promised),
        claimed=bool(row.claimed),
    )


def stated_values(stated: Stated) -> dict[str, Any]:
    """The columns of STATED."""
    return {
        "outcome": stated.outcome,
        "about": stated.about or None,
        "buttons": _as_list(stated.buttons),
        "sources": _as_list(stated.sources),
        "promised": stated.promised,
        "claimed": stated.claimed or None,  # an index finds the few that did
    }


def _as_list(texts: Sequence[str]) -> str | None:
    return json.dumps(texts, ensure_ascii=False) if texts else None
