"""How long things are kept: words by each company's span, ids and counts longer, by the host's."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.models import tenants
from db.seconds import DAY_SECONDS

PATIENCE_DAYS: Final = 30  # so long what waits for an answer waits, however short the span


@dataclass(frozen=True, slots=True)
class Retention:
    """The host's spans in days, 0 for ever. A company may have one of its own for words."""

    words: int = 365
    records: int = 1_095  # what is left of a row without its words; never gone before them


@dataclass(frozen=True, slots=True)
class Spans:
    """What is to go by now: a moment for each company, before which nothing is kept."""

    host: Retention
    own: Mapping[int, float]  # days of words, by tenant; the others follow the host
    now: float

    def words(self, tenant: int | None) -> float:
        """Words from before this moment go; without a tenant they are the host's."""
        return self._ago(self._days(tenant))

    def records(self, tenant: int | None) -> float:
        """Rows from before this moment go."""
        words, records = self._days(tenant), self.host.records
        return self._ago(max(words, records) if words and records else 0)

    @property
    def newest_words(self) -> float:
        """No words that are younger go, whosever they are."""
        return max(self.words(tenant) for tenant in (None, *self.own))

    @property
    def newest_records(self) -> float:
        """No row that is younger goes, whosever it is."""
        return max(self.records(tenant) for tenant in (None, *self.own))

    @property
    def patience(self) -> float:
        """What waits since before this moment is not answered any more."""
        return self._ago(PATIENCE_DAYS)

    def _days(self, tenant: int | None) -> float:
        return self.host.words if tenant is None else self.own.get(tenant, self.host.words)

    def _ago(self, days: float) -> float:
        return self.now - days * DAY_SECONDS if days else -math.inf


def spans(connection: Connection, host: Retention, now: float) -> Spans:
    """The spans as the companies have set them."""
    said = select(tenants.c.id, tenants.c.retention_days).where(
        tenants.c.retention_days.is_not(None)
    )
    return Spans(host, {row.id: row.retention_days for row in connection.execute(said)}, now)
