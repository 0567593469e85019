"""Visitors whom their company knows: it proves who they are, and they go on in their own chat."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import SecretLost
from bot.ports import Telemetry
from bot.web.bodies import NewIdentity, read_body
from bot.web.bounds import Bounds, for_session
from bot.web.problems import ProblemDetails, unauthorized
from bot.web.proof import NotProven, Proven, prove
from bot.web.streams import Streams
from bot.web.visitors import SESSION_SECONDS, Gate, refuse_programs
from db.api_keys import Scope
from db.entries import log_at
from db.identify import Identify
from db.identity_secrets import secrets_of_site
from db.records import Address
from db.sites import WEB, Site

SUBJECT_PURPOSE: Final = "identity"


@dataclass(frozen=True, slots=True)
class Identities:
    """Takes a company's word for who a visitor is, where it is signed."""

    gate: Gate
    asks: Bounds
    streams: Streams
    telemetry: Telemetry

    async def identify(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/identity`: who reads with the old token is told, and cut off."""
        visitor = refuse_programs(await self.gate.asking(request))
        before = self.gate.place_of(visitor, request.path_params["chat"], Scope.READ)
        body = await read_body(request, NewIdentity)
        headers = await self.asks.take(for_session(self.gate.peer(request)))
        session = visitor.session
        told = await self.open(visitor.site, body.jwt, session.language, session=session.row)
        event = "identity" if told["chat"] == session.chat else "moved"
        self.streams.cut(before, session.row, event)
        return JSONResponse(told, 200, dict(headers))

    async def open(
        self, site: Site, token: str, language: str | None, *, session: int | None = None
    ) -> dict[str, object]:
        """A session in their chat, as it is told once; `session` is over then.

        Raises ProblemDetails where nothing is proven, or that session is over by now.
        """
        proven = await self._proven(site, token)
        opening, opens = self.gate.new_session(site, language, seconds=SESSION_SECONDS)
        told = f"{site.id}\0{proven.sub}"
        identify = Identify(
            subjects=self.gate.vault.digests(told, purpose=SUBJECT_PURPOSE),
            name=proven.called,
            opening=opening,
            session=session,
        )
        chat = await self.gate.journal.do(identify)
        if chat is None:
            raise unauthorized()
        state = await self.gate.database.read(log_at, Address(WEB, site.bot_id, chat))
        return {"chat": chat, "token": opens, "seq": state.seq if state else 0}

    async def _proven(self, site: Site, token: str) -> Proven:
        """Whoever asks learns only that it is not; the log tells why."""
        vault, now = self.gate.vault, self.gate.clock.now()
        try:
            held = await self.gate.database.read(secrets_of_site, site.id)
            known = [vault.decrypt(one.sealed) for one in held]
            return prove(token, known, audience=site.public_key, now=now)
        except NotProven as refused:
            cause = refused.cause
        except SecretLost:
            cause = "the secret cannot be read"
        self.telemetry.record("identity refused", site=site.id, cause=cause)
        raise not_proven()


def not_proven() -> ProblemDetails:
    """Nobody said who asks, or it proves nothing: nobody learns which."""
    headers = {"WWW-Authenticate": "Bearer"}
    return ProblemDetails(401, "identity-not-proven", "It is not proven who asks.", headers)
