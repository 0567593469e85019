"""Whether a conversation holds what others wrote: then the client is asked before any write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.ports import Channel, Tool, Toolbox
from bot.turns.confirming import is_asked
from db.calls import CallRow, called_others
from db.engine import Database
from db.records import Turn
from db.transcript import holds_any


@dataclass(frozen=True, slots=True)
class Wariness:
    """`whole`: it held some when the turn began. `untrusted`: tools that bring more of it."""

    whole: bool
    untrusted: frozenset[str]

    def about(self, response_id: str | None, rows: Iterable[CallRow]) -> bool:
        """Whether it did when an answer of this id was written; `rows`: the turn's calls."""
        return self.whole or any(
            row.tool in self.untrusted and row.response_id != response_id for row in rows
        )


async def wariness_of(
    turn: Turn,
    offered: Iterable[Tool],
    toolbox: Toolbox,
    database: Database,
    channels: Mapping[str, Channel],
) -> Wariness:
    """That of a turn; where it makes no difference nothing is read."""
    tools = toolbox.load()
    untrusted = frozenset(name for name, tool in tools.items() if tool.host)
    if all(is_asked(tool, wary=False) or not is_asked(tool, wary=True) for tool in offered):
        return Wariness(whole=False, untrusted=untrusted)
    marks = channels[turn.address.channel].untrusted
    whole = await database.read(holds_any, marks, thread=turn.thread) or await database.read(
        called_others, {*tools} - untrusted, thread=turn.thread, before=turn.fence.turn
    )
    return Wariness(whole=whole, untrusted=untrusted)
