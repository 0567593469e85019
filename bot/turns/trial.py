"""The company's own test questions, asked on two versions of its profile; no client sees it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from bot.core.reply.links import KnownLinks, leave_out
from bot.core.texts import Text, say
from bot.errors import SportelloError, cause_of
from bot.ports import Answer, Clock, Line, Model, Question, Speaker, Telemetry
from bot.turns.budget import Allowance, days
from bot.turns.patience import SECONDS, Patience, PatientModel
from bot.turns.told import Moment, make_told
from db.chores import QueueErasure
from db.journal import Journal
from db.versions import CountTokens
from tenants.profile import Profile
from tenants.prompt import render

AT_ONCE = 4  # questions under way: clients' turns share the account's rate limit
ERASED_AFTER_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Compared:
    """A question and what each version says; None when it gave no answer."""

    question: str
    old: tuple[str, ...] | None
    new: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Asks questions in conversations of their own, which are erased soon."""

    model: Model
    journal: Journal
    clock: Clock
    telemetry: Telemetry
    default_model: str
    effort: str
    allowance: Allowance
    patience_seconds: float = SECONDS  # for each answer

    async def compare(
        self,
        old: Profile,
        new: Profile,
        *,
        key: str,
        progress: Callable[[int], Awaitable[object]],
    ) -> Sequence[Compared]:
        """The new version's test questions on both; `progress` hears how many are answered."""
        gate, done = asyncio.Semaphore(AT_ONCE), 0

        async def one(question: str) -> Compared:
            nonlocal done
            async with gate:
                answers = [
                    await self.answer(profile, question, f"{key}-{name}")
                    for name, profile in (("old", old), ("new", new))
                ]
            done += 1
            await progress(done)
            return Compared(question, *answers)

        return await asyncio.gather(*(one(question) for question in new.test_questions))

    async def answer(self, profile: Profile, question: str, key: str) -> tuple[str, ...] | None:
        """What a profile says to a stranger who asks this; None when it gave no answer."""
        try:
            if await self.allowance.is_spent():
                return None
            return await self._ask(profile, question, key)
        except SportelloError as error:
            self.telemetry.warn("trial unanswered", cause=cause_of(error))
            return None

    async def _ask(self, profile: Profile, question: str, key: str) -> tuple[str, ...] | None:
        model = PatientModel(self.model, Patience(self.clock, self.patience_seconds))
        conversation = await model.create_conversation()
        now = self.clock.now()
        used_for = self.patience_seconds + ERASED_AFTER_SECONDS
        await self.journal.do(QueueErasure(conversation, now + used_for))
        stranger = Moment(at=now, language=profile.language, first_turn=True)
        asked = Question(
            conversation_id=conversation,
            model=profile.model or self.default_model,
            effort=self.effort,
            instructions=render(profile),
            opens=True,
            told=make_told(profile, stranger),
            lines=(Line(Speaker.CLIENT, question),),
            cache_key=key,
            safety_identifier=f"{key}-trial",
        )
        async with aclosing(model.ask(asked)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    used = event.usage.input_tokens + event.usage.output_tokens
                    await self.journal.do(CountTokens(days(now), used))
                    return _sift(event.bubbles, asked, profile) or None
        return None


def _sift(bubbles: Sequence[str], asked: Question, profile: Profile) -> tuple[str, ...]:
    """As a client would be sent them."""
    told = (asked.instructions, *(line.text for line in (*asked.told, *asked.lines)))
    known, instead = KnownLinks(told), partial(say, Text.LINK_LEFT_OUT, profile.language)
    return tuple(leave_out(bubble, known, instead=instead)[0] for bubble in bubbles)
