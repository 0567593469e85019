"""/keys: with which programs of its own a company lets them talk to its assistant.

A key is said once: it stands encrypted in the outbox until it is sent, and nowhere afterwards.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton, Message

from bot.core.api_keys import ALPHABET, PURPOSE, SECRET, written
from bot.core.texts import Key, say
from bot.core.texts.web import ProgramKeys as Say
from bot.core.texts.web import Sites
from bot.telegram.admin import sites_cards
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.limits_card import Limited, LimitOffer, rows_of, tapped, told
from bot.telegram.admin.moments import moment, shown_day
from bot.telegram.admin.visit import (
    NUMBER,
    Card,
    Step,
    Visit,
    answer,
    asking,
    button,
    closing,
    copy_last_line,
    headed,
    showing,
)
from bot.telegram.secrets import Secrets
from db.api_keys import ApiKey, IssueKey, LimitKey, RevokeKey, Scope, keys_of
from db.chats import ChatWork
from db.engine import Database
from db.records import Draft
from tenants.permissions import Action
from tenants.size import answer_tokens

NAME_CHARACTERS: Final = 40
NAMED: Final = "name"  # what is waited for: what the key is for
ABOUT_ONE: Final = frozenset({"key", "drop", "gone", "limits", "pace", "day"})
LIMITS: Final = LimitOffer("keys", (30, 60, 120, 300), Say.CHOOSE_PACE_USUAL)
# What a program may do, as it is offered, by the word of the button.
OFFERED: Final[Mapping[str, tuple[Say, frozenset[Scope]]]] = {
    "chat": (Say.CHAT, frozenset({Scope.CHAT})),
    "read": (Say.CHAT_READ, frozenset({Scope.CHAT, Scope.READ})),
    "all": (Say.ALL, frozenset(Scope)),
}


@dataclass(frozen=True, slots=True)
class KeysCommand(Command):
    """The keys of the tenant in hand. `is_served`: the process can be reached with them."""

    name = "keys"
    action = Action.KEYS

    database: Database
    secrets: Secrets
    is_served: bool

    async def open(self, visit: Visit, words: str) -> Step:
        """All of them."""
        return showing(await self._list(visit))

    @on_press(Action.KEYS, "", "list", "add", "for", "key", "drop", "gone", "hide")
    @on_press(Action.KEYS, "limits", "pace", "day")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        match words.split():
            case ["hide"]:
                return Step(card=_said(visit, Say.HIDDEN))
            case ["add"]:
                return self._add(visit)
            case ["for", scopes] if scopes in OFFERED:
                asked = answer(headed(visit, say(Say.ASK_NAME, visit.language)))
                return asking(asked, self.name, visit, f"{NAMED} {scopes}")
            case [verb, number, *value] if verb in ABOUT_ONE:
                known = _told_apart(await self.database.read(keys_of, visit.here.id))
                about = next((key for key in known if str(key.id) == number), None)
                if about is None:
                    return Step(card=_said(visit, Say.GONE))
                return await self._about(visit, about, verb, *value[:1])
        return Step(card=await self._list(visit))

    @on_answer(Action.KEYS, NAMED)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """What it is for; the key is made and shown."""
        name = " ".join((message.text or "").split())
        if not 0 < len(name) <= NAME_CHARACTERS or not name.isprintable():
            told = say(Say.BAD_NAME, visit.language, count=NAME_CHARACTERS)
            return answer(headed(visit, told))
        _, _, scopes = step.partition(" ")
        _, wanted = OFFERED.get(scopes, OFFERED["chat"])
        return closing(self._issue(visit, name, wanted))

    # ---------------------------------------------------------------- what is shown

    async def _list(self, visit: Visit) -> Card:
        if not self.is_served:
            return sites_cards.off(visit)
        known = _told_apart(await self.database.read(keys_of, visit.here.id))
        lines = [say(Say.LIST if known else Say.NONE, visit.language)]
        lines += [f"• {_line(visit, key)}" for key in known]
        rows = [[_key(visit, f"🔑 {key.name}", f"key {key.id}")] for key in known]
        rows += [[_button(visit, Say.ADD, "add")]]
        rows += [[button(say(Say.BACK, visit.language), sites_cards.NAME, visit.here, "list")]]
        return Card(headed(visit, "\n".join(lines)), rows)

    def _add(self, visit: Visit) -> Step:
        if not self.secrets.redaction.vault.sealed:
            return Step(card=_said(visit, Say.NO_KEY))
        rows = [[_button(visit, label, f"for {word}")] for word, (label, _) in OFFERED.items()]
        rows += [[_button(visit, Say.BACK, "list")]]
        return Step(card=Card(headed(visit, say(Say.ASK_SCOPES, visit.language)), rows))

    async def _about(self, visit: Visit, about: ApiKey, verb: str, value: str = "") -> Step:
        tokens = await asyncio.to_thread(answer_tokens, visit.profile)
        choices: list[tuple[Key, str]]
        match verb:
            case "gone":
                return _revoke(visit, about)
            case "drop":
                text = say(Say.REALLY_REVOKE, visit.language, name=about.name)
                choices = [(Say.YES_REVOKE, f"gone {about.id}"), (Say.BACK, f"key {about.id}")]
            case "limits" | "pace" | "day":
                return _limit(visit, about, tokens, verb, value)
            case _:
                text = f"{_line(visit, about)}\n\n{say(_may(about), visit.language)}"
                text = "\n".join([text, *_limited(visit, about, tokens)])
                choices = [(Sites.LIMITS, f"limits {about.id}"), (Say.REVOKE, f"drop {about.id}")]
                choices += [(Say.BACK, "list")]
        rows = [[_button(visit, label, words)] for label, words in choices]
        return Step(card=Card(headed(visit, text), rows))

    # ---------------------------------------------------------------- what is done

    def _issue(self, visit: Visit, name: str, scopes: frozenset[Scope]) -> Step:
        secret = new_secret()
        issue = IssueKey(
            tenant=visit.here.id,
            name=name,
            digest=self.secrets.redaction.vault.digests(secret, purpose=PURPOSE)[0],
            scopes=scopes,
            actor=visit.actor,
            now=visit.now,
        )
        full = say(Say.TOO_MANY, visit.language, name=name)
        rows = [
            [copy_last_line(say(Say.COPY, visit.language))],
            [_button(visit, Say.HIDE, "hide")],
        ]

        def work(chat: ChatWork) -> Sequence[Draft]:
            row = chat.do(issue)
            if row is None:
                return answer(headed(visit, full)).work(chat)
            told = say(Say.SHOWN, visit.language, name=name, key=written(row, secret))
            return self.secrets.redaction.seal(Card(headed(visit, told), rows).drafts())

        return Step(work, leads_home=False)


def new_secret() -> str:
    """What nobody guesses, for a key."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET))


def _told_apart(keys: Sequence[ApiKey]) -> Sequence[ApiKey]:
    """The keys under names of which no two are the same."""
    names = Counter(key.name for key in keys)
    return [
        replace(key, name=f"{key.name} ({key.id})") if names[key.name] > 1 else key for key in keys
    ]


def _revoke(visit: Visit, about: ApiKey) -> Step:
    revoke = RevokeKey(about.id, visit.here.id, visit.actor, visit.now)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(revoke)
        return ()

    return Step(work, card=_said(visit, Say.REVOKED, name=about.name))


def _limit(visit: Visit, about: ApiKey, tokens: int, verb: str, value: str) -> Step:
    chosen = int(value) if NUMBER.fullmatch(value) else -1
    limits = tapped(LIMITS, verb, chosen, tokens)
    after = replace(about, **limits)
    lines = [*_limited(visit, after, tokens), "", say(Say.ASK_LIMITS, visit.language)]
    rows = rows_of(visit, LIMITS, _limits_of(after), tokens)
    back = _button(visit, Say.BACK, f"key {about.id}")
    card = Card(headed(visit, "\n".join([f"🔑 {about.name}", *lines])), [*rows, [back]])
    change = LimitKey(about.id, visit.here.id, limits, visit.actor, visit.now)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(change)
        return ()

    return Step(work, card=card) if limits else Step(card=card)


def _limited(visit: Visit, key: ApiKey, tokens: int) -> Iterator[str]:
    return told(visit, Say.PACE, Say.PACE_USUAL, _limits_of(key), tokens)


def _limits_of(key: ApiKey) -> Limited:
    return Limited(key.id, key.messages_per_minute, key.daily_tokens)


def _said(visit: Visit, text: Say, **values: str) -> Card:
    said = headed(visit, say(text, visit.language, **values))
    return Card(said, [[_button(visit, Say.BACK, "list")]])


def _line(visit: Visit, key: ApiKey) -> str:
    day = shown_day(key.created_at, visit.language, zone=visit.zone)
    made = say(Say.MADE, visit.language, day=day)
    if key.last_used is None:
        return f"{key.name}: {made}, {say(Say.NEVER_USED, visit.language)}"
    at = moment(key.last_used, visit.language, zone=visit.zone)
    return f"{key.name}: {made}, {say(Say.USED, visit.language, at=at)}"


def _may(key: ApiKey) -> Say:
    """What it may do, in the words in which that was offered."""
    return next((label for label, scopes in OFFERED.values() if scopes >= key.scopes), Say.ALL)


def _button(visit: Visit, label: Key, words: str) -> InlineKeyboardButton:
    return _key(visit, say(label, visit.language), words)


def _key(visit: Visit, label: str, words: str) -> InlineKeyboardButton:
    return button(label, "keys", visit.here, words)
