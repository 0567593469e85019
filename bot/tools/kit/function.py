"""A function as a tool: called with what the model wrote, answered as the model is told."""

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from bot.core.calls import Effect, ToolDefinition
from bot.errors import ToolError
from bot.ports.tools import ToolContext
from bot.tools.kit.arguments import read_arguments
from bot.tools.kit.declare import Function
from bot.tools.kit.results import NOT_DONE, hide, output_of
from bot.tools.kit.schema import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTool:
    """A `bot.ports.tools.Tool`; `file` and `line` are where its function begins."""

    definition: ToolDefinition
    effect: Effect
    timeout: float
    confirm: bool
    idempotent: bool
    on_phone: bool
    function: Function
    prober: Function | None
    parameters: Parameters
    file: Path
    line: int
    secrets: Mapping[str, str]
    host: ClassVar[str] = ""

    @property
    def probes(self) -> bool:
        """Whether it can find out if a call was carried out."""
        return self.prober is not None

    def check(self, arguments: str) -> None:
        """Raises ToolError where they do not fit."""
        read_arguments(self.parameters, arguments)

    async def call(self, context: ToolContext, arguments: str) -> str:
        """Carry it out; the output. Raises ToolError when nothing was done."""
        return self._told(await self._run(self.function, context, arguments))

    async def probe(self, context: ToolContext, arguments: str) -> str | None:
        """The output of a call that was carried out; None of one that was not."""
        if self.prober is None:
            raise TypeError(f"{self.definition.name} has no probe")
        result = await self._run(self.prober, context, arguments)
        return None if result is None else self._told(result)

    async def _run(self, function: Function, context: ToolContext, arguments: str) -> Any:
        given = read_arguments(self.parameters, arguments)
        context = replace(context, secrets=self.secrets)
        with self._without_secrets(), _staying():
            if inspect.iscoroutinefunction(function):
                return await function(context, **given)
            return await _in_thread(lambda: function(context, **given))

    def _told(self, result: Any) -> str:
        return hide(output_of(result), self.secrets.values())

    @contextmanager
    def _without_secrets(self) -> Iterator[None]:
        try:
            yield
        except ToolError as error:
            raise ToolError(hide(str(error), self.secrets.values()) or NOT_DONE) from None


@contextmanager
def _staying() -> Iterator[None]:
    """A tool that ends the process has failed like any other."""
    try:
        yield
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(type(error).__name__) from None


async def _in_thread(work: Callable[[], Any]) -> Any:
    """Its result. Of its own: one that never ends holds nobody up, nor the end of the process."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    found: list[Any] = []
    failed: list[BaseException] = []
    context = copy_context()

    def run() -> None:
        try:
            found.append(context.run(work))
        except BaseException as error:  # raised where it is waited for
            failed.append(error)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(done.set)

    threading.Thread(target=run, name="tool", daemon=True).start()
    await done.wait()
    if failed:
        raise failed[0]
    return found[0]
