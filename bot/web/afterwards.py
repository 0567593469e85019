"""What a visitor may do with a talk beside talking: take it along to Telegram, and rate it."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.invitations import CONTINUATION, CONTINUATION_PURPOSE, TOKEN_BYTES
from bot.errors import DiskFull
from bot.front.ratings import RATE
from bot.ports import Clock, Onward, Vault
from bot.turns.intake import Intake
from bot.web.bodies import Rated, read_body
from bot.web.bounds import Bounds, for_visitor
from bot.web.letter import LETTER_PURPOSE, Letter, Press
from bot.web.problems import ProblemDetails, unavailable
from bot.web.shapes import moment
from bot.web.visitors import Gate, SiteVisitor, refuse_programs
from db.api_keys import Scope
from db.journal import Journal
from db.onward import OfferLink

LINK_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Afterwards:
    """For visitors alone. `onward`: where else a company may be; None: nowhere."""

    gate: Gate
    asks: Bounds
    intake: Intake
    journal: Journal
    vault: Vault
    clock: Clock
    onward: Onward | None
    speak_for: Callable[[int], Awaitable[None]]

    async def telegram(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/telegram`: a link that is good once, and not for long."""
        visitor = await self._visitor(request)
        await self._count(request, visitor)
        token = CONTINUATION + secrets.token_urlsafe(TOKEN_BYTES)
        url = await self.onward.link(visitor.site.tenant, token) if self.onward else None
        if url is None:
            raise ProblemDetails(409, "no-telegram", "The company has no bot in Telegram.")
        now = self.clock.now()
        digest = self.vault.digests(token, purpose=CONTINUATION_PURPOSE)[0]
        ends = now + LINK_SECONDS
        if not await self.journal.do(OfferLink(visitor.address, digest, ends, now)):
            raise ProblemDetails(409, "nothing-said", "Nothing was said here yet.")
        told = {"url": url, "expires_at": moment(ends)}
        return JSONResponse(told, 201, {"Cache-Control": "no-store"})

    async def rating(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/rating`: the last one counts."""
        visitor = await self._visitor(request)
        body = await read_body(request, Rated)
        await self._count(request, visitor)
        digests = self.vault.digests(body.text, purpose=LETTER_PURPOSE)
        rated = Letter(uuid4().hex, body.text, digests, None, Press("", f"{RATE}{body.value}"))
        address = visitor.address
        await self.speak_for(address.bot_id)
        try:
            await self.intake.accept(address.bot_id, rated.as_incoming(address))
        except DiskFull:
            raise unavailable(60) from None
        return Response(status_code=204)

    async def _visitor(self, request: Request) -> SiteVisitor:
        visitor = refuse_programs(await self.gate.asking(request))
        self.gate.place_of(visitor, request.path_params["chat"], Scope.CHAT)
        return visitor

    async def _count(self, request: Request, visitor: SiteVisitor) -> None:
        """It counts as a message."""
        pace = visitor.site.messages_per_minute
        await self.asks.take(for_visitor(visitor.session.chat, self.gate.peer(request), pace))
