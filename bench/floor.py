"""The least that a bot can be: `python -m bench.floor streams|waits`.

python-telegram-bot and openai as they come, updates handled concurrently, a conversation per
chat in a dictionary, the whole reply as one message at its end. No database: whatever is under
way when it dies is lost. The model is told the same as by Sportello.
"""

import json
import os
import sys
from typing import Any, Final

from openai import AsyncOpenAI
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.llm.requests import REPLY_FORMAT
from tenants.presets import load
from tenants.prompt import render

REQUEST: Final[dict[str, Any]] = {
    "model": "gpt-6-luna",
    "instructions": render(load("hotel-aurora")),
    "text": {"format": REPLY_FORMAT},
    "reasoning": {"effort": "none"},
}


class Floor:
    """One handler and what it remembers."""

    def __init__(self, api: AsyncOpenAI, *, streams: bool) -> None:
        self._api = api
        self._ask = self._stream if streams else self._wait
        self._conversations: dict[int, str] = {}

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message."""
        assert update.effective_chat
        assert update.effective_message
        chat_id, text = update.effective_chat.id, update.effective_message.text or ""
        await context.bot.send_chat_action(chat_id, ChatAction.TYPING)
        reply = json.loads(await self._ask(await self._conversation(chat_id), text))
        await context.bot.send_message(chat_id, "\n\n".join(reply["messages"]))

    async def _conversation(self, chat_id: int) -> str:
        if chat_id not in self._conversations:
            self._conversations[chat_id] = (await self._api.conversations.create()).id
        return self._conversations[chat_id]

    async def _stream(self, conversation: str, text: str) -> str:
        reply = ""
        async for event in await self._api.responses.create(
            conversation=conversation, input=text, stream=True, **REQUEST
        ):
            if event.type == "response.output_text.delta":
                reply += event.delta
        return reply

    async def _wait(self, conversation: str, text: str) -> str:
        response = await self._api.responses.create(
            conversation=conversation, input=text, stream=False, **REQUEST
        )
        reply: str = response.output_text
        return reply


def run(*, streams: bool) -> None:
    """Poll until a signal."""
    floor = Floor(AsyncOpenAI(), streams=streams)
    builder = ApplicationBuilder().token(os.environ["TELEGRAM_BOT_TOKEN"])
    builder = builder.base_url(f"{os.environ['TELEGRAM_API_URL']}/bot").concurrent_updates(True)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, floor.answer))
    application.run_polling()


if __name__ == "__main__":
    run(streams=sys.argv[1] == "streams")
