"""What to ask a client for before a request is taken."""

from bot.tools import ToolContext, ToolError, tool


@tool(effect="read")
async def request_fields(context: ToolContext) -> str:
    """What to ask a client for who wants something done: call it before `take_request`.

    Ask for what the conversation does not say yet, one thing at a time.
    """
    if context.desk is None:
        raise ToolError("No requests are taken here: say how to reach the company.")
    return f"Ask for: {'; '.join(context.desk.request_fields)}."
