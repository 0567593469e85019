"""What the tests of the emulator ask, and how they read the answers."""

from openai import AsyncOpenAI
from openai.types.conversations import ConversationItem, Message
from openai.types.responses import Response, ResponseStreamEvent
from openai.types.responses.response_text_config_param import ResponseTextConfigParam

MODEL = "gpt-6-luna"
REPLY_FORMAT: ResponseTextConfigParam = {
    "format": {
        "type": "json_schema",
        "name": "multi_turn_reply",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"messages": {"type": "array", "items": {"type": "string"}}},
            "required": ["messages"],
            "additionalProperties": False,
        },
    }
}


async def ask(api: AsyncOpenAI, text: str, *, conversation: str) -> Response:
    """One answer, not streamed."""
    return await api.responses.create(
        model=MODEL, input=text, conversation=conversation, text=REPLY_FORMAT
    )


async def stream(
    api: AsyncOpenAI, text: str, *, conversation: str, events: list[ResponseStreamEvent]
) -> None:
    """One streamed answer; its events are there even when it ends in an exception."""
    answer = await api.responses.create(
        model=MODEL, input=text, conversation=conversation, text=REPLY_FORMAT, stream=True
    )
    async for event in answer:
        events.append(event)


async def list_items(api: AsyncOpenAI, conversation: str) -> list[ConversationItem]:
    """All items, oldest first."""
    return [item async for item in api.conversations.items.list(conversation, order="asc")]


async def read_texts(api: AsyncOpenAI, conversation: str) -> list[tuple[str, str]]:
    """(role, text) of each message, oldest first."""
    items = await list_items(api, conversation)
    return [(item.role, _text(item)) for item in items if isinstance(item, Message)]


def _text(message: Message) -> str:
    return "".join(getattr(part, "text", "") for part in message.content)


def types(events: list[ResponseStreamEvent]) -> list[str]:
    """The types of the events, each run of deltas as one."""
    names = [event.type for event in events]
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
