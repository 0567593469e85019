"""Clients who talk to the offline model, with the instructions of a profile."""

from dataclasses import dataclass, field

from bot.playground.openai import OfflineModel, Prompt
from bot.playground.openai.draft import write_reply
from bot.playground.openai.items import Said
from tenants.profile import Profile
from tenants.prompt import ClientInfo, render


@dataclass
class Talk:
    """One chat, from its first message on."""

    profile: Profile
    language: str | None = None  # of the client's Telegram
    history: list[Said] = field(default_factory=list)

    def say(self, text: str) -> tuple[str, ...]:
        """Write to the assistant; its bubbles."""
        first = not any(line.role == "assistant" for line in self.history)
        client = ClientInfo(name="Anna", language=self.language, first_turn=first)
        self.history.append(Said("user", text))
        instructions = render(self.profile, client)
        bubbles = OfflineModel().answer(Prompt(instructions, tuple(self.history)))
        self.history.append(Said("assistant", write_reply(bubbles)))
        return bubbles
