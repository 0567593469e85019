"""`sportello bots`: which bots there are, and whose."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

import typer

from bot.cli.console import Wrong, align, tell
from bot.cli.database import HOST, change, look
from bot.cli.start import begin
from bot.errors import ConfigError, GiveUp, RetryLater, SecretLost
from bot.net.sessions import new_session
from bot.net.ways import Ways
from bot.ops.vault import KeyVault
from bot.settings import Settings
from bot.telegram.account import BotIdentity, connecting, identify
from bot.telegram.errors import explain
from bot.telegram.request import Request
from db.bots import AddBot, Added, BotRow, RemoveBot, bots_by_name, bots_of
from db.company_tools import tools_of
from db.identity_secrets import all_identity_secrets
from db.mcp import servers_by_name
from db.sealed import Reencrypt, Sealed
from db.tenants import named_tenant, tenant_to_change
from db.transaction import Transaction

HEADINGS: Final = ("BOT", "ID", "TENANT", "STATE")


async def list_all(name: str | None, *, as_json: bool) -> None:
    """Print a line for each bot. Raises Wrong for a tenant that is not there."""
    found = await look(bots_by_name, name)
    rows = [(f"@{b.username}", str(b.id), name, str(b.state)) for name, b in found]
    data = [
        {"username": b.username, "id": b.id, "tenant": name, "state": b.state} for name, b in found
    ]
    tell(align([HEADINGS, *rows]) if rows else "No bots yet.", data, as_json=as_json)


async def add(name: str, *, as_json: bool) -> None:
    """Give a tenant the bot of a token that is read from standard input. Raises Wrong."""
    settings = begin()
    vault = KeyVault.open(settings.secret_key)
    if not vault.sealed:
        raise ConfigError("tokens are stored encrypted: set SECRET_KEY (sportello secret-key)")
    await look(named_tenant, name)
    token = _read_token()
    me = await _identify(settings, token)
    sealed = vault.encrypt(token)

    def work(transaction: Transaction) -> Added:
        tenant = transaction.read(tenant_to_change, name)
        return transaction.do(AddBot(me.id, me.username, tenant.id, sealed, HOST, time.time()))

    added = await change(work)
    if added is Added.HELD:
        raise Wrong(f"@{me.username} belongs to another tenant, or to the host")
    said = "has its new token" if added is Added.ROTATED else f"speaks for {name}"
    data = {"username": me.username, "id": me.id, "tenant": name, "added": added}
    tell(f"@{me.username} {said}; a running process sees it by itself", data, as_json=as_json)


async def remove(name: str, bot: str, *, as_json: bool) -> None:
    """Take a bot from a tenant. Raises Wrong."""

    def work(transaction: Transaction) -> BotRow:
        tenant = transaction.read(named_tenant, name)
        held = _named(transaction.read(bots_of, tenant.id), bot, name)
        if not transaction.do(RemoveBot(held.id, tenant.id, HOST, time.time())):
            raise Wrong(f"@{held.username} is the host's: its token is in TELEGRAM_BOT_TOKEN")
        return held

    held = await change(work)
    data = {"username": held.username, "id": held.id, "tenant": name}
    tell(f"@{held.username} no longer speaks for {name}", data, as_json=as_json)


async def rotate_key(*, as_json: bool) -> None:
    """Encrypt tokens and secrets under the first key.

    Raises Wrong, naming what no key opens.
    """
    vault = KeyVault.open(begin().secret_key)

    def work(transaction: Transaction) -> Counter[Sealed]:
        held = [*_all_sealed(transaction)]
        for what, row, sealed, name in held:
            transaction.do(Reencrypt(what, row, sealed, _anew(vault, sealed, name)))
        return Counter(what for what, *_ in held)

    found = await change(work)
    tokens, sites = found[Sealed.BOT], found[Sealed.IDENTITY]
    tools = found[Sealed.TOOL] + found[Sealed.SERVER]
    lines = (
        f"Tokens under the first key: {tokens}",
        f"Secrets of tools: {tools}",
        f"Identity secrets of sites: {sites}",
    )
    data = {"tokens": tokens, "tool_secrets": tools, "identity_secrets": sites}
    tell("\n".join(lines), data, as_json=as_json)


def _all_sealed(transaction: Transaction) -> Iterator[tuple[Sealed, int, str, str]]:
    """All that is kept encrypted, its row, and how a host knows it."""
    for _, bot in transaction.read(bots_by_name, None):
        if bot.token:
            yield Sealed.BOT, bot.id, bot.token, f"the token of @{bot.username}"
    for tool in transaction.read(tools_of, None):
        if tool.secret:
            yield Sealed.TOOL, tool.row, tool.secret, f"the secret of the tool {tool.name}"
    for tenant, one in transaction.read(servers_by_name, None):
        yield Sealed.SERVER, one.id, one.sealed, f"the MCP server {one.label} of {tenant}"
    for key, secret in transaction.read(all_identity_secrets):
        yield Sealed.IDENTITY, secret.id, secret.sealed, f"an identity secret of the site {key}"


def _anew(vault: KeyVault, sealed: str, what: str) -> str:
    try:
        return vault.encrypt(vault.decrypt(sealed))
    except SecretLost:
        raise Wrong(f"no key of SECRET_KEY opens {what}") from None


def _named(bots: tuple[BotRow, ...], wanted: str, tenant: str) -> BotRow:
    for bot in bots:
        if wanted.removeprefix("@").lower() in (bot.username.lower(), str(bot.id)):
            return bot
    known = ", ".join(f"@{bot.username}" for bot in bots)
    raise Wrong(f"{tenant} has no bot “{wanted}”; its bots are: {known or 'none yet'}")


def _read_token() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Token", hide_input=True, err=True)).strip()
    return sys.stdin.buffer.readline().decode(errors="replace").strip()


async def _identify(settings: Settings, token: str) -> BotIdentity:
    url = settings.telegram_api_url
    way = Ways.of(settings).to(url)
    async with new_session(connections=1, way=way) as session:
        try:
            return await identify(connecting(url, Request(session))(token))
        except ConfigError:
            raise Wrong("that is no bot's token; copy it again from @BotFather") from None
        except (RetryLater, GiveUp) as error:
            raise Wrong(explain(error, url, refused="the token")) from None
