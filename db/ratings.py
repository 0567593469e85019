"""What clients think of their talks: a number, of which the last one counts.

What somebody wrote beside it stands in the update, as all words do, and goes as they do.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from db.chats import ChatWork
from db.models import ratings, talks
from db.records import PUBLIC
from db.rows import insert, keep_talks

VALUES: Final = range(1, 6)


@dataclass(frozen=True, slots=True)
class MeanRating:
    """How many clients of a company have given one, and the mean; 0 where nobody has."""

    count: int
    mean: float


def rate(chat: ChatWork, value: int) -> None:
    """The client of a chat rates whom the chat talks to; without a word said there is nothing."""
    here, connection = chat.current(), chat.connection
    its = (talks.c.chat_id == chat.chat) & (talks.c.tenant_id == here.tenant)
    its &= talks.c.assistant == here.assistant
    keep_talks(connection, its)
    row = connection.execute(select(talks.c.id).where(its, talks.c.name != "")).scalar()
    if row is None:
        return
    given = {"value": value, "update_id": chat.update, "at": chat.now}
    add = insert(connection, ratings).values(talk_id=row, **given)
    connection.execute(add.on_conflict_do_update(index_elements=["talk_id"], set_=given))


def ratings_of(connection: Connection, tenant: int, *, private: bool) -> MeanRating:
    """Those of a company's talks; of private assistants only if it says so."""
    found = select(func.count(), func.avg(ratings.c.value)).join_from(ratings, talks)
    found = found.where(talks.c.tenant_id == tenant)
    if not private:
        found = found.where(talks.c.assistant == PUBLIC)
    count, mean = connection.execute(found).one()
    return MeanRating(count, float(mean or 0))
