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
    stands there. http is for localhost alone.
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


@sites.command("remove")
def remove_site(tenant: TenantName, site: Site, *, as_json: AsJson = False) -> None:
    """Take a site away; its conversations stay.

    What waits there for an answer gets none.
    """
    from bot.cli import sites as work

    carry_out(work.remove(tenant, site, as_json=as_json))
