"""`sportello check`: what is ready, and what to mend."""

import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.cli.check_database import check_database, read_known
from bot.cli.check_servers import check_model, check_telegram
from bot.cli.check_tools import check_tools
from bot.cli.console import Wrong, echo, speaks_all
from bot.cli.findings import Finding, Level, ok, problem, warning
from bot.cli.start import begin, find_misspelt
from bot.errors import ConfigError
from bot.settings import Settings


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
    for finding in check_tools(settings, known.tools):
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
