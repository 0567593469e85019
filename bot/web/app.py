"""The channel put together: what answers which path."""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.front.commands import Place
from bot.ports import Clock, Onward
from bot.turns.engine import Engine
from bot.web.afterwards import Afterwards
from bot.web.api import API
from bot.web.bounds import Bounds
from bot.web.channel import Render, WebChannel
from bot.web.doorway import Doorway, refused
from bot.web.entrance import Application, SpeakFor, WebEntrance
from bot.web.events import Following
from bot.web.frame import faces, frame_routes
from bot.web.identity import Identities
from bot.web.openapi import document
from bot.web.seats import Seats
from bot.web.streams import Streams
from bot.web.uploads import UploadLimits, Uploads
from bot.web.visitors import SESSION_SECONDS, Gate
from bot.web.work import Toll
from db.engine import Database
from db.entries import newest_seqs

Leads = Callable[[Database], Onward]


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is served, who stands before it, and how much may be sent there.

    `free_sessions`: of a site within a minute; more cost a little work.
    """

    host: str
    port: int
    free_sessions: int
    public_url: str = ""
    proxies: Sequence[str] = ()
    uploads: UploadLimits = field(default_factory=UploadLimits)


@dataclass(frozen=True, slots=True)
class Besides:
    """What is served beside the API, and how OpenAPI describes its paths."""

    routes: Callable[[API, Doorway], Sequence[BaseRoute]]
    paths: Mapping[str, Any]


def origin_of(url: str) -> str:
    """As a browser says it: in small letters, without the port that goes without saying."""
    parts = urlsplit(url.lower())
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}" if parts.netloc else ""


def open_web(
    where: Where,
    *,
    render: Render,
    clock: Clock,
    kept_days: float,
    place: Place,
    besides: Besides,
    onward: Leads | None = None,
) -> WebEntrance:
    """The channel, not yet served. `onward`: where else companies are, as the database has it."""
    streams = Streams(clock)
    return WebEntrance(
        WebChannel(render, streams),
        streams,
        _application(where, streams, besides, onward),
        where.host,
        where.port,
        kept_days,
        place,
    )


def _application(
    where: Where, streams: Streams, besides: Besides, onward: Leads | None
) -> Application:
    def application(engine: Engine, speak_for: SpeakFor) -> ASGIApp:
        outside = engine.outside
        journal, database, clock = outside.journal, outside.database, outside.clock
        elsewhere = onward(database) if onward else None
        gate = Gate(
            database,
            journal,
            outside.vault,
            clock,
            origin_of(where.public_url),
            [ipaddress.ip_network(one) for one in where.proxies],
        )
        asks = Bounds(journal, outside.vault, clock)
        identities = Identities(gate, asks, streams, outside.telemetry)
        uploads = Uploads(gate, asks, outside, where.uploads)
        api = API(
            gate=gate,
            identities=identities,
            asks=asks,
            toll=Toll(asks, outside.vault, clock, where.free_sessions),
            seats=Seats(),
            reading=Following(database, streams, clock),
            intake=engine.intake,
            journal=journal,
            database=database,
            streams=streams,
            uploads=uploads,
            vault=outside.vault,
            clock=clock,
            session_seconds=SESSION_SECONDS,
            speak_for=speak_for,
            stop=engine.events.stop,
        )
        afterwards = Afterwards(api, elsewhere)
        described = document(where.public_url, besides.paths)

        async def describe(_: Request) -> Response:
            return JSONResponse(described)

        async def is_well(_: Request) -> Response:
            await database.read(newest_seqs, ())
            return JSONResponse({"ok": True})

        doorway = Doorway(gate, outside.telemetry, clock)
        at = doorway.route
        routes = [
            at("/healthz", get=is_well),
            at("/openapi.json", get=describe),
            at("/v1/sites/{key}/session", post=api.open_session),
            at("/v1/session", delete=api.end_session),
            at("/v1/messages", post=api.answer),
            at("/v1/chats/{chat}/messages", get=api.history, post=api.say),
            at("/v1/chats/{chat}/files", post=uploads.take),
            at("/v1/chats/{chat}/events", get=api.events),
            at("/v1/chats/{chat}/read", post=api.read),
            at("/v1/chats/{chat}/identity", post=identities.identify),
            at("/v1/chats/{chat}/forget", post=api.forget),
            at("/v1/chats/{chat}/telegram", post=afterwards.telegram),
            at("/v1/chats/{chat}/rating", post=afterwards.rating),
            *frame_routes(faces(database, elsewhere), at),
            *besides.routes(api, doorway),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: refused})

    return application
