"""How companies stand: what is published and drafted, and which bots speak for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from db.bots import BotRow, BotState, bot_to_open, bots_of
from db.drafts import Drafted, Version, draft_of, versions_of
from db.requests import count_requests
from db.talks import count_claims, count_waiting
from db.tenants import TenantRow, tenant_by_id
from db.unanswered import count_unanswered


@dataclass(frozen=True, slots=True)
class CompanyNow:
    """A tenant with its draft, None without one, its version and its bots.

    `shared`: the username of the bot that leads to any tenant, if it is known.
    """

    tenant: TenantRow
    draft: Drafted | None
    version: Version | None
    bots: tuple[BotRow, ...]
    shared: str | None
    waiting: int = 0  # clients who need a person, in chats that everybody here may read
    waiting_in_all: int = 0  # and in those with private assistants
    requests: int = 0  # of clients, still to be done, as for those who wait
    requests_in_all: int = 0
    unanswered: int = 0  # questions to which the answer is to be written
    claims: int = 0  # answers of this version that said that something is done that was not
    claims_in_all: int = 0

    @property
    def own_bot(self) -> str | None:
        """The username of a bot that speaks for it alone, and is heard."""
        heard = (bot.username for bot in self.bots if bot.state is BotState.ACTIVE)
        return next(filter(None, heard), None)


def companies_now(connection: Connection, tenants: Iterable[int]) -> tuple[CompanyNow, ...]:
    """Those of these rows that are there."""
    shared = bot_to_open(connection, None)
    known = (tenant_by_id(connection, tenant) for tenant in tenants)
    return tuple(_now(connection, one, shared) for one in known if one)


def company_now(connection: Connection, tenant: TenantRow) -> CompanyNow:
    """How one stands that was read before."""
    return _now(connection, tenant, bot_to_open(connection, None))


def _now(connection: Connection, tenant: TenantRow, shared: str | None) -> CompanyNow:
    return CompanyNow(
        tenant,
        draft_of(connection, tenant.id),
        next(iter(versions_of(connection, tenant.id, limit=1)), None),
        bots_of(connection, tenant.id),
        shared,
        count_waiting(connection, tenant.id, private=False),
        count_waiting(connection, tenant.id, private=True),
        count_requests(connection, tenant.id, private=False),
        count_requests(connection, tenant.id, private=True),
        count_unanswered(connection, tenant.id),
        count_claims(connection, tenant.id, tenant.version, private=False),
        count_claims(connection, tenant.id, tenant.version, private=True),
    )
