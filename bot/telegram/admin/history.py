"""/history: the versions of a tenant's profile, what each changed, and going back to one."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.command import Command, on_press
from bot.telegram.admin.diffs import names_in, shown
from bot.telegram.admin.moments import moment
from bot.telegram.admin.release import News, announce, stale
from bot.telegram.admin.state import author_of
from bot.telegram.admin.visit import Card, Step, Visit, answer, button, card_key, headed, showing
from db.chats import ChatWork
from db.drafts import RollBack, Version, versions_of
from db.engine import Database
from db.records import Draft
from db.tenants import profile_body
from tenants.difference import differences, noticed, trail_of
from tenants.permissions import Action
from tenants.profile import Profile

NAME: Final = "history"
PAGE: Final = 8
ALL: Final = 1_000_000
LABEL_CHARACTERS: Final = 60
ON_A_SCREEN: Final = 1_200  # characters, of a phone; /audit has the rest
SENTENCES: Final = 3  # of each text


@dataclass(frozen=True, slots=True)
class HistoryCommand(Command):
    """Who published what and when; any version can be made the next one."""

    name = NAME
    action = Action.VIEW

    database: Database

    async def open(self, visit: Visit, words: str) -> Step:
        """The newest versions; with a number after it, that version."""
        if _is_number(words):
            return showing(await self._version(visit, int(words)))
        return showing(await self._list(visit, ALL))

    @on_press(Action.VIEW, "", "v", "list")
    @on_press(Action.PUBLISH, "back", "yes")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons below; what none of them is shows the list."""
        match words.split():
            case ["v", number] if _is_number(number):
                return Step(card=await self._version(visit, int(number)))
            case ["list", before] if _is_number(before):
                return Step(card=await self._list(visit, int(before)))
            case ["back", number] if _is_number(number):
                return Step(card=await self._ask(visit, int(number)))
            case ["yes", number, current] if _is_number(number, current):
                return await self._roll_back(visit, int(number), int(current))
        return Step(card=await self._list(visit, ALL))

    # ---------------------------------------------------------------- what is shown

    async def _list(self, visit: Visit, before: int) -> Card:
        """Versions older than one, the newest first."""
        known = await self._versions(visit)
        older = [version for version in known if version.number < before]
        rows = [[self._choice(visit, version)] for version in older[:PAGE]]
        if len(older) > PAGE:
            last = older[PAGE - 1].number
            rows.append([_button(visit, say(Say.OLDER, visit.language), f"list {last}")])
        return Card(headed(visit, say(Say.HISTORY, visit.language)), rows)

    @staticmethod
    def _choice(visit: Visit, version: Version) -> InlineKeyboardButton:
        now = version.number == visit.here.version
        line = say(
            Say.VERSION_NOW if now else Say.VERSION_LINE,
            visit.language,
            at=moment(version.created_at, visit.language, zone=visit.zone),
            author=author_of(version),
        )
        return _button(visit, line[:LABEL_CHARACTERS], f"v {version.number}")

    async def _version(self, visit: Visit, number: int) -> Card:
        """Who made it, why, and what it changed."""
        known = {version.number: version for version in await self._versions(visit)}
        version, language = known.get(number), visit.language
        if version is None:
            return _only(visit, Say.NO_VERSION)
        lines = [
            say(
                Say.VERSION,
                language,
                at=moment(version.created_at, language, zone=visit.zone),
                author=author_of(version),
            )
        ]
        if version.note:
            lines.append(say(Say.VERSION_NOTE, language, note=version.note))
        lines += ["", await self._changed(visit, version, known.get(number - 1))]
        return Card(headed(visit, "\n".join(lines)), self._below(visit, version))

    async def _changed(self, visit: Visit, version: Version, before: Version | None) -> str:
        if not version.kept:
            return say(Say.TOO_OLD, visit.language)
        if before is None:
            return say(Say.VERSION_FIRST, visit.language)
        if not before.kept:
            return say(Say.AFTER_TOO_OLD, visit.language)
        new = await self._profile(visit, version.number)
        old = await self._profile(visit, before.number)
        if new is None or old is None:
            return say(Say.UNREADABLE, visit.language)
        return await _changes(old, new, visit.language)

    def _below(self, visit: Visit, version: Version) -> Sequence[Sequence[InlineKeyboardButton]]:
        rows = [[_button(visit, say(Say.ALL_VERSIONS, visit.language), f"list {ALL}")]]
        number, is_now = version.number, version.number == visit.here.version
        if version.kept and not is_now and self.offers(visit, "back"):
            back = _button(visit, say(Say.ROLL_BACK, visit.language), f"back {number}")
            rows.insert(0, [back])
        return rows

    # ---------------------------------------------------------------- going back

    async def _ask(self, visit: Visit, number: int) -> Card:
        old, new = visit.profile, await self._profile(visit, number)
        if new is None:
            return await self._refuse(visit, number)
        language, current = visit.language, visit.here.version
        asked = say(Say.ASK_ROLL_BACK, language, at=await self._when(visit, number))
        changes = await _changes(old, new, language)
        rows = [
            [_button(visit, say(Say.YES_ROLL_BACK, language), f"yes {number} {current}")],
            [_button(visit, say(Say.NO_ROLL_BACK, language), f"v {number}")],
        ]
        return Card(headed(visit, f"{asked}\n\n{changes}"), rows)

    async def _roll_back(self, visit: Visit, number: int, current: int) -> Step:
        old, new = visit.profile, await self._profile(visit, number)
        if new is None:
            return Step(card=await self._refuse(visit, number))
        late, language = stale(visit, NAME), visit.language
        at = await self._when(visit, number)
        back = RollBack(
            tenant=visit.here.id,
            version=number,
            current=current,
            trail=await asyncio.to_thread(lambda: trail_of(differences(old, new))),
            actor=visit.actor,
            now=visit.now,
            note=say(Say.ROLL_BACK_NOTE, language, at=at),
        )
        card = card_key(visit)

        def work(chat: ChatWork) -> Sequence[Draft]:
            made = chat.do(back)
            if made is None:
                return late(chat)
            announce(chat, visit, News(visit, Say.TOLD_ROLLED_BACK, {"at": at}))
            said = headed(visit, say(Say.ROLLED_BACK, language, at=at))
            return answer(said, rows=[[card]]).work(chat)

        return Step(work, spent=True)

    async def _refuse(self, visit: Visit, number: int) -> Card:
        gone = any(one.number == number and not one.kept for one in await self._versions(visit))
        return _only(visit, Say.TOO_OLD if gone else Say.UNREADABLE)

    # ---------------------------------------------------------------- what is stored

    async def _versions(self, visit: Visit) -> Sequence[Version]:
        return await self.database.read(versions_of, visit.here.id, limit=ALL)

    async def _when(self, visit: Visit, number: int) -> str:
        """When a version was published, as it is called."""
        known = await self._versions(visit)
        at = next((one.created_at for one in known if one.number == number), visit.now)
        return moment(at, visit.language, zone=visit.zone)

    async def _profile(self, visit: Visit, number: int) -> Profile | None:
        """A version; None when there is none, or none that can be read."""
        tenant = visit.here.id
        body = await self.database.read(profile_body, tenant=tenant, version=number)
        try:
            return Profile.model_validate_json(body) if body is not None else None
        except ValidationError:
            return None


async def _changes(old: Profile, new: Profile, language: str) -> str:
    """What differs, found beside the event loop."""
    found = await asyncio.to_thread(
        lambda: shown(
            noticed(old, new),
            language,
            room=ON_A_SCREEN,
            most=SENTENCES,
            called=names_in(new, old),
        )
    )
    return found or say(Say.VERSION_SAME, language)


def _is_number(*words: str) -> bool:
    """Whether each can be the number of a version."""
    return all(re.fullmatch(r"[0-9]{1,9}", word) for word in words)


def _only(visit: Visit, text: Say) -> Card:
    rows = [[_button(visit, say(Say.ALL_VERSIONS, visit.language), f"list {ALL}")]]
    return Card(headed(visit, say(text, visit.language)), rows)


def _button(visit: Visit, label: str, words: str) -> InlineKeyboardButton:
    return button(label, NAME, visit.tenant, words)
