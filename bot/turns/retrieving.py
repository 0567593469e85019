"""An answer that goes on without us: fetched by its id."""

from dataclasses import dataclass

from bot.errors import GiveUp, cause_of
from bot.ports import Answer, AnswerState, Clock, Telemetry
from bot.turns.patience import PatientModel


@dataclass(frozen=True, slots=True)
class Retrieving:
    """Waits at most so many seconds for an answer that runs."""

    model: PatientModel
    clock: Clock
    telemetry: Telemetry
    seconds: float

    async def answer(self, response_id: str) -> Answer | None:
        """The answer by its id, running if it is not over; None when it failed or is unknown."""
        until = self.clock.boottime() + self.seconds
        answer = await self._look_up(response_id)
        while answer and answer.state is AnswerState.RUNNING and self.clock.boottime() < until:
            await self.model.patience.sleep(1.0)
            answer = await self._look_up(response_id)
        return answer

    async def _look_up(self, response_id: str) -> Answer | None:
        try:
            answer = await self.model.retrieve(response_id)
        except GiveUp as error:
            self.telemetry.record("answer unknown", cause=cause_of(error))
            return None
        return None if answer.state is AnswerState.FAILED else answer
