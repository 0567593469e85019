"""What a visitor may do with a talk beside talking: take it along to Telegram, and rate it."""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.invitations import CONTINUATION, CONTINUATION_PURPOSE, TOKEN_BYTES
from bot.front.ratings import RATE
from bot.ports import Onward
from bot.web.api import API
from bot.web.bodies import Rated, read_body
from bot.web.letter import Press
from bot.web.problems import ProblemDetails
from bot.web.shapes import moment
from bot.web.visitors import SiteVisitor, refuse_programs
from db.api_keys import Scope
from db.onward import OfferLink

LINK_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Afterwards:
    """For visitors alone. `onward`: where else a company may be; None: nowhere."""

    api: API
    onward: Onward | None

    async def telegram(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/telegram`: a link that is good once, and not for long."""
        visitor = await self._visitor(request)
        await self.api.asks.take(self.api.bounds(request, visitor))
        token = CONTINUATION + secrets.token_urlsafe(TOKEN_BYTES)
        url = await self.onward.link(visitor.site.tenant, token) if self.onward else None
        if url is None:
            raise ProblemDetails(409, "no-telegram", "The company has no bot in Telegram.")
        now = self.api.clock.now()
        digest = self.api.vault.digests(token, purpose=CONTINUATION_PURPOSE)[0]
        ends = now + LINK_SECONDS
        if not await self.api.journal.do(OfferLink(visitor.address, digest, ends, now)):
            raise ProblemDetails(409, "nothing-said", "Nothing was said here yet.")
        told = {"url": url, "expires_at": moment(ends)}
        return JSONResponse(told, 201, {"Cache-Control": "no-store"})

    async def rating(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/rating`: the last one counts."""
        visitor = await self._visitor(request)
        body = await read_body(request, Rated)
        press = Press("", f"{RATE}{body.value}")
        rated = self.api.letter(uuid4().hex, body.text, None, press)
        await self.api.hand_over(visitor.address, rated, self.api.bounds(request, visitor))
        return Response(status_code=204)

    async def _visitor(self, request: Request) -> SiteVisitor:
        visitor = refuse_programs(await self.api.gate.asking(request))
        self.api.gate.place_of(visitor, request.path_params["chat"], Scope.CHAT)
        return visitor
