"""The command line itself: names, arguments and help. What a command does is imported when it runs.

So `--help` answers at once: neither the libraries nor the settings are loaded for it.
"""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.admins_group import admins
from bot.cli.arguments import NEGATIVE_NUMBERS, AsJson, BotId, ChatId, OnlyTenant, TopicId
from bot.cli.bots_group import bots
from bot.cli.clients_group import clients
from bot.cli.console import carry_out, echo
from bot.cli.keys_group import keys
from bot.cli.sites_group import sites
from bot.cli.tenants_group import tenants
from bot.cli.tools_group import tools

OPTIONS = {"help_option_names": ["-h", "--help"]}

commands = typer.Typer(
    add_completion=False,
    context_settings=OPTIONS,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
commands.add_typer(tenants, name="tenants")
commands.add_typer(bots, name="bots")
commands.add_typer(sites, name="sites")
commands.add_typer(keys, name="keys")
commands.add_typer(admins, name="admins")
commands.add_typer(clients, name="clients")
commands.add_typer(tools, name="tools")


def _print_version(wanted: bool) -> None:
    if wanted:
        from bot.cli.version import version

        echo(f"sportello {version()}")
        raise typer.Exit


@commands.callback(invoke_without_command=True)
def sportello(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """A company's front desk on Telegram; without a command, `run`.

    Settings come from the environment and from a file .env in this folder; nothing has to be
    set. Exit codes: 0 done, 1 something is wrong, 2 usage or configuration.
    """
    if context.invoked_subcommand is None:
        run()


@commands.command()
def run() -> None:
    """Answer clients until Ctrl+C or SIGTERM.

    Without TELEGRAM_BOT_TOKEN a page on this machine stands in for Telegram; without
    OPENAI_API_KEY too, an offline model stands in for OpenAI's. A second signal ends at
    once; whatever was under way goes on at the next start.
    """
    from bot.cli.run import run as serve

    carry_out(serve())


@commands.command()
def playground() -> None:
    """Answer clients on a page on this machine.

    No Telegram and no OpenAI: the same as `run` with no token and no key, whatever is set, on
    a database of its own (data/playground.db, unless DATABASE_URL names another).
    """
    from bot.cli.run import run as serve

    carry_out(serve(playground=True))


@commands.command()
def check() -> None:
    """Say what is ready and what to mend.

    Settings, database, Telegram, the model: a line each, and what to do. Changes nothing and
    prints no secret. Exits 1 when there is a problem.
    """
    from bot.cli.check import check as look

    carry_out(look())


@commands.command("secret-key")
def secret_key() -> None:
    """Print a new key for SECRET_KEY.

    It locks away the tokens of bots that are added inside Telegram. Keep it apart from the
    database, and as safe.
    """
    from bot.ops.vault import new_key

    echo(new_key())


@commands.command()
def prune(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would go; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Erase what is older than it is to be kept.

    Words after RETENTION_DAYS, or what a company's profile says; rows without words after
    RETENTION_RECORDS_DAYS. A running process does it by itself, every hour. Works beside one.
    """
    from bot.cli.prune import prune as work

    carry_out(work(dry_run=dry_run, as_json=as_json))


@commands.command()
def chats(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Only chats where this person, or part of it, wrote."),
    ] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the chats in which somebody wrote last, and their numbers.

    By a name it finds the number that `transcript` takes. A name is known as long as the words
    are kept that it came with.
    """
    from bot.cli.transcript import list_chats

    carry_out(list_chats(name, limit=limit, as_json=as_json))


class ExportFormat(StrEnum):
    """How other programs read conversations."""

    CONVERSATIONS = "conversations"


@commands.command()
def export(
    tenant: OnlyTenant = None,
    *,
    _format: Annotated[ExportFormat, typer.Option("--format", help="For which programs.")],
) -> None:
    """Print conversations for other programs, of any number.

    `conversations` is one JSON object: by chat (BOT/CHAT), the list of what was asked and
    answered, {"user", "bot", "timestamp"} each. What was erased is not in it, and the trail of
    changes tells that it was exported.
    """
    from bot.cli.exporting import export as write

    carry_out(write(tenant))


@commands.command(context_settings=NEGATIVE_NUMBERS)
def transcript(
    chat: ChatId,
    *,
    bot: BotId = None,
    topic: TopicId = None,
    as_json: AsJson = False,
) -> None:
    """Show who said what when in a chat.

    Each message, bubble and turn, with the model's tokens and times.
    """
    from bot.cli.transcript import show

    carry_out(show(chat, bot=bot, topic=topic, as_json=as_json))
