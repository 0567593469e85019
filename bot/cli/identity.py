"""`sportello sites`, of one site: with what its company proves who a visitor is."""

import time
from collections.abc import Sequence

from bot.cli.console import Wrong, align, tell
from bot.cli.database import HOST, change, look
from bot.cli.sites import named
from bot.cli.start import begin
from bot.errors import ConfigError
from bot.ops.vault import KeyVault
from bot.telegram.admin.accounts import new_secret
from db.identity_secrets import (
    MOST,
    AddIdentitySecret,
    IdentitySecret,
    RetireIdentitySecret,
    secrets_of_site,
)
from db.sites import ChangeSite, Site, sites_of
from db.tenants import named_tenant, tenant_to_change
from db.transaction import Transaction

HEADINGS = ("ID", "MADE")


async def list_all(name: str, site: str, *, as_json: bool) -> None:
    """Print a line for each secret of a site. Raises Wrong."""
    tenant = await look(named_tenant, name)
    its = named(await look(sites_of, tenant.id), site, name)
    held = await look(secrets_of_site, its.id)
    rows = [(str(one.id), _day(one.created_at)) for one in held]
    data = [{"id": one.id, "created_at": one.created_at} for one in held]
    tell(align([HEADINGS, *rows]) if rows else "No secrets yet.", data, as_json=as_json)


async def new(name: str, site: str, *, as_json: bool) -> None:
    """Make a secret, and print it: it is shown this once. Raises Wrong."""
    vault = KeyVault.open(begin().secret_key)
    if not vault.sealed:
        raise ConfigError("secrets are kept encrypted: set SECRET_KEY (sportello secret-key)")
    secret = new_secret()

    def work(transaction: Transaction) -> tuple[Site, int]:
        its = _site(transaction, name, site)
        add = AddIdentitySecret(
            site=its.id,
            tenant=its.tenant,
            sealed=vault.encrypt(secret),
            actor=HOST,
            now=time.time(),
        )
        row = transaction.do(add)
        if row is None:
            raise Wrong(f"{its.name} has {MOST} secrets already; retire one first")
        return its, row

    its, row = await change(work)
    data = {"secret": secret, "id": row, "site": its.name, "tenant": name}
    tell(secret, data, as_json=as_json)


async def retire(name: str, site: str, secret: int, *, as_json: bool) -> None:
    """Let a secret prove nothing any more. Raises Wrong."""

    def work(transaction: Transaction) -> Site:
        its = _site(transaction, name, site)
        gone = RetireIdentitySecret(
            secret=secret, site=its.id, tenant=its.tenant, actor=HOST, now=time.time()
        )
        if not transaction.do(gone):
            known = _ids(transaction.read(secrets_of_site, its.id))
            raise Wrong(f"{its.name} has no secret {secret}; its secrets are: {known}")
        return its

    its = await change(work)
    data = {"id": secret, "site": its.name, "tenant": name}
    tell(f"The secret {secret} of {its.name} proves nothing any more", data, as_json=as_json)


async def switch(name: str, site: str, *, known_only: bool, as_json: bool) -> None:
    """Answer known visitors alone, or everybody. Raises Wrong."""

    def work(transaction: Transaction) -> Site:
        its = _site(transaction, name, site)
        if known_only and not transaction.read(secrets_of_site, its.id):
            raise Wrong(f"{its.name} has no secret: nobody could prove anything; make one first")
        changes = {"known_only": known_only}
        transaction.do(ChangeSite(its.id, its.tenant, changes, HOST, time.time()))
        return its

    its = await change(work)
    answers = "known visitors alone" if known_only else "everybody"
    data = {"site": its.name, "id": its.id, "tenant": name, "known_only": known_only}
    tell(f"{its.name}: answers {answers}", data, as_json=as_json)


def _site(transaction: Transaction, name: str, site: str) -> Site:
    tenant = transaction.read(tenant_to_change, name)
    return named(transaction.read(sites_of, tenant.id), site, name)


def _ids(held: Sequence[IdentitySecret]) -> str:
    return ", ".join(str(one.id) for one in held) or "none yet"


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at))
