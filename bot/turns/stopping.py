"""A client wants no more of an answer: it comes to its end, and says what was done by then."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.core.calls import Effect
from bot.core.texts import Text, say
from bot.ports import Telemetry, Tool, Toolbox
from bot.turns.call_words import line_of, titles_of
from bot.turns.lane import Lane
from bot.turns.patience import Patience
from db.calls import CallRow, CallState, acted_in
from db.engine import Database
from db.records import Turn
from tenants.profile import Profile

_HEADS: Final = ((CallState.DONE, Text.STOPPED_DONE), (CallState.DOUBT, Text.STOPPED_DOUBT))


@dataclass(frozen=True, slots=True)
class Stops:
    """The turns that are under way in this process, and how they are told.

    The tables know it as well: a turn of which nobody was told here learns it with its next write.
    """

    database: Database
    toolbox: Toolbox
    telemetry: Telemetry
    _under_way: dict[int, tuple[Patience, Lane]] = field(default_factory=dict)

    @contextmanager
    def heeded(self, turn: Turn, patience: Patience, lane: Lane) -> Iterator[None]:
        """A turn may be stopped meanwhile; one that was before is so from the beginning."""
        self._under_way[turn.fence.turn] = patience, lane
        if turn.stopped:
            self.stop(turn.fence.turn)
        try:
            yield
        finally:
            self._under_way.pop(turn.fence.turn, None)

    def stop(self, turn: int) -> None:
        """Nothing more is said or begun; the model is not waited for much longer."""
        if under_way := self._under_way.get(turn):
            patience, lane = under_way
            self.telemetry.record("turn stopped", turn=turn)
            patience.stop()
            lane.hush()

    async def words(self, turn: Turn, profile: Profile) -> str:
        """What the client is told of a turn that was stopped; empty where it changed nothing."""
        box = await self.toolbox.at(turn.tenant)
        tools = {tool.definition.name: tool for tool in box.of(profile)}
        reads = [name for name, tool in tools.items() if tool.effect is Effect.READ]
        acted = await self.database.read(acted_in, turn.fence.turn, reads=reads)
        return what_was_done(acted, turn.language or profile.language, tools)


def what_was_done(rows: Iterable[CallRow], language: str, tools: Mapping[str, Tool]) -> str:
    """In plain words: what is done, and what a person has to look at. Pure."""
    rows, parts = tuple(rows), list[str]()
    for state, head in _HEADS:
        its = {row.digest: row for row in rows if row.state is state}.values()
        titles = {row.tool: titles_of(tools.get(row.tool), language) for row in its}
        if named := [line_of(row, language, titles[row.tool]) for row in its]:
            parts.append("\n• ".join((say(head, language), *named)))
    return "\n\n".join(parts)
