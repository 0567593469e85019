"""Something was said in a conversation that people of its company may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, bindparam, case, literal, select

from db.models import talks, threads
from db.records import Purpose
from db.rows import Insert, insert_for
from db.talks import KNOWN, UNKNOWN

_SPOKE = (
    select(
        threads.c.tenant_id,
        threads.c.chat_id,
        threads.c.assistant,
        bindparam("client", type_=talks.c.name.type),
        bindparam("now", type_=talks.c.last_at.type),
    )
    .where(threads.c.id == bindparam("row"), threads.c.purpose == literal(Purpose.CLIENT))
    .order_by(threads.c.id)
)


@dataclass(frozen=True, slots=True)
class Spoke:
    """Where, in a thread, and when; `client` is the name of the one who wrote."""

    thread: int
    client: str
    now: float


def note_talks(connection: Connection, spoke: Sequence[Spoke]) -> None:
    """A preview's is nobody's to read."""
    rows = [{"row": one.thread, "client": one.client or UNKNOWN, "now": one.now} for one in spoke]
    connection.execute(_note_talks(connection.dialect.name), rows)


@cache
def _note_talks(dialect: str) -> Insert:
    columns = ["tenant_id", "chat_id", "assistant", "name", "last_at"]
    add = insert_for(dialect, talks).from_select(columns, _SPOKE)
    new = add.excluded
    kept = (new.name == UNKNOWN) & KNOWN
    return add.on_conflict_do_update(
        index_elements=["chat_id", "tenant_id", "assistant"],
        set_={"last_at": new.last_at, "name": case((kept, talks.c.name), else_=new.name)},
    )
