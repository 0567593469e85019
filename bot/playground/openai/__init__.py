"""An OpenAI endpoint on the loopback: Responses, Conversations, faults and an offline model."""

from bot.playground.openai.archive import Archive
from bot.playground.openai.draft import Answers, Call, Draft, Prompt, Rhythm
from bot.playground.openai.emulator import Emulator
from bot.playground.openai.faults import Fault, FaultKind, Then
from bot.playground.openai.script import Repeating, Reply

__all__ = [
    "Answers",
    "Archive",
    "Call",
    "Draft",
    "Emulator",
    "Fault",
    "FaultKind",
    "Prompt",
    "Repeating",
    "Reply",
    "Rhythm",
    "Then",
]
