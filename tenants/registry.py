"""Profiles by tenant and version: immutable, so that each is read from the database once."""

from dataclasses import dataclass, field

from db.engine import Database
from db.tenants import profile_body
from tenants.profile import Profile


@dataclass(slots=True)
class Registry:
    """The profiles that turns were pinned to."""

    database: Database
    _known: dict[tuple[int, int], Profile] = field(default_factory=dict)

    async def profile(self, tenant: int, version: int) -> Profile:
        """One version of a tenant's profile. Raises KeyError when it was never stored."""
        key = tenant, version
        if key not in self._known:
            body = await self.database.read(
                lambda connection: profile_body(connection, tenant=tenant, version=version)
            )
            if body is None:
                raise KeyError(key)
            self._known[key] = Profile.model_validate_json(body)
        return self._known[key]
