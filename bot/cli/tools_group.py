"""`sportello tools`: names, arguments and help. What a command does is imported when it runs."""

from typing import Annotated

import typer

from bot.cli.arguments import AsJson, OnlyTenant
from bot.cli.console import carry_out

tools = typer.Typer(
    help="Tools: what assistants can look up or do.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@tools.command("list")
def list_tools(
    *,
    tenant: Annotated[
        str | None,
        typer.Option(help="Those of a company, with what it has declared; else the server's."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the tools: name, what it does, whether clients are asked before, its file or host."""
    from bot.cli import tools as work

    carry_out(work.list_all(tenant, as_json=as_json))


@tools.command("servers")
def list_servers(
    tenant: OnlyTenant = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List companies' MCP servers: whose, name, host, the last failure, until when it is left out.

    Times are UTC. What opens a server, its address and token, is never shown. Companies add and
    remove theirs in Telegram, where TENANT_TOOLS lets them.
    """
    from bot.cli import mcp as work

    carry_out(work.list_servers(tenant, as_json=as_json))


@tools.command("check")
def check_tools() -> None:
    """Say what keeps the tools in TOOLS_DIR from being used.

    All of it at once, each with its file and line; `run` does not start before it is mended. Exits
    1 when there is something.
    """
    from bot.cli import tools as work

    carry_out(work.check())


@tools.command("call")
def call_tool(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The tool's name.")],
    arguments: Annotated[
        str, typer.Argument(metavar="JSON", help="Its arguments, such as '{\"people\": 2}'.")
    ] = "{}",
    *,
    tenant: Annotated[
        str | None, typer.Option(help="The company for which it is called; else none.")
    ] = None,
    chat: Annotated[
        str | None,
        typer.Option(help="The channel's id of the chat, of which the tool is told; else none."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Call it though it changes something, and is real.")
    ] = False,
) -> None:
    """Call a tool, without a model, and print what the model would be told.

    A call is real: a tool that changes something does so.
    """
    from bot.cli import tools as work

    whose = work.Whose(tenant, chat)
    carry_out(work.call(name, arguments, whose=whose, yes=yes))
