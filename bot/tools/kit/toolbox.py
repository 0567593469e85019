"""All tools of this process; they are loaded when the first is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError
from bot.ports import Tool
from tenants.profile import Profile

if TYPE_CHECKING:
    from bot.tools.kit.function import FunctionTool


@dataclass(frozen=True)
class FileToolbox:
    """A `bot.ports.Toolbox`: Sportello's own tools and those of the host's `folder`."""

    folder: Path | None
    environment: Mapping[str, str]

    def check(self) -> None:
        """See that the host's tools can be used. Raises ConfigError that tells all that is wrong.

        Without a folder of the host's there is nothing to see, and nothing is loaded.
        """
        if self.folder:
            _ = self.all

    def of(self, profile: Profile) -> Sequence[Tool]:
        """Those that an assistant may use, in the order of their names."""
        if not profile.tools:
            return ()
        return tuple(tool for name, tool in self.all.items() if name in profile.tools)

    def find(self, name: str) -> Tool | None:
        """The one of this name, whoever may use it."""
        return self.all.get(name)

    @cached_property
    def all(self) -> Mapping[str, "FunctionTool"]:
        """By name, in the order of their names. Raises ConfigError."""
        # The SDK and the tools take a while to load: who offers none does not wait for them.
        from bot.tools.kit.discovery import discover  # noqa: PLC0415 - as above

        found = discover(self.folder, self.environment)
        if found.faults:
            told = "".join(f"\n  {fault}" for fault in found.faults)
            raise ConfigError(f"the tools in TOOLS_DIR cannot be used:{told}")
        return found.tools
