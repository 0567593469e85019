"""`sportello tools servers`: MCP servers of companies, and how they are."""

from datetime import UTC, datetime
from typing import Final

from bot.cli.console import align, tell
from bot.cli.database import look
from db.mcp import ServerRow, servers_by_name

HEADINGS: Final = ("TENANT", "NAME", "HOST", "LAST FAILURE", "LEFT OUT UNTIL")


async def list_servers(name: str | None, *, as_json: bool) -> None:
    """Print a line for each server. Raises Wrong for a tenant that is not there."""
    found = await look(servers_by_name, name)
    rows = [(tenant, one.label, one.host, *_states(one)) for tenant, one in found]
    data = [_told(tenant, one) for tenant, one in found]
    tell(align([HEADINGS, *rows]) if rows else "No MCP servers yet.", data, as_json=as_json)


def _states(one: ServerRow) -> tuple[str, str]:
    return f"{_time(one.failed_at)} {one.failure or ''}".strip(), _time(one.retry_at)


def _told(tenant: str, one: ServerRow) -> dict[str, object]:
    return {
        "tenant": tenant,
        "name": one.label,
        "host": one.host,
        "failure": one.failure,
        "failed_at": one.failed_at,
        "retry_at": one.retry_at,
    }


def _time(at: float | None) -> str:
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%SZ}"
