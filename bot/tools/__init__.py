"""What the assistant can do: each module here is a tool, and so is each in the host's TOOLS_DIR."""

from bot.errors import ToolError
from bot.ports.tools import ToolContext
from bot.tools.kit.declare import tool

__all__ = ["ToolContext", "ToolError", "tool"]
