"""`sportello keys`: with which programs talk to companies' assistants."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.cli.console import Wrong, align, tell, the_one
from bot.cli.database import HOST, change, look
from bot.cli.start import begin
from bot.core.api_keys import PURPOSE, read, written
from bot.errors import ConfigError
from bot.ops.vault import KeyVault
from bot.telegram.admin.keys import NAME_CHARACTERS, new_secret
from db.api_keys import ApiKey, IssueKey, LimitKey, RevokeKey, Scope, keys_by_name, keys_of
from db.tenants import tenant_to_change
from db.transaction import Transaction

HEADINGS: Final = ("KEY", "ID", "TENANT", "SCOPES", "LAST USED")


async def list_all(name: str | None, *, as_json: bool) -> None:
    """Print a line for each key that opens something. Raises Wrong."""
    found = await look(keys_by_name, name)
    rows = [
        (key.name, str(key.id), tenant, _scopes(key), _minute(key.last_used))
        for tenant, key in found
    ]
    data = [_told(tenant, key) for tenant, key in found]
    tell(align([HEADINGS, *rows]) if rows else "No keys yet.", data, as_json=as_json)


async def new(name: str, key_name: str, scopes: Sequence[Scope], *, as_json: bool) -> None:
    """Make a key, and print it: it is shown this once. Raises Wrong."""
    vault = KeyVault.open(begin().secret_key)
    if not vault.sealed:
        raise ConfigError("keys are known by a keyed hash: set SECRET_KEY (sportello secret-key)")
    called = " ".join(key_name.split())
    if not 0 < len(called) <= NAME_CHARACTERS or not called.isprintable():
        raise Wrong(f"a key has a name of 1 to {NAME_CHARACTERS} characters")
    secret = new_secret()

    def work(transaction: Transaction) -> int:
        tenant = transaction.read(tenant_to_change, name)
        issue = IssueKey(
            tenant=tenant.id,
            name=called,
            digest=vault.digests(secret, purpose=PURPOSE)[0],
            scopes=frozenset(scopes),
            actor=HOST,
            now=time.time(),
        )
        row = transaction.do(issue)
        if row is None:
            raise Wrong(f"{name} has as many keys as there may be, or two named “{called}”")
        return row

    row = await change(work)
    key = written(row, secret)
    data = {"key": key, "id": row, "name": called, "tenant": name, "scopes": sorted(scopes)}
    tell(key, data, as_json=as_json)


async def revoke(name: str, wanted: str, *, as_json: bool) -> None:
    """Let a key open nothing any more. Raises Wrong."""

    def work(transaction: Transaction) -> ApiKey:
        tenant = transaction.read(tenant_to_change, name)
        key = _named(transaction.read(keys_of, tenant.id), wanted, name)
        transaction.do(RevokeKey(key.id, tenant.id, HOST, time.time()))
        return key

    key = await change(work)
    tell(f"{key.name} ({key.id}) opens nothing any more", _told(name, key), as_json=as_json)


async def limit(name: str, wanted: str, limits: Mapping[str, int | None], *, as_json: bool) -> None:
    """Set limits of a key, by their columns; None is no limit of its own. Raises Wrong."""

    def work(transaction: Transaction) -> ApiKey:
        tenant = transaction.read(tenant_to_change, name)
        key = _named(transaction.read(keys_of, tenant.id), wanted, name)
        transaction.do(LimitKey(key.id, tenant.id, limits, HOST, time.time()))
        return _named(transaction.read(keys_of, tenant.id), str(key.id), name)

    key = await change(work)
    pace = "as usual" if key.messages_per_minute is None else key.messages_per_minute
    tokens = "no limit of its own" if key.daily_tokens is None else key.daily_tokens
    said = f"{key.name} ({key.id}): messages a minute: {pace}; tokens a day: {tokens}"
    tell(said, _told(name, key), as_json=as_json)


def _named(keys: Sequence[ApiKey], wanted: str, tenant: str) -> ApiKey:
    row, _ = read(wanted) or (wanted, "")
    meant = [key for key in keys if str(row) == str(key.id)]
    meant = meant or [key for key in keys if key.name == wanted]
    none = f"{tenant} has no such key; its keys are"
    return the_one(meant, keys, several=f"several keys are named “{wanted}”", none=none)


def _told(tenant: str, key: ApiKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "id": key.id,
        "tenant": tenant,
        "scopes": sorted(key.scopes),
        "created_at": key.created_at,
        "last_used": key.last_used,
        "daily_tokens": key.daily_tokens,
        "messages_per_minute": key.messages_per_minute,
    }


def _scopes(key: ApiKey) -> str:
    return " ".join(sorted(key.scopes))


def _minute(at: float | None) -> str:
    return "never" if at is None else time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))
