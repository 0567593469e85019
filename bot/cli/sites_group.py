"""`sportello sites`: names, arguments and help. What a command does is imported when it runs."""

from typing import Annotated

import typer

from bot.cli.arguments import AsJson, OnlyTenant, TenantName
from bot.cli.console import carry_out

sites = typer.Typer(
    help="Web sites on which assistants answer: list, add, switch, remove them.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Site = Annotated[str, typer.Argument(metavar="SITE", help="One of its addresses, or its id.")]


@sites.command("list")
def list_sites(
    tenant: OnlyTenant = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the sites: name, id, tenant, state, addresses."""
    from bot.cli import sites as work

    carry_out(work.list_all(tenant, as_json=as_json))


@sites.command("add")
def add_site(
    tenant: TenantName,
    addresses: Annotated[
        list[str],
        typer.Argument(metavar="ADDRESS...", help="Such as www.example.com or *.example.com."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Let a tenant's assistant answer on pages with these addresses.

    It prints the line that goes into the pages; as long as HTTP_PUBLIC_URL is not set, its name
    stands there. An address stands for all pages below it, opened with https; http is for
    localhost and 127.0.0.1 alone.
    """
    from bot.cli import sites as work

    carry_out(work.add(tenant, addresses, as_json=as_json))


@sites.command("show")
def show_site(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Show a site: addresses, look, limits, the line that goes into its pages."""
    from bot.cli import sites as work

    carry_out(work.show(tenant, site, as_json=as_json))


@sites.command("off")
def switch_off(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Switch a site off: nobody is answered there until it is on again."""
    from bot.cli import sites as work

    carry_out(work.switch(tenant, site, is_on=False, as_json=as_json))


@sites.command("on")
def switch_on(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Switch a site on again."""
    from bot.cli import sites as work

    carry_out(work.switch(tenant, site, is_on=True, as_json=as_json))


@sites.command("known-only")
def answer_known_only(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Answer only visitors of whom the company proves who they are.

    Everybody else is refused, and sees no chat.
    """
    from bot.cli import identity as work

    carry_out(work.switch(tenant, site, known_only=True, as_json=as_json))


@sites.command("everybody")
def answer_everybody(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Answer everybody again."""
    from bot.cli import identity as work

    carry_out(work.switch(tenant, site, known_only=False, as_json=as_json))


@sites.command("secrets")
def list_secrets(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """List the identity secrets of a site, by their ids."""
    from bot.cli import identity as work

    carry_out(work.list_all(tenant, site, as_json=as_json))


@sites.command("new-secret")
def new_secret(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Make a secret with which a company signs who a visitor is, and print it: this once.

    A site may have two, so that the new one is in use before the old one is retired.
    """
    from bot.cli import identity as work

    carry_out(work.new(tenant, site, as_json=as_json))


@sites.command("retire-secret")
def retire_secret(
    tenant: TenantName,
    site: Site,
    secret: Annotated[int, typer.Argument(metavar="ID", help="The id of the secret.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Let what is signed with a secret prove nothing any more."""
    from bot.cli import identity as work

    carry_out(work.retire(tenant, site, secret, as_json=as_json))


@sites.command("remove")
def remove_site(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Take a site away; its conversations stay.

    What waits there for an answer gets none.
    """
    from bot.cli import sites as work

    carry_out(work.remove(tenant, site, as_json=as_json))
