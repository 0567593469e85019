"""`sportello tenants apply | export`: what a company says of itself, in and out as TOML."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bot.cli.card import compare, listed, profile_of
from bot.cli.console import Wrong, tell, tell_exactly
from bot.cli.database import HOST, change, look
from bot.cli.start import begin
from bot.cli.tenants import check_name
from bot.core.tokens import hidden_in
from bot.turns.offers import judge_models
from db.companies import CreateTenant
from db.drafts import PublishAnew
from db.heirs import heirs
from db.tenants import (
    TakeBots,
    TenantRow,
    bots_by_tenant,
    find_tenant,
    named_tenant,
    tenant_to_change,
)
from db.transaction import Transaction
from tenants import presets, toml
from tenants.difference import trail_between
from tenants.explain import sentence
from tenants.heir import heir
from tenants.profile import Profile

TOKENS_HIDDEN: Final = (
    "A token or a key stood in it: dots are in its place. Replace it if it was real"
)
MODELS_UNSURE: Final = (
    "The server does not say whether it has the model {models}: write to the bot to find out"
)


async def export(
    name: str, file: Path | None = None, *, force: bool = False, as_json: bool = False
) -> None:
    """Write a tenant's TOML to a file, or print it. Raises Wrong."""
    tenant = await look(named_tenant, name)
    text = toml.write(profile_of(tenant))
    if file:
        _write(file, text, force=force)
    if as_json:
        tell("", {"name": tenant.name, "version": tenant.version, "toml": text}, as_json=True)
    elif not file:
        tell_exactly(text.removesuffix("\n"))


@dataclass(frozen=True, slots=True)
class Applied:
    """A tenant before and after, and the bots by tenant."""

    before: TenantRow | None
    after: TenantRow
    bots: Mapping[int, Sequence[int]]
    heir: str | None  # the tenant that a bot not met yet will speak for


async def apply(source: str, *, name: str | None, take_bots: bool, as_json: bool = False) -> None:
    """Store the TOML of a file or a preset as a tenant's new version. Raises Wrong."""
    profile = _read(source)
    kept = Profile.model_validate(hidden_in(profile.model_dump(mode="json", exclude_unset=True)))
    name = check_name(name or Path(source).name.removesuffix(".toml"), " (--name)")
    unsure = await _check_models(kept)
    work = partial(_apply, name=name, body=kept.model_dump_json(), take_bots=take_bots)
    told = await change(work, create=True)
    lines = [*_tell_change(told), _tell_bots(told)]
    lines += [TOKENS_HIDDEN] if kept != profile else []
    lines += [MODELS_UNSURE.format(models=", ".join(unsure))] if unsure else []
    tell("\n".join(lines), _data(told), as_json=as_json)


async def _check_models(profile: Profile) -> Sequence[str]:
    """The models of which their server says nothing. Raises Wrong for one that it has not got."""
    settings = begin()
    if settings.offline or not profile.models():
        return ()
    from bot.cli.check_servers import chosen_model  # noqa: PLC0415 - the SDK takes a second to load

    async with chosen_model(settings) as catalogue:
        judged = await judge_models(catalogue, None, profile)
    if judged.problems:
        raise Wrong("\n  ".join(("nothing was stored:", *map(sentence, judged.problems))))
    return judged.unsure


def _apply(transaction: Transaction, *, name: str, body: str, take_bots: bool) -> Applied:
    before, now = transaction.read(find_tenant, name), time.time()
    if before is None:
        transaction.do(CreateTenant(name, body, HOST, now))
    else:
        before = transaction.read(tenant_to_change, name)
        trail = trail_between(before.body, body)
        transaction.do(PublishAnew(before.id, name, body, trail, HOST, now))
    after = transaction.read(named_tenant, name)
    if take_bots:
        transaction.do(TakeBots(name, HOST, now))
    bots, speaks_next = transaction.read(bots_by_tenant), heir(transaction.read(heirs))
    return Applied(before, after, bots, speaks_next)


def _read(source: str) -> Profile:
    file = Path(source)
    if not file.is_file():
        if source in presets.names():
            return presets.load(source)
        known = ", ".join(presets.names())
        raise Wrong(f"“{source}” is no file, and none of the presets: {known}")
    try:
        return toml.read(file.read_text(encoding="utf-8"))
    except toml.ProfileError as error:
        raise Wrong("\n  ".join((f"{file} is no profile:", *error.problems))) from None
    except UnicodeDecodeError:
        raise Wrong(f"{file} is no UTF-8 text") from None
    except OSError as error:
        raise Wrong(f"{file} cannot be read: {error.strerror}") from None


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        raise Wrong(f"{file} is there already; --force replaces it") from None
    except OSError as error:
        raise Wrong(f"{file} cannot be written: {error.strerror}") from None


def _tell_change(told: Applied) -> Iterator[str]:
    before, after = told.before, told.after
    if before is None:
        yield f"{after.name}: new, version {after.version}"
    elif before.version == after.version:
        yield f"{after.name}: nothing new, still version {after.version}"
    else:
        yield f"{after.name}: version {before.version} -> {after.version}"
        with suppress(Wrong):  # the one before cannot be read
            yield from compare(profile_of(before), profile_of(after))


def _tell_bots(told: Applied) -> str:
    if mine := told.bots.get(told.after.id):
        return f"It speaks through: {listed(mine)}"
    if told.bots:
        return "No bot speaks for it; --take-bots lets all of them do so from now on"
    heir = told.heir or "an example"
    return f"No bot is known yet; the first `sportello run` gives its bot to {heir}"


def _data(told: Applied) -> dict[str, object]:
    return {
        "name": told.after.name,
        "version": told.after.version,
        "was": told.before.version if told.before else None,
        "bots": list(told.bots.get(told.after.id, ())),
    }
