"""Pass a phone call on to a person."""

from typing import Annotated

from pydantic import Field

from bot.tools import ToolContext, ToolError, tool

Announcement = Annotated[
    str, Field(min_length=1, max_length=300, description="Said before the call is passed on.")
]

TITLES = {
    "en": {"transfer": "Pass the call on"},
    "it": {"transfer": "Passare la chiamata", "extension": "interno", "announcement": "annuncio"},
    "ru": {"transfer": "Перевести звонок", "extension": "номер", "announcement": "сообщение"},
}


@tool(effect="write", confirm=False, on_phone=True, timeout=40.0, titles=TITLES)
async def transfer(
    context: ToolContext,
    extension: Annotated[str, "The number of one of the extensions that you are told of."],
    announcement: Announcement,
) -> str:
    """Pass the phone call on to an extension, when the caller wants a person or you cannot help."""
    call = context.phone
    if call is None:
        raise ToolError("This is no phone call.")
    if extension not in call.extensions:
        known = ", ".join(f"{number} ({name})" for number, name in call.extensions.items())
        raise ToolError(f"Calls are passed on to these alone: {known or 'nobody'}.")
    await call.speak(announcement)
    await call.transfer(extension)
    return "It was said, and the call is passed on."
