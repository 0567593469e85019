"""/requests: what clients asked the company to do, and who did it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.labels import one_line
from bot.core.texts import say
from bot.core.texts.people import Requests as Say
from bot.core.texts.people import Wanted
from bot.telegram.admin.command import Command, on_press
from bot.telegram.admin.moments import brief_moment, moment
from bot.telegram.admin.visit import NUMBER, Card, Step, Visit, button, headed, quoting
from bot.turns.attention import Attention
from bot.turns.request_words import lines_of
from bot.turns.shown import client_of
from db.bounds import LONGEST_VALUE
from db.chats import ChatWork
from db.engine import Database
from db.records import Draft
from db.requests import (
    ClientRequest,
    FinishRequest,
    list_requests,
    request_by_row,
)
from tenants.permissions import Action

NAME: Final = "requests"
PAGE: Final = 8  # they fit one phone screen
LABEL: Final = 40  # characters of a request on its key


@dataclass(frozen=True, slots=True)
class RequestsCommand(Command):
    """Those made to the tenant in hand. `attention`: shows what is done."""

    name = NAME
    action = Action.CHATS

    database: Database
    attention: Attention

    async def open(self, visit: Visit, words: str) -> Step:
        """Those still to be done, the newest first, then the others."""
        return await self._list(visit)

    @on_press(Action.CHATS, "", "list", "one", "done", "finish")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        match words.split():
            case ["list", first] if NUMBER.fullmatch(first):
                return await self._list(visit, int(first), on=visit.pressed)
            case [("one" | "done" | "finish") as verb, row] if NUMBER.fullmatch(row):
                found = await self.database.read(
                    request_by_row, visit.here.id, int(row), private=visit.reads_private
                )
                return self._about(visit, verb, found)
        return await self._list(visit, on=visit.pressed)

    async def _list(self, visit: Visit, first: int = 0, *, on: str | None = None) -> Step:
        found = await self.database.read(
            list_requests,
            visit.here.id,
            private=visit.reads_private,
            first=first,
            limit=PAGE + 1,
        )
        card = _list_card(visit, found, first)
        return quoting(visit, card, [one.talk.chat for one in found[:PAGE]], on=on)

    def _about(self, visit: Visit, verb: str, found: ClientRequest | None) -> Step:
        if found is None:
            text = say(Say.GONE, visit.language)
            return Step(toast=text, card=Card(headed(visit, text), [_all_key(visit)]))
        if verb == "one":
            return quoting(visit, _request_card(visit, found), [found.talk.chat], on=visit.pressed)
        return self._finish(visit, found, on_card=verb == "finish")

    def _finish(self, visit: Visit, found: ClientRequest, *, on_card: bool) -> Step:
        """It is done; the notices, also the one that was pressed, show it."""
        if found.done_at is not None:
            done = say(Wanted.DONE_BEFORE, visit.language, name=found.done_by)
            card = _request_card(visit, found) if on_card else None
            return Step(toast=done, card=card, read_at=visit.now)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(FinishRequest(visit.here.id, found.row, visit.actor, visit.now))
            return ()

        async def told() -> None:
            self.attention.wake()

        finished = replace(found, done_at=visit.now, done_by=visit.name)
        card = _request_card(visit, finished) if on_card else None
        toast = say(Wanted.DONE_NOW, visit.language)
        return Step(work, toast=toast, card=card, read_at=visit.now, then=told)


def _list_card(visit: Visit, found: Sequence[ClientRequest], first: int) -> Card:
    """A page of them, each with its key; one more than a page tells that there are others."""
    beside = {"‹": max(0, first - PAGE) if first else None}
    beside["›"] = first + PAGE if len(found) > PAGE else None
    turns = [
        button(label, NAME, visit.here, f"list {at}")
        for label, at in beside.items()
        if at is not None
    ]
    text = say(Say.LIST if found else Say.NONE, visit.language)
    keys = [[_key(visit, one)] for one in found[:PAGE]]
    return Card(headed(visit, text), [*keys, *([turns] if turns else ())])


def _key(visit: Visit, one: ClientRequest) -> InlineKeyboardButton:
    """Opens one."""
    what = one_line(" · ".join(value for _, value in one.fields), LABEL)
    at = brief_moment(one.taken_at, visit.language, zone=visit.zone, now=visit.now)
    mark = "" if one.done_at is None else "✅ "
    return button(f"{mark}{what} · {at}", NAME, visit.here, f"one {one.row}")


def _request_card(visit: Visit, one: ClientRequest) -> Card:
    """What was asked for, by whom and when; and who did it."""
    language, zone = visit.language, visit.zone
    at = moment(one.taken_at, language, zone=zone)
    taken = say(Say.TAKEN, language, name=client_of(one.talk, language), at=at)
    parts = [taken, lines_of(one, language, cut=LONGEST_VALUE)]
    finish = [button(say(Wanted.DONE, language), NAME, visit.here, f"finish {one.row}")]
    if one.done_at is not None:
        at = moment(one.done_at, language, zone=zone)
        parts.append(say(Say.DONE, language, name=one.done_by, at=at))
        finish = []
    read = button(say(Wanted.READ, language), "chats", visit.here, f"read {one.talk.row}")
    rows = [*([finish] if finish else ()), [read], _all_key(visit)]
    return Card(headed(visit, "\n\n".join(parts)), rows)


def _all_key(visit: Visit) -> Sequence[InlineKeyboardButton]:
    """Leads back to the list."""
    return [button(say(Say.ALL, visit.language), NAME, visit.here, "list 0")]
