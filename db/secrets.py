"""What updates must not be stored with: encrypted beside them, until they are handled."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, or_, select, update

from db.ids import as_number
from db.models import chats, secrets
from db.records import Secret
from db.rows import insert

_EMPTY = update(secrets).where(secrets.c.update_id == bindparam("row")).values(body=None)


def keep(connection: Connection, update_row: int, found: Sequence[Secret]) -> None:
    """Store an update's secrets beside it, in their order."""
    if not found:
        return
    rows = [
        {"update_id": update_row, "position": position, "kind": one.kind, "body": one.body}
        for position, one in enumerate(found)
    ]
    connection.execute(insert(connection, secrets), rows)


def reveal(connection: Connection, update_row: int) -> tuple[Secret, ...]:
    """The secrets of an update that is not handled yet, in the order in which they were said."""
    found = connection.execute(
        select(secrets.c.kind, secrets.c.body)
        .where(secrets.c.update_id == update_row, secrets.c.body.is_not(None))
        .order_by(secrets.c.position)
    )
    return tuple(Secret(row.kind, row.body) for row in found)


def asked_for_secrets(
    connection: Connection, marks: Sequence[str], *, bot_id: int, places: Collection[str]
) -> Mapping[str, str]:
    """Those of a bot's chats whose open question holds one of these marks, and which."""
    known_as = {as_number(place): place for place in places}
    mine = (chats.c.bot_id == bot_id) & chats.c.chat_id.in_(known_as)
    marked = or_(*(chats.c.form.contains(mark, autoescape=True) for mark in marks))
    found = connection.execute(select(chats.c.chat_id, chats.c.form).where(mine, marked))
    return {
        known_as[row.chat_id]: next(mark for mark in marks if mark in row.form) for row in found
    }


def empty(connection: Connection, update_row: int) -> None:
    """The update is handled: only that there were secrets stays known."""
    connection.execute(_EMPTY, {"row": update_row})
