"""All tools of this process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bot.errors import ConfigError
from bot.ports import Tool, Toolbox
from tenants.profile import Profile

if TYPE_CHECKING:
    from bot.tools.kit.function import FunctionTool


@dataclass(frozen=True)
class FileToolbox:
    """A `bot.ports.Toolbox`: Sportello's own tools and those of the host's `folder`.

    `environment`: where their secrets are looked for.
    """

    folder: Path | None
    environment: Mapping[str, str]
    declares: ClassVar[bool] = False

    def load(self) -> Mapping[str, "FunctionTool"]:
        """Each by name, in the order of their names.

        The first time it reads files: not on the event loop. Raises ConfigError that names all
        that is wrong.
        """
        return self._all

    async def at(self, tenant: int) -> Toolbox:
        """The same: it knows of no company."""
        return self

    def of(self, profile: Profile) -> Sequence[Tool]:
        """Those that an assistant may use, in the order of their names."""
        if not profile.tools:
            return ()
        return tuple(tool for name, tool in self._all.items() if name in profile.tools)

    def find(self, name: str) -> Tool | None:
        """The one of this name, whoever may use it."""
        return self._all.get(name)

    @cached_property
    def _all(self) -> Mapping[str, "FunctionTool"]:
        # With the SDK and the tools: a command that has nothing to do with them does not wait.
        from bot.tools.kit.discovery import discover  # noqa: PLC0415 - as above

        found = discover(self.folder, self.environment)
        if found.faults:
            told = "".join(f"\n  {fault}" for fault in found.faults)
            raise ConfigError(f"the tools in TOOLS_DIR cannot be used:{told}")
        return found.tools
