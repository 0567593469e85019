"""Clients who talk to the offline model, with the instructions of a profile."""

from dataclasses import dataclass, field

from bot.playground.openai import OfflineModel, Prompt
from bot.playground.openai.draft import write_reply
from bot.playground.openai.items import Said
from bot.turns.told import Moment, make_told
from tenants.profile import Profile
from tenants.prompt import render


@dataclass
class Talk:
    """One chat, from its first message on."""

    profile: Profile
    language: str | None = None  # of the client's Telegram
    at: float = 0.0  # seconds since the epoch
    nobody: bool = False  # of the company can be told
    history: list[Said] = field(default_factory=list)

    def say(self, *texts: str) -> tuple[str, ...]:
        """Write to the assistant, several messages in a row; its bubbles."""
        # A whole answer is stored as JSON; bubbles of one that was cut off are plain.
        first = not any(line.text.startswith("{") for line in self.history)
        moment = Moment(
            at=self.at,
            name="Anna",
            language=self.language,
            first_turn=first,
            nobody=self.nobody,
        )
        told = make_told(self.profile, moment)
        self.history += [Said(line.role, line.text) for line in told]
        self.history += [Said("user", text) for text in texts]
        bubbles = self._answer()
        self.history.append(Said("assistant", write_reply(bubbles)))
        return bubbles

    def go_on(self) -> tuple[str, ...]:
        """Have an answer continued that was cut off; its further bubbles."""
        self.history.append(Said("developer", "Go on with your answer."))
        return self._answer()

    def _answer(self) -> tuple[str, ...]:
        return OfflineModel().answer(Prompt(render(self.profile), tuple(self.history)))
