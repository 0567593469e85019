"""Who asks: a visitor of a site with a session, or a company's program with a key."""

import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from bot.core import api_keys
from bot.ports import Clock, Vault
from bot.web.letter import NEW_CHAT
from bot.web.problems import ProblemDetails, forbidden, not_found, paused, unauthorized
from db.api_keys import ApiKey, NoteKeyUsed, Scope, api_key
from db.engine import Database
from db.journal import Journal
from db.records import Address, TenantState
from db.seconds import DAY_SECONDS, HOUR_SECONDS
from db.sessions import OpenSession, Session, session_of_chat, site_of_bot, visitor_by_token
from db.sites import WEB, Site, site_by_key, sites_of
from db.tenants import tenant_by_id
from tenants.origins import allows

SESSION: Final = "sps_"
SESSION_PURPOSE: Final = "web session"
SESSION_SECONDS: Final = 90 * DAY_SECONDS  # since it was last written in, more or less
SILENT_SECONDS: Final = HOUR_SECONDS  # of one in which nothing was written yet
TOKEN_BYTES: Final = 32
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class SiteVisitor:
    """Who may speak in one chat of a site."""

    session: Session
    site: Site

    @property
    def address(self) -> Address:
        """Of that chat."""
        return Address(WEB, self.session.bot_id, self.session.chat)


@dataclass(frozen=True, slots=True)
class Program:
    """Who may speak as any client of a company's own."""

    key: ApiKey

    def need(self, scope: Scope) -> None:
        """Raises ProblemDetails where its key is not good for that."""
        if scope not in self.key.scopes:
            raise forbidden("scope-missing", f"The key lacks the scope {scope}.")


@dataclass(frozen=True, slots=True)
class Gate:
    """Tells who asks. Raises a ProblemDetails for everybody else.

    `own_origin`: where this very program is seen, empty where only the request says it. `proxies`:
    who may say for whom they ask.
    """

    database: Database
    journal: Journal
    vault: Vault
    clock: Clock
    own_origin: str = ""
    proxies: Sequence[Network] = ()

    async def site(self, request: HTTPConnection, public_key: str) -> Site:
        """The site of a key, asked for by one of its pages."""
        site = await self.database.read(site_by_key, public_key)
        if site is None:
            raise not_found()
        if not self.is_from(request, site):
            raise forbidden("origin-not-listed", "This page is none of the site's.")
        if not site.is_on:
            raise _is_off()
        request.state.site = site
        return site

    def new_session(
        self, site: Site, language: str | None, *, seconds: float = SILENT_SECONDS
    ) -> tuple[OpenSession, str]:
        """A visitor's, in a new chat; and its token, which is told once, and kept nowhere.

        It does not last until something is written in it.
        """
        chat = NEW_CHAT + secrets.token_urlsafe(16)
        token = SESSION + secrets.token_urlsafe(TOKEN_BYTES)
        now = self.clock.now()
        digest = self.vault.digests(token, purpose=SESSION_PURPOSE)[0]
        return OpenSession(site.bot_id, chat, digest, language, now + seconds, now), token

    async def asking(self, request: HTTPConnection) -> SiteVisitor | Program:
        """By the token that came along."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthorized()
        if token.startswith(SESSION):
            return await self._visitor(request, token)
        return await self.program(token)

    async def in_chat(self, request: HTTPConnection, chat: str, scope: Scope) -> Address:
        """The chat that is asked for: a visitor's own, or any of a program's."""
        who = await self.asking(request)
        return self.place_of(who, chat, scope)

    async def refuse_pause(self, who: SiteVisitor | Program) -> None:
        """A program comes again once its company answers; a visitor is told so in the chat."""
        if isinstance(who, Program):
            company = await self.database.read(tenant_by_id, who.key.tenant)
            if company is None or company.state is not TenantState.ACTIVE:
                raise paused()

    @staticmethod
    def place_of(who: SiteVisitor | Program, chat: str, scope: Scope) -> Address:
        """The same of somebody who is known.

        In a chat that its person had forgotten the receipt is read, and nothing is said any more: a
        token that is over leads each of their devices to the one that they begin next.
        """
        if isinstance(who, Program):
            who.need(scope)
            return Address(WEB, who.key.bot_id, chat)
        if who.session.chat != chat:
            raise not_found()
        if who.session.forgotten and scope is Scope.CHAT:
            raise unauthorized()
        return who.address

    async def listed_origin(self, request: HTTPConnection) -> str | None:
        """The origin that asks, if it is listed by the site of who asks, or that its path names.

        Of a company's key in the path: by any of its sites.
        """
        origin, names = request.headers.get("origin"), request.path_params
        if not origin:
            return None
        if told := names.get("program"):
            program = await self._key(told)
            sites = await self.database.read(sites_of, program.tenant) if program else ()
            return origin if any(allows(one.origins, origin) for one in sites) else None
        site: Site | None = getattr(request.state, "site", None)  # of who was let in
        if site is None and (key := names.get("key")):
            site = await self.database.read(site_by_key, key)
        elif site is None and (chat := names.get("chat")):
            session = await self.database.read(session_of_chat, chat, now=self.clock.now())
            site = await self.database.read(site_of_bot, session.bot_id) if session else None
        return origin if site and allows(site.origins, origin) else None

    def is_from(self, request: HTTPConnection, site: Site) -> bool:
        """Whether a page of the site's asks, or one of ours; who hides it is neither."""
        origin = request.headers.get("origin")
        if origin is None:
            return request.headers.get("sec-fetch-site") == "same-origin"
        return allows(site.origins, origin) or self._is_own(request, origin)

    def peer(self, request: HTTPConnection) -> str:
        """From where somebody asks, as far as it is one place: of IPv6, the network."""
        told = [request.client.host if request.client else ""]
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))  # in order, and all of it
        told += reversed([*filter(None, forwarded.split(","))])
        last = ""
        for one in told:  # each is told by the one before, if that may be believed
            try:
                last = one.strip()
                address = ipaddress.ip_address(last)
            except ValueError:
                break
            if not any(address in network for network in self.proxies):
                break
        return _place(last)

    async def _visitor(self, request: HTTPConnection, token: str) -> SiteVisitor:
        digests = self.vault.digests(token, purpose=SESSION_PURPOSE)
        found = await self.database.read(visitor_by_token, digests, now=self.clock.now())
        if found is None:
            raise unauthorized()
        session, site = found
        if "origin" in request.headers and not self.is_from(request, site):
            raise forbidden("origin-not-listed", "This page is none of the site's.")
        if not site.is_on:  # the token is good again when it is: nobody shall throw it away
            raise _is_off()
        if site.known_only and not session.known:
            raise unauthorized()
        request.state.site = site
        return SiteVisitor(session, site)

    async def program(self, token: str) -> Program:
        """By a key."""
        key = await self._key(token)
        if key is None:
            raise unauthorized()
        if not key.is_noted(now := self.clock.now()):
            await self.journal.do(NoteKeyUsed(key.id, now))
        return Program(key)

    async def _key(self, token: str) -> ApiKey | None:
        """The one that this is, while it is good."""
        row, secret = api_keys.read(token) or (0, "")
        key = await self.database.read(api_key, row) if row else None
        if key is None or key.revoked_at is not None:
            return None
        known = self.vault.digests(secret, purpose=api_keys.PURPOSE)
        return key if any(hmac.compare_digest(one, key.digest) for one in known) else None

    def _is_own(self, request: HTTPConnection, origin: str) -> bool:
        if self.own_origin:
            return origin == self.own_origin
        return urlsplit(origin).netloc == request.headers.get("host", "")


def _is_off() -> ProblemDetails:
    return forbidden("site-off", "The site is switched off.")


def _place(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "nowhere"
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read)


def refuse_programs(who: SiteVisitor | Program) -> SiteVisitor:
    """What only a visitor may do."""
    if isinstance(who, Program):
        raise forbidden("sessions-only", "This is for a visitor's session.")
    return who


def refuse_visitors(who: SiteVisitor | Program) -> Program:
    """What only a program may do."""
    if isinstance(who, SiteVisitor):
        raise forbidden("keys-only", "This is for a company's API key.")
    return who


def counted_as(who: SiteVisitor | Program, place: str) -> object:
    """By what somebody is counted who has something open.

    A visitor by where they ask from, since a session costs nothing; a program by its key.
    """
    return ("key", who.key.id) if isinstance(who, Program) else ("place", place)
