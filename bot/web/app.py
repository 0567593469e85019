"""The channel put together: what answers which path."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from bot.front.commands import Place
from bot.ports import Clock
from bot.turns.engine import Engine
from bot.web.api import API
from bot.web.bounds import Bounds
from bot.web.channel import Render, WebChannel
from bot.web.doorway import Doorway, refused
from bot.web.entrance import Application, SpeakFor, WebEntrance
from bot.web.events import Following
from bot.web.frame import faces, frame_routes
from bot.web.openapi import document
from bot.web.seats import Seats
from bot.web.streams import Streams
from bot.web.visitors import SESSION_SECONDS, Gate
from bot.web.work import Toll
from db.entries import newest_seqs


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is served, and who stands before it.

    `free_sessions`: of a site within a minute; more cost a little work.
    """

    host: str
    port: int
    free_sessions: int
    public_url: str = ""
    proxies: Sequence[str] = ()


def origin_of(url: str) -> str:
    """As a browser says it: in small letters, without the port that goes without saying."""
    parts = urlsplit(url.lower())
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}" if parts.netloc else ""


def open_web(
    where: Where, *, render: Render, clock: Clock, kept_days: float, place: Place
) -> WebEntrance:
    """The channel, not yet served."""
    streams = Streams(clock)
    return WebEntrance(
        WebChannel(render, streams),
        streams,
        _application(where, streams),
        where.host,
        where.port,
        kept_days,
        place,
    )


def _application(where: Where, streams: Streams) -> Application:
    def application(engine: Engine, speak_for: SpeakFor) -> ASGIApp:
        outside = engine.outside
        journal, database, clock = outside.journal, outside.database, outside.clock
        gate = Gate(
            database,
            journal,
            outside.vault,
            clock,
            origin_of(where.public_url),
            [ipaddress.ip_network(one) for one in where.proxies],
        )
        bounds = Bounds(journal, outside.vault, clock)
        api = API(
            gate=gate,
            asks=bounds,
            toll=Toll(bounds, outside.vault, clock, where.free_sessions),
            seats=Seats(),
            reading=Following(database, streams, clock),
            intake=engine.intake,
            journal=journal,
            database=database,
            streams=streams,
            vault=outside.vault,
            clock=clock,
            session_seconds=SESSION_SECONDS,
            speak_for=speak_for,
        )
        described = document(where.public_url)

        async def describe(_: Request) -> Response:
            return JSONResponse(described)

        async def is_well(_: Request) -> Response:
            await database.read(newest_seqs, ())
            return JSONResponse({"ok": True})

        at = Doorway(gate, outside.telemetry, clock).route
        routes = [
            at("/healthz", get=is_well),
            at("/openapi.json", get=describe),
            at("/v1/sites/{key}/session", post=api.open_session),
            at("/v1/session", delete=api.end_session),
            at("/v1/messages", post=api.answer),
            at("/v1/chats/{chat}/messages", get=api.history, post=api.say),
            at("/v1/chats/{chat}/events", get=api.events),
            at("/v1/chats/{chat}/read", post=api.read),
            at("/v1/chats/{chat}/forget", post=api.forget),
            *frame_routes(faces(database), at),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: refused})

    return application
