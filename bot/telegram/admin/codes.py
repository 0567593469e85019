"""An admin's side of access codes: generated or chosen, given rules, replaced, revoked.

A generated code is said once: it stands encrypted in the outbox until it is sent, and nowhere
afterwards. What an admin chooses never gets into an update.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.secrets import SHORTEST_CODE, SecretKind
from bot.core.spellings import HALF, canonical, is_range, looks_printed
from bot.core.texts import say
from bot.core.texts.profile import Assistants as Say
from bot.telegram.admin import assistants_cards as cards
from bot.telegram.admin.moments import shown_day
from bot.telegram.admin.visit import Step, Visit, headed
from bot.telegram.events import texts
from bot.telegram.secrets import Secrets
from db.chats import ChatWork
from db.codes import ChangeCode, Code, IssueCode, RevokeCodes, codes_of
from db.engine import Database
from db.records import Draft
from db.seconds import DAY_SECONDS
from tenants.names import assistants_name
from tenants.profile import Profile

Rules = dict[str, bool | float | None]

# Without I, L and O: however a code is read aloud or typed, it is the same (`canonical`).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_VERBS: Final = ("code", "turn", "revoke", "once", "each", "ends")  # of the buttons of a code


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """What is typed and pressed about codes."""

    database: Database
    secrets: Secrets

    async def press(self, visit: Visit, profile: Profile, verb: str, rest: str) -> Step | None:
        """A button about one code; None when it is none, or the code is gone."""
        row, _, value = rest.partition(" ")
        codes = await self.database.read(codes_of, tenant=visit.here.id)
        about = next((code for code in codes if str(code.row) == row), None)
        if about is None:
            return None
        called = profile.called(about.assistant)
        match verb:
            case "code":
                return Step(card=cards.code(visit, _number(codes, about), about, called))
            case "turn":
                return self.generate(visit, about.assistant, called, instead_of=about)
            case "revoke":
                return self._revoke(visit, about)
        return self._change(visit, codes, about, called, _rules(visit, verb, value))

    def generate(
        self, visit: Visit, assistant: str, called: str, *, instead_of: Code | None = None
    ) -> Step:
        """A new code, with the rules of the one that it replaces."""
        if not self.secrets.redaction.vault.sealed:
            return Step(card=cards.note(visit, Say.NO_KEY, back=f"show {assistant}"))
        code = new_code()
        issue = IssueCode(
            tenant=visit.here.id,
            assistant=assistant,
            digests=self.secrets.redaction.digests(code),
            generated=True,
            actor=visit.actor,
            now=visit.now,
            single_use=bool(instead_of and instead_of.single_use),
            per_person=bool(instead_of and instead_of.per_person),
            expires_at=_still(instead_of, visit.now),
        )
        told = say(Say.NEW_CODE, visit.language, name=called, code=code)
        on = cards.after_code(visit, assistant).to_json()
        shown = [replace(one, markup=on) for one in texts(headed(visit, told))]
        answer = self.secrets.redaction.seal(shown)

        def work(chat: ChatWork) -> Sequence[Draft]:
            if instead_of:
                chat.do(_revoking(visit, instead_of))
            chat.do(issue)
            return answer

        return Step(work, spent=instead_of is not None)

    async def choose(self, visit: Visit, profile: Profile) -> Step:
        """`code NAME CODE` was typed: what follows the first word never gets into the update."""
        if not self.secrets.redaction.vault.sealed:
            return _said(visit, Say.NO_KEY)
        argument = await self.secrets.first(visit.update, SecretKind.ARGUMENT)
        name, code = _named(argument, profile)
        if not name or not code:
            example = name or next(iter(profile.assistants), "")
            return _said(visit, Say.HOW_TO_CHOOSE, name=profile.called(example) or "VIP")
        if len(canonical(code)) < SHORTEST_CODE or len(code.split()) > 1 or looks_printed(code):
            return _said(visit, Say.CODE_BAD)
        return self._add(visit, name, profile.called(name), self.secrets.redaction.digests(code))

    def _add(self, visit: Visit, name: str, called: str, digests: tuple[str, ...]) -> Step:
        issue = IssueCode(
            tenant=visit.here.id,
            assistant=name,
            digests=digests,
            generated=False,
            actor=visit.actor,
            now=visit.now,
        )
        added = cards.note(visit, Say.CODE_ADDED, back=f"show {name}", name=called).drafts()
        taken = cards.note(visit, Say.CODE_IN_USE, back=f"show {name}").drafts()

        def work(chat: ChatWork) -> Sequence[Draft]:
            return added if chat.do(issue) else taken

        return Step(work)

    def _revoke(self, visit: Visit, about: Code) -> Step:
        back = f"show {about.assistant}"
        card = cards.note(visit, Say.CODE_REVOKED, back=back)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(_revoking(visit, about))
            return ()

        return Step(work, card=card)

    def _change(
        self, visit: Visit, codes: Sequence[Code], about: Code, called: str, rules: Rules
    ) -> Step | None:
        if not rules:
            return None
        change = ChangeCode(
            tenant=visit.here.id, code=about.row, actor=visit.actor, now=visit.now, rules=rules
        )
        changed = replace(about, **rules)  # type: ignore[arg-type]  # columns are the fields' names
        gone = cards.note(visit, Say.GONE, back=f"show {about.assistant}").drafts()

        def work(chat: ChatWork) -> Sequence[Draft]:
            done = chat.do(change)
            return () if done else gone

        return Step(work, card=cards.code(visit, _number(codes, about), changed, called))


def _named(argument: str, profile: Profile) -> tuple[str, str]:
    """An assistant, by its name or by what people call it, and the code behind it."""
    words = argument.split()
    for end in range(len(words), 0, -1):
        name = assistants_name(" ".join(words[:end]))
        if name in profile.assistants:
            return name, " ".join(words[end:])
    return "", ""


def _said(visit: Visit, text: Say, **values: str) -> Step:
    drafts = cards.note(visit, text, **values).drafts()
    return Step(lambda _: drafts)


def _number(codes: Sequence[Code], about: Code) -> int:
    """What a code is called: its place among those of its assistant."""
    return [one.row for one in codes if one.assistant == about.assistant].index(about.row) + 1


def _rules(visit: Visit, verb: str, value: str) -> Rules:
    match verb, value:
        case "once", ("0" | "1"):
            return {"single_use": value == "1"}
        case "each", ("0" | "1"):
            return {"per_person": value == "1"}
        case "ends", "0":
            return {"expires_at": None}
        case "ends", ("7" | "30"):
            return {"expires_at": visit.now + float(value) * DAY_SECONDS}
    return {}


_RULES: Final = {
    "single_use: True": Say.SINGLE_USE,
    "single_use: False": Say.OFTEN_BUTTON,
    "per_person: True": Say.PER_PERSON,
    "per_person: False": Say.ANYBODY_BUTTON,
    "expires_at: None": Say.ALWAYS_BUTTON,
}


def rule(visit: Visit, told: str) -> str:
    """A rule as the trail of changes has it (see `ChangeCode`), in words."""
    if told in _RULES:
        return say(_RULES[told], visit.language)
    ends = re.fullmatch(r"expires_at: ([0-9.]+)", told)
    if ends is None:
        return told
    day = shown_day(float(ends[1]), visit.language, zone=visit.zone)
    return say(Say.UNTIL, visit.language, day=day)


def _still(code: Code | None, now: float) -> float | None:
    """When the code that replaces this one ends: as it did, but not at once."""
    ends = code.expires_at if code else None
    return ends if ends is None or ends > now else None


def _revoking(visit: Visit, code: Code) -> RevokeCodes:
    return RevokeCodes(tenant=visit.here.id, code=code.row, actor=visit.actor, now=visit.now)


def new_code() -> str:
    """A code such as AB12-CD34, with at least one letter and one digit: 40.2 random bits.

    It looks like no range, such as 10am-12pm: those are no guesses.
    """
    while True:
        first, second = ("".join(secrets.choice(ALPHABET) for _ in range(HALF)) for _ in range(2))
        code = f"{first}-{second}"
        is_mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
        if is_mixed and not is_range(code):
            return code
