"""`/v1/threads/update`: what a company says of itself, published by a program of its own."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.tokens import hidden_in
from bot.gateways.counter import Counter
from bot.web.bodies import within_limits
from bot.web.problems import ProblemDetails, unavailable
from bot.web.visitors import Program
from db.api_keys import Scope
from db.drafts import PublishAnew
from db.errors import Gone
from db.records import Actor
from db.tenants import TenantRow
from tenants.difference import trail_between
from tenants.explain import explain
from tenants.profile import Profile
from tenants.prompt import render

FIELDS: Final = (
    *("company_name", "sector", "assistant_goal"),
    *("escalation_phrase", "knowledge", "assistant_name"),
)
BODY_BYTES: Final = 4_194_304  # a whole knowledge, in letters of three bytes and more
TRIES: Final = 5  # while others publish at the same moment


@dataclass(frozen=True, slots=True)
class Updates:
    """`model`: the one that answers where a profile names none."""

    counter: Counter
    model: str

    async def update(self, request: Request) -> Response:
        """`POST /v1/threads/update`: fields that are not there stay as they are."""
        program = await self.counter.program(request, Scope.PROFILE_WRITE)
        changes = _changes(await within_limits(request, BODY_BYTES))
        for _ in range(TRIES):
            company = await self.counter.company(program)
            profile = await asyncio.to_thread(_changed, company, changes)
            version = await self._publish(program, company, profile)
            if version is not None:
                return JSONResponse(self._as_assistant(company, profile, version))
        raise unavailable()

    async def _publish(self, program: Program, company: TenantRow, profile: Profile) -> int | None:
        """As the trail has it: by the key's name. None: somebody else was faster."""
        api = self.counter.api
        body = profile.model_dump_json()
        trail = await asyncio.to_thread(trail_between, company.body, body)
        actor, now = Actor(None, program.key.name), api.clock.now()
        publish = PublishAnew(
            company.id, company.name, body, trail, actor, now, made_of=company.version
        )
        try:
            return await api.journal.do(publish)
        except Gone:
            raise unavailable() from None

    def _as_assistant(
        self, company: TenantRow, profile: Profile, version: int
    ) -> Mapping[str, Any]:
        """As such servers show one."""
        return {
            "id": company.name,
            "object": "assistant",
            "name": profile.assistant_name,
            "instructions": render(profile),
            "model": profile.model or self.model,
            "metadata": {
                "company_name": profile.company_name,
                "sector": profile.sector,
                "version": str(version),
            },
        }


def _changes(content: bytes) -> Mapping[str, str]:
    """The fields that are there, without what opens an account. Raises ProblemDetails."""
    try:
        told = from_json(content or b"{}")
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ProblemDetails(400, "not-valid", "The body is no JSON object.")
    given = {name: told[name] for name in FIELDS if told.get(name) is not None}
    for name, value in given.items():
        if not isinstance(value, str) or "\0" in value:
            raise ProblemDetails(400, "not-valid", f"{name} is a text.")
    return dict(hidden_in(given))


def _changed(company: TenantRow, changes: Mapping[str, str]) -> Profile:
    try:
        profile = Profile.model_validate_json(company.body)
    except ValidationError:
        title = "The profile was written by a newer version of the program."
        raise ProblemDetails(503, "unavailable", title) from None
    try:
        return profile.changed(changes)
    except ValidationError as error:
        raise ProblemDetails(400, "not-valid", " ".join(explain(error))) from None
