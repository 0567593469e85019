"""`sportello check`: what is ready, and what to mend."""

import sys
from collections.abc import AsyncGenerator, Collection, Iterator
from contextlib import aclosing
from typing import Final

from bot.cli.check_database import check_database, read_known
from bot.cli.check_servers import check_model, check_telegram
from bot.cli.console import Wrong, echo, speaks_all
from bot.cli.findings import Finding, Level, ok, problem, warning
from bot.cli.start import begin, find_misspelt
from bot.errors import ConfigError
from bot.settings import Settings, environment
from tenants.names import SERVER
from tenants.values import NO_TOOLS

TOOLS: Final = "Tools"


async def check() -> None:
    """Print a line for each thing. Raises Wrong when one is a problem."""
    problems = 0
    async with aclosing(_look()) as findings:
        async for finding in findings:
            echo(str(finding))
            problems += finding.level is Level.PROBLEM
    if problems:
        raise Wrong("there is a problem to mend" if problems == 1 else f"{problems} problems")


async def _look() -> AsyncGenerator[Finding, None]:
    for hint in find_misspelt():
        yield warning("Settings", hint)
    if not speaks_all(sys.stdout.encoding):
        yield warning("Console", f"{sys.stdout.encoding} lacks most letters: set PYTHONUTF8=1")
    try:
        settings = begin()
    except ConfigError as error:
        yield problem("Settings", str(error))
        return
    yield _check_settings(settings)
    async with aclosing(check_database(settings)) as findings:
        async for finding in findings:
            yield finding
    async with aclosing(check_telegram(settings)) as findings:
        async for finding in findings:
            yield finding
    known = await read_known(settings)
    models = sorted({settings.openai_model} | known.models)
    async with aclosing(check_model(settings, models)) as findings:
        async for finding in findings:
            yield finding
    for finding in _check_tools(settings, known.tools):
        yield finding
    if settings.telegram_bot_token and not (settings.admin_ids or known.has_host):
        yield warning(
            "Hosts",
            "nobody is told when the token is revoked or no credit is left: set ADMIN_IDS,"
            " or open the link that `sportello run` prints",
        )


def _check_settings(settings: Settings) -> Finding:
    given = sorted(name.upper() for name in settings.model_fields_set)
    return ok("Settings", f"set: {', '.join(given)}" if given else "none is set, which is fine")


def _check_tools(settings: Settings, named: Collection[str]) -> Iterator[Finding]:
    """What is to be said of TOOLS_DIR, and of tools that profiles name; nothing without either."""
    if not (settings.tools_dir or named):
        return
    from bot.tools.kit.discovery import discover  # noqa: PLC0415 - the SDK takes a second to load

    found = discover(settings.tools_dir, environment())
    for fault in found.faults:
        yield problem(TOOLS, str(fault))
    if found.faults:
        return
    yield ok(TOOLS, f"all can be used: {', '.join(found.tools)}")
    servers = {name for name in named if name.startswith(SERVER)}
    if servers and not settings.tenant_tools:
        told = f"profiles name some that TENANT_TOOLS does not allow: {', '.join(sorted(servers))}"
        yield warning(TOOLS, told)
    if absent := sorted({*named} - {*found.tools, NO_TOOLS, *servers}):
        yield warning(TOOLS, f"profiles name some that are not there: {', '.join(absent)}")
