"""`sportello bots`: which bots there are, and whose."""

import sys
import time
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
from db.bots import AddBot, Added, BotRow, Reencrypt, RemoveBot, bots_by_name, bots_of
from db.company_tools import ReencryptTool, tools_of
from db.identity_secrets import ReencryptIdentitySecret, all_identity_secrets
from db.mcp import SealServer, servers_by_name
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

    def work(transaction: Transaction) -> tuple[int, int, int]:
        held = [bot for _, bot in transaction.read(bots_by_name, None) if bot.token]
        for bot in held:
            anew = _anew(vault, bot.token or "", f"the token of @{bot.username}")
            transaction.do(Reencrypt(bot.id, bot.token or "", anew))
        tools = [tool for tool in transaction.read(tools_of, None) if tool.secret]
        for tool in tools:
            anew = _anew(vault, tool.secret or "", f"the secret of the tool {tool.name}")
            transaction.do(ReencryptTool(tool.row, tool.secret or "", anew))
        servers = transaction.read(servers_by_name, None)
        for tenant, one in servers:
            anew = _anew(vault, one.sealed, f"the MCP server {one.label} of {tenant}")
            transaction.do(SealServer(one.id, one.sealed, anew))
        identities = transaction.read(all_identity_secrets)
        for key, secret in identities:
            anew = _anew(vault, secret.sealed, f"an identity secret of the site {key}")
            transaction.do(ReencryptIdentitySecret(secret.id, anew))
        return len(held), len(tools) + len(servers), len(identities)

    tokens, tools, sites = await change(work)
    lines = (
        f"Tokens under the first key: {tokens}",
        f"Secrets of tools: {tools}",
        f"Identity secrets of sites: {sites}",
    )
    data = {"tokens": tokens, "tool_secrets": tools, "identity_secrets": sites}
    tell("\n".join(lines), data, as_json=as_json)


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
