"""`sportello bots`: names, arguments and help. What a command does is imported when it runs."""

from typing import Annotated

import typer

from bot.cli.arguments import AsJson, OnlyTenant, TenantName
from bot.cli.console import carry_out

bots = typer.Typer(
    help="Bots: list them, give a tenant one, take it away.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Bot = Annotated[str, typer.Argument(metavar="BOT", help="The bot's @username or id.")]


@bots.command("list")
def list_bots(
    tenant: OnlyTenant = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the bots: username, id, tenant, state."""
    from bot.cli import bots as work

    carry_out(work.list_all(tenant, as_json=as_json))


@bots.command("add")
def add_bot(tenant: TenantName, *, as_json: AsJson = False) -> None:
    """Give a tenant a bot, or one that it has its new token.

    The token is read from standard input (asked for in a terminal, unseen), checked with
    Telegram, and stored encrypted under SECRET_KEY. A running process starts the bot by itself.
    """
    from bot.cli import bots as work

    carry_out(work.add(tenant, as_json=as_json))


@bots.command("remove")
def remove_bot(tenant: TenantName, bot: Bot, *, as_json: AsJson = False) -> None:
    """Take a bot from a tenant, and forget its token.

    A running process stops it by itself.
    """
    from bot.cli import bots as work

    carry_out(work.remove(tenant, bot, as_json=as_json))


@bots.command("rotate-key")
def rotate_key(*, as_json: AsJson = False) -> None:
    """Encrypt tokens, and secrets of companies' tools, anew under the first key of SECRET_KEY.

    Put the new key first and keep the old one behind it; after this command, and once no code
    of a private assistant is left from before, the old one can go.
    """
    from bot.cli import bots as work

    carry_out(work.rotate_key(as_json=as_json))
