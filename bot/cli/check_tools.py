"""Whether the tools that assistants are to have are there, and can be used."""

from collections.abc import Collection, Iterator
from typing import Final

from bot.cli.findings import Finding, ok, problem, warning
from bot.settings import Settings, environment
from tenants.names import SERVER
from tenants.values import NO_TOOLS

SUBJECT: Final = "Tools"


def check_tools(settings: Settings, named: Collection[str]) -> Iterator[Finding]:
    """What is to be said of TOOLS_DIR, and of tools that profiles name; nothing without either."""
    if not (settings.tools_dir or named):
        return
    from bot.tools.kit.discovery import discover  # noqa: PLC0415 - the SDK takes a second to load

    found = discover(settings.tools_dir, environment())
    for fault in found.faults:
        yield problem(SUBJECT, str(fault))
    if found.faults:
        return
    yield ok(SUBJECT, f"all can be used: {', '.join(found.tools)}")
    servers = {name for name in named if name.startswith(SERVER)}
    if servers and not settings.tenant_tools:
        told = f"profiles name some that TENANT_TOOLS does not allow: {', '.join(sorted(servers))}"
        yield warning(SUBJECT, told)
    if absent := sorted({*named} - {*found.tools, NO_TOOLS, *servers}):
        yield warning(SUBJECT, f"profiles name some that are not there: {', '.join(absent)}")
