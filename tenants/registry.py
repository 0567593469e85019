"""Profiles by tenant, version and assistant: immutable, so that each is read and made once."""

import json
from dataclasses import dataclass, field
from typing import Final

from db.engine import Database
from db.records import PUBLIC, Pinned
from db.tenants import draft_body, profile_body
from tenants.form import drafted
from tenants.profile import Profile

KEPT: Final = 100  # tenants: a profile may be of megabytes


@dataclass(slots=True)
class Registry:
    """The profiles that turns were pinned to.

    Kept are those of the newest version of the tenants that were asked for last.
    """

    database: Database
    kept: int = KEPT
    _newest: dict[int, "_Version"] = field(default_factory=dict)  # the last one is the latest used

    async def profile(self, tenant: int, pinned: Pinned, assistant: str = PUBLIC) -> Profile:
        """One assistant's profile in a version of its tenant's; the public one's if it is gone.

        Of a draft: what publishing that revision would give now; when it is gone, what is
        published. Raises KeyError when the version was never stored.
        """
        known = self._newest.pop(tenant, None)
        if known:
            self._newest[tenant] = known
        if known is None or known.pinned != pinned:
            known = await self._load(tenant, pinned)
        return known.of(assistant)

    def forget(self, tenant: int) -> None:
        """The tenant was deleted."""
        self._newest.pop(tenant, None)

    async def _load(self, tenant: int, pinned: Pinned) -> "_Version":
        read = self._read_draft if pinned.drafted else self._read
        loaded = _Version(pinned, await read(tenant, pinned.number))
        newest = self._newest.get(tenant)
        if not pinned.drafted and (newest is None or newest.pinned.number < pinned.number):
            self._newest[tenant] = loaded
            if len(self._newest) > self.kept:
                del self._newest[next(iter(self._newest))]
        return loaded

    async def _read(self, tenant: int, version: int) -> Profile:
        body = await self.database.read(profile_body, tenant=tenant, version=version)
        if body is None:
            raise KeyError(tenant, version)
        return Profile.model_validate_json(body)

    async def _read_draft(self, tenant: int, revision: int) -> Profile:
        found = await self.database.read(draft_body, tenant=tenant, revision=revision)
        if found is None:
            raise KeyError(tenant, revision)
        body, changes = found
        profile, _ = drafted(Profile.model_validate_json(body), json.loads(changes))
        return profile


@dataclass(frozen=True, slots=True)
class _Version:
    pinned: Pinned
    company: Profile
    _assistants: dict[str, Profile] = field(default_factory=dict)

    def of(self, assistant: str) -> Profile:
        if assistant not in self._assistants:
            known = assistant == PUBLIC or assistant in self.company.assistants
            self._assistants[assistant] = self.company.assistant(assistant if known else PUBLIC)
        return self._assistants[assistant]
