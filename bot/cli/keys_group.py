"""`sportello keys`: names, arguments and help. What a command does is imported when it runs."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.arguments import AsJson, OnlyTenant, TenantName
from bot.cli.console import carry_out

keys = typer.Typer(
    help="Keys with which programs talk to assistants: list, make, limit, revoke them.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


MOST_MESSAGES, MOST_TOKENS = 100_000, 10**15
Key = Annotated[str, typer.Argument(metavar="KEY", help="Its name, its id, or itself.")]


class May(StrEnum):
    """What a key is good for, as `db.api_keys.Scope` has it."""

    CHAT = "chat"
    READ = "read"
    PROFILE_WRITE = "profile:write"


@keys.command("list")
def list_keys(
    tenant: OnlyTenant = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the keys: name, id, tenant, scopes, when they were used last."""
    from bot.cli import keys as work

    carry_out(work.list_all(tenant, as_json=as_json))


@keys.command("new")
def new_key(
    tenant: TenantName,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    *,
    scopes: Annotated[
        list[May] | None,
        typer.Option(
            "--scope", help="What it is good for; may be given several times.", show_default="chat"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key for a program, and print it: it is shown this once.

    Two keys may have one name, so that the new one is in use before the old one is revoked.
    """
    from bot.cli import keys as work
    from db.api_keys import Scope

    wanted = [Scope(one) for one in scopes or (May.CHAT,)]
    carry_out(work.new(tenant, name, wanted, as_json=as_json))


@keys.command("limit")
def limit_key(
    tenant: TenantName,
    key: Key,
    *,
    messages: Annotated[
        int | None,
        typer.Option("--messages", min=0, max=MOST_MESSAGES, help="A minute; 0: as usual."),
    ] = None,
    tokens: Annotated[
        int | None,
        typer.Option(
            "--tokens", min=0, max=MOST_TOKENS, help="A day (UTC); 0: no limit of its own."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Limit what a program may ask for with a key; what is not given stays as it is."""
    from bot.cli import keys as work

    given = {"messages_per_minute": messages, "daily_tokens": tokens}
    limits = {name: value or None for name, value in given.items() if value is not None}
    carry_out(work.limit(tenant, key, limits, as_json=as_json))


@keys.command("revoke")
def revoke_key(
    tenant: TenantName,
    key: Key,
    *,
    as_json: AsJson = False,
) -> None:
    """Let a key open nothing any more, from now on."""
    from bot.cli import keys as work

    carry_out(work.revoke(tenant, key, as_json=as_json))
