"""An OpenAI endpoint on the loopback: Responses, Conversations, faults and an offline model."""

from bot.playground.openai.archive import Archive
from bot.playground.openai.draft import NATURAL, Answers, Call, Draft, Prompt, Rhythm
from bot.playground.openai.emulator import Emulator
from bot.playground.openai.faults import Fault, FaultKind, Then
from bot.playground.openai.offline import OfflineModel
from bot.playground.openai.script import Repeating, Reply

__all__ = [
    "NATURAL",
    "Answers",
    "Archive",
    "Call",
    "Draft",
    "Emulator",
    "Fault",
    "FaultKind",
    "OfflineModel",
    "Prompt",
    "Repeating",
    "Reply",
    "Rhythm",
    "Then",
]
