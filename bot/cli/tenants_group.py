"""`sportello tenants`: names, arguments and help. What a command does is imported when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.arguments import AsJson, TenantName
from bot.cli.console import carry_out

tenants = typer.Typer(
    help="Companies: create, configure, pause, delete them.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@tenants.command("list")
def list_tenants(*, as_json: AsJson = False) -> None:
    """List the tenants: name, version, company, language, bots."""
    from bot.cli import tenants as work

    carry_out(work.list_all(as_json=as_json))


@tenants.command("show")
def show_tenant(
    name: TenantName,
    *,
    toml: Annotated[bool, typer.Option("--toml", help="Print the TOML instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a tenant's card: every field, its value or its size."""
    from bot.cli import tenants as work
    from bot.cli.profiles import export

    carry_out(export(name, as_json=as_json) if toml else work.show(name, as_json=as_json))


@tenants.command("create")
def create_tenant(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="What people call it, or a short name such as studio-rossi."
        ),
    ],
    *,
    preset: Annotated[
        str | None, typer.Option(help="What to start from, such as hotel-aurora; else blank.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a new tenant, from a preset or blank.

    Its short name, by which it goes in links and here, is made of what people call it.
    """
    from bot.cli import tenants as work

    carry_out(work.create(name, preset, as_json=as_json))


@tenants.command("apply")
def apply_tenant(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A TOML file, or a preset, such as hotel-aurora.")
    ],
    *,
    name: Annotated[
        str | None, typer.Option(help="The tenant's name; by default the file's, without .toml.")
    ] = None,
    take_bots: Annotated[
        bool,
        typer.Option(
            "--take-bots",
            help="Let the host's bots speak for it from now on. An only tenant has them anyway.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Store a TOML as a tenant's new version.

    Nothing is stored when it says nothing new. Works beside a running `run`, and counts from
    the next message on. A model that its server has not got is refused.
    """
    from bot.cli import profiles as work

    carry_out(work.apply(file, name=name, take_bots=take_bots, as_json=as_json))


@tenants.command("export")
def export_tenant(
    name: TenantName,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; by default, print it.")
    ] = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file if it is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a tenant's profile as TOML, ready for `apply`."""
    from bot.cli import profiles as work

    carry_out(work.export(name, file, force=force, as_json=as_json))


@tenants.command("history")
def history(name: TenantName, *, as_json: AsJson = False) -> None:
    """List the versions of a tenant's profile, newest first."""
    from bot.cli import tenants as work

    carry_out(work.history(name, as_json=as_json))


@tenants.command("rollback")
def roll_back(
    name: TenantName,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The one to go back to.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Publish an earlier version again, as a new one."""
    from bot.cli import tenants as work

    carry_out(work.roll_back(name, version, as_json=as_json))


@tenants.command("rename")
def rename_tenant(
    name: TenantName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The name to have from now on.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Give a tenant another name; links with the old one lead nowhere."""
    from bot.cli import tenants as work

    carry_out(work.rename(name, new, as_json=as_json))


@tenants.command("pause")
def pause_tenant(name: TenantName, *, as_json: AsJson = False) -> None:
    """Answer its clients with the pause message alone."""
    from bot.cli import tenants as work

    carry_out(work.set_state(name, "paused", as_json=as_json))


@tenants.command("resume")
def resume_tenant(name: TenantName, *, as_json: AsJson = False) -> None:
    """Answer again, after a pause or out of the archive."""
    from bot.cli import tenants as work

    carry_out(work.set_state(name, "active", as_json=as_json))


@tenants.command("archive")
def archive_tenant(name: TenantName, *, as_json: AsJson = False) -> None:
    """Stop its own bots; nothing is erased."""
    from bot.cli import tenants as work

    carry_out(work.set_state(name, "archived", as_json=as_json))


@tenants.command("delete")
def delete_tenant(
    name: TenantName,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the name again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a tenant: profile, bots, admins, conversations, here and at OpenAI.

    At OpenAI it is done by the running process, or by the next one.
    """
    from bot.cli import tenants as work

    carry_out(work.delete(name, yes=yes, as_json=as_json))
