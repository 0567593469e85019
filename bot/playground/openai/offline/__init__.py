"""The offline model: answers with the sentences of the instructions nearest to the question."""

from bot.playground.openai.offline.assistant import OfflineModel
from bot.playground.openai.offline.language import detect_language
from bot.playground.openai.offline.senses import DEAF

__all__ = ["DEAF", "OfflineModel", "detect_language"]
