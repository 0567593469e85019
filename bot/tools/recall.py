"""What is remembered of a client."""

from typing import Any

from bot.tools import ToolContext, ToolError, tool


@tool(effect="read")
async def recall(context: ToolContext) -> dict[str, Any]:
    """All that is remembered of the client. Show it whenever the client asks what is known of them.

    `/forget` erases it.
    """
    if context.desk is None:
        raise ToolError("Nothing is remembered here.")
    known = await context.desk.recall()
    message = "This is remembered of the client." if known else "Nothing is remembered."
    return {"message": message, "remembered": dict(known)}
