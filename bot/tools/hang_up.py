"""End a phone call."""

from typing import Annotated

from pydantic import Field

from bot.tools import ToolContext, ToolError, tool

Goodbye = Annotated[
    str, Field(min_length=1, max_length=300, description="Said before the call ends.")
]

TITLES = {
    "it": {"hang_up": "Chiudere la chiamata", "goodbye": "saluto"},
    "ru": {"hang_up": "Завершить звонок", "goodbye": "прощание"},
}


@tool(effect="write", confirm=False, idempotent=True, on_phone=True, timeout=40.0, titles=TITLES)
async def hang_up(context: ToolContext, goodbye: Goodbye) -> str:
    """End the phone call, once the caller has nothing more to ask and has said goodbye."""
    if context.phone is None:
        raise ToolError("This is no phone call.")
    await context.phone.speak(goodbye)
    await context.phone.hang_up()
    return "The goodbye was said, and the call is over."
