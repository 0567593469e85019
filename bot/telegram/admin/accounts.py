"""/sites, of one site: with what its company proves who a visitor is, and whether others may write.

A secret is said once: it stands encrypted in the outbox until it is sent, and in the table.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import Key, say
from bot.core.texts.web import Accounts as Say
from bot.core.texts.web import ProgramKeys, Sites
from bot.core.tokens import SIGNS
from bot.telegram.admin.moments import moment
from bot.telegram.admin.visit import Card, Step, Visit, answer, button, copy_last_line, headed
from bot.turns.events import Work
from bot.turns.redact import Redaction
from db.chats import ChatWork
from db.engine import Database
from db.identity_secrets import (
    MOST,
    AddIdentitySecret,
    IdentitySecret,
    RetireIdentitySecret,
    secrets_of_site,
)
from db.records import Draft
from db.sites import ChangeSite, Site
from db.transaction import OneByOne

SECRET_BYTES: Final = 32  # as many as what it signs with (RFC 7518, 3.2)
SITES: Final = "sites"  # the command of the buttons


@dataclass(frozen=True, slots=True)
class SiteAccounts:
    """What the buttons about one site's known visitors do."""

    database: Database
    redaction: Redaction

    async def press(self, visit: Visit, site: Site, verb: str, number: str = "") -> Step:
        """One of them; what none of them is shows the card."""
        held = await self.database.read(secrets_of_site, site.id)
        about = next((one for one in held if str(one.id) == number), None)
        match verb:
            case "hide":
                return Step(card=_said(visit, site, say(Say.HIDDEN, visit.language)))
            case "secret":
                return self._make(visit, site)
            case "retire" if about:
                return Step(card=_really_retire(visit, site, about))
            case "retired" if about:
                retire = RetireIdentitySecret(
                    secret=about.id,
                    site=site.id,
                    tenant=visit.here.id,
                    actor=visit.actor,
                    now=visit.now,
                )
                left = [one for one in held if one is not about]
                return Step(_doing(retire), card=_card(visit, site, left))
            case "only" | "all" if held or verb == "all":
                known_only = verb == "only"
                changes = {"known_only": known_only}
                change = ChangeSite(site.id, visit.here.id, changes, visit.actor, visit.now)
                now = replace(site, known_only=known_only)
                return Step(_doing(change), card=_card(visit, now, held))
        return Step(card=_card(visit, site, held))

    def _make(self, visit: Visit, site: Site) -> Step:
        if not self.redaction.vault.sealed:
            return Step(card=_said(visit, site, say(ProgramKeys.NO_KEY, visit.language)))
        secret = new_secret()
        add = AddIdentitySecret(
            site=site.id,
            tenant=visit.here.id,
            sealed=self.redaction.vault.encrypt(secret),
            actor=visit.actor,
            now=visit.now,
        )
        full = answer(headed(visit, say(Say.TOO_MANY, visit.language)))
        told = say(Say.SHOWN, visit.language, site=site.name, secret=secret)
        rows = [
            [copy_last_line(say(ProgramKeys.COPY, visit.language))],
            [_key(visit, site, Say.HIDE, "hide")],
        ]

        def work(chat: ChatWork) -> Sequence[Draft]:
            if chat.do(add) is None:
                return full.work(chat)
            return self.redaction.seal(Card(headed(visit, told), rows).drafts())

        return Step(work, leads_home=False)


def new_secret() -> str:
    """With which a company signs."""
    return SIGNS + secrets.token_hex(SECRET_BYTES)


def _card(visit: Visit, site: Site, held: Sequence[IdentitySecret]) -> Card:
    language = visit.language
    times = {one.id: moment(one.created_at, language, zone=visit.zone) for one in held}
    may_write = Say.ONLY_KNOWN if site.known_only else Say.EVERYBODY
    lines = [say(Say.ABOUT, language), "", say(may_write, language)]
    lines += [say(Say.SECRET, language, at=at) for at in times.values()]
    lines += [] if held else [say(Say.NO_SECRET, language)]
    rows = [[_key(visit, site, Say.MAKE, "secret")]] if len(held) < MOST else []
    rows += [[_key(visit, site, Say.RETIRE, "retire", row, at=at)] for row, at in times.items()]
    if site.known_only:
        rows += [[_key(visit, site, Say.TO_EVERYBODY, "all")]]
    elif held:  # without one nobody could prove anything
        rows += [[_key(visit, site, Say.TO_ONLY_KNOWN, "only")]]
    rows += [[_key(visit, site, Sites.BACK, "site")]]
    return Card(headed(visit, "\n".join((site.name, "", *lines))), rows)


def _really_retire(visit: Visit, site: Site, about: IdentitySecret) -> Card:
    at = moment(about.created_at, visit.language, zone=visit.zone)
    rows = [
        [_key(visit, site, Say.YES_RETIRE, "retired", about.id)],
        [_key(visit, site, Sites.BACK, "known")],
    ]
    return Card(headed(visit, say(Say.REALLY_RETIRE, visit.language, at=at)), rows)


def _said(visit: Visit, site: Site, text: str) -> Card:
    return Card(headed(visit, text), [[_key(visit, site, Sites.BACK, "known")]])


def _doing(change: OneByOne[bool]) -> Work:
    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(change)
        return ()

    return work


def _key(
    visit: Visit, site: Site, label: Key, verb: str, *more: object, **values: object
) -> InlineKeyboardButton:
    words = " ".join(map(str, (verb, site.id, *more)))
    return button(say(label, visit.language, **values), SITES, visit.here, words)
