"""OpenAI's own client, as a program would use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tests.web.reader import Reader

MODEL: Final = "hotel"
ANNA: Final = {"X-Sportello-Conversation": "anna"}


def client_of(crm: Reader, **more: Any) -> AsyncOpenAI:
    """Pointed at the company; it tries once, unless told otherwise."""
    return AsyncOpenAI(api_key=crm.token, base_url=f"{crm.url}/v1", **{"max_retries": 0, **more})


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


ASKED: Final = user("Check-in?")


async def complete(openai: AsyncOpenAI, *messages: Any, **more: Any) -> ChatCompletion:
    more = {"model": MODEL, "messages": messages or [ASKED], **more}
    told = await openai.chat.completions.create(**more)
    assert isinstance(told, ChatCompletion)
    return told


def text_of(told: ChatCompletion) -> str:
    return told.choices[0].message.content or ""


@asynccontextmanager
async def streamed(
    openai: AsyncOpenAI, *messages: Any, **more: Any
) -> AsyncIterator[AsyncIterator[ChatCompletionChunk]]:
    more = {"model": MODEL, "messages": messages or [ASKED], "stream": True, **more}
    async with await openai.chat.completions.create(**more) as stream:
        yield stream


def said_in(chunk: ChatCompletionChunk) -> str:
    return "".join(one.delta.content or "" for one in chunk.choices)
