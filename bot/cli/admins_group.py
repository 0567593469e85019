"""`sportello admins`: names, arguments and help. What a command does is imported when it runs."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.arguments import AsJson, TenantName, UserId
from bot.cli.console import carry_out
from bot.core.invitations import VALID_DAYS

admins = typer.Typer(
    help="People: who may do what for a tenant, and who is host.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


class RoleName(StrEnum):
    """What a person may be in a tenant."""

    OWNER = "owner"
    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"


NewRole = Annotated[RoleName, typer.Argument(metavar="ROLE", help="What the person will be.")]


@admins.command("list")
def list_admins(
    tenant: Annotated[
        str | None, typer.Argument(metavar="TENANT", help="The tenant's name; else the hosts.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the people of a tenant, or the hosts: id, role, name, until when."""
    from bot.cli import admins as work

    carry_out(work.list_all(tenant, as_json=as_json))


@admins.command("invite")
def invite_admin(
    tenant: Annotated[
        str | None, typer.Argument(metavar="TENANT", help="The tenant's name; else as a host.")
    ] = None,
    *,
    role: Annotated[
        RoleName | None, typer.Option(help="What they will be in the tenant.", show_default="admin")
    ] = None,
    hours: Annotated[
        int, typer.Option(min=1, max=720, help="How long the link is valid.")
    ] = VALID_DAYS * 24,
    days: Annotated[
        int, typer.Option(min=0, max=3650, help="How long the role lasts; 0 = for good.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Print a link that gives whoever opens it first a role: single use."""
    from bot.cli import admins as work

    carry_out(work.invite(tenant, role, hours=hours, days=days, as_json=as_json))


@admins.command("set")
def set_role(tenant: TenantName, user: UserId, role: NewRole, *, as_json: AsJson = False) -> None:
    """Change a person's role; its end, if it has one, stays."""
    from bot.cli import admins as work

    carry_out(work.set_role(tenant, user, role, as_json=as_json))


@admins.command("revoke")
def revoke(tenant: TenantName, user: UserId, *, as_json: AsJson = False) -> None:
    """Take a person's role; the last owner keeps it."""
    from bot.cli import admins as work

    carry_out(work.revoke(tenant, user, as_json=as_json))


@admins.command("revoke-host")
def revoke_host(user: UserId, *, as_json: AsJson = False) -> None:
    """Take the role of a host; one of ADMIN_IDS keeps it."""
    from bot.cli import admins as work

    carry_out(work.revoke(None, user, as_json=as_json))
