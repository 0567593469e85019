"""The offline model: answers with the sentences of the instructions nearest to the question."""

from bot.playground.openai.offline.assistant import OfflineModel

__all__ = ["OfflineModel"]
