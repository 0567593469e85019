"""What /configure does: changes go to the draft, questions are opened and closed, TOML is sent."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from bot.core.texts import say
from bot.core.texts.configure import Configure as Say
from bot.core.tokens import hidden_in
from bot.ports import Catalogue
from bot.telegram.admin import configure_card as cards
from bot.telegram.admin.configure_card import NAME
from bot.telegram.admin.documents import send_text
from bot.telegram.admin.release import stale
from bot.telegram.admin.state import State
from bot.telegram.admin.visit import Card, Step, Visit, asking, headed, showing
from bot.telegram.wire import utf16_length
from bot.turns.offers import judge_models
from db.chats import ChatWork
from db.drafts import Change, Discard
from db.records import Draft, OutboxKind
from tenants import toml
from tenants.difference import differences, trail_of
from tenants.form import Changes, Refused
from tenants.profile import Profile

SEVERAL: Final = "*"  # the step of a form that asks for no single field
LONGEST_MESSAGE_UNITS: Final = 4_000  # a longer export is a file
NOTHING_SAID: Final = '# company_name = "..."'


async def settle(
    visit: Visit,
    state: State,
    read: Changes | Refused,
    catalogue: Catalogue,
    *,
    pressed: bool = False,
) -> Step:
    """Write the changes into the draft and close what was asked, or leave it open."""
    unsure: tuple[str, ...] = ()
    if isinstance(read, Changes):
        read = await asyncio.to_thread(_without_tokens, state, read)
        read, unsure = await with_known_models(catalogue, state.profile, read)
    if isinstance(read, Refused):
        card = cards.refused(visit, read.problems, asked=True)
        return Step(card=card) if pressed else showing(card)
    trail = await asyncio.to_thread(trail_of, differences(state.profile, read.profile))
    changes = Change(visit.here.id, read.values, visit.actor, visit.now, trail)
    card = cards.changed(visit, state.profile, read.profile, read.values)
    card = cards.doubted(visit, card, unsure)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(None)
        chat.do(changes)
        return () if pressed else card.drafts()

    return Step(work, card=card if pressed else None)


async def with_known_models(
    catalogue: Catalogue, before: Profile, read: Changes
) -> tuple[Changes | Refused, tuple[str, ...]]:
    """Refused for models that do not exist; and those of which the server says nothing."""
    judged = await judge_models(catalogue, before, read.profile)
    problems = tuple((0, problem) for problem in judged.problems)
    return Refused(problems) if problems else read, judged.unsure


def _without_tokens(state: State, read: Changes) -> Changes:
    """TOML may write them in ways that are not seen before it is read."""
    values = hidden_in(read.values)
    return read if values == read.values else Changes(values, state.profile.changed(values))


def discard(visit: Visit, state: State, revision: int) -> Step:
    """Throw the draft away, if it still is the one that was looked at."""
    gone = Discard(visit.here.id, revision, visit.actor, visit.now)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.ask(None)
        return () if chat.do(gone) else stale(visit, NAME)(chat)

    return Step(work, card=_told(visit, Say.DISCARDED))


def nothing_drafted(visit: Visit) -> Step:
    """There is nothing to throw away."""
    return Step(card=_told(visit, Say.NOTHING_DRAFTED))


def _told(visit: Visit, text: Say) -> Card:
    return Card(headed(visit, say(text, visit.language)), [[cards.back(visit)]])


def ask(visit: Visit, step: str, card: Card, *, pressed: bool = False) -> Step:
    """Show a question and wait for its answer."""
    return asking(Step(card=card) if pressed else showing(card), NAME, visit, step)


def export(visit: Visit, state: State) -> Step:
    """A short profile as a message, a long one as a file: that one is sent after the commit.

    It may be lost if the process dies in between, and the message before it says what to do then.
    """
    text = toml.write(state.profile).strip() or NOTHING_SAID
    if utf16_length(text) > LONGEST_MESSAGE_UNITS:
        return _export_file(visit, text)
    told = Card(headed(visit, say(Say.EXPORTED, visit.language))).drafts()
    block = [{"type": "pre", "offset": 0, "length": utf16_length(text), "language": "toml"}]
    code = Draft(OutboxKind.COMMAND, len(told), text, entities=json.dumps(block))
    return Step(lambda _: (*told, code))


def _export_file(visit: Visit, text: str) -> Step:
    told, chat = telling(visit, Say.EXPORTED_FILE), visit.update.effective_chat
    if chat is None:
        return told
    return replace(told, then=partial(send_text, chat, f"{visit.here.name}.toml", text))


def telling(visit: Visit, text: Say) -> Step:
    """Only say one of the texts."""
    return showing_text(visit, say(text, visit.language))


def showing_text(visit: Visit, text: str) -> Step:
    """Only say this, under the tenant's name."""
    return showing(Card(headed(visit, text)))
