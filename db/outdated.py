"""Messages to a company's people that show what is no longer so: found, and made to show it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select, update

from db.attention import Case, case_of
from db.languages import SPOKEN
from db.models import chats, outbox, quotes
from db.quotes import COPY_PLACE, REFUSED
from db.records import Address
from db.requests import ClientRequest, request_told_in
from db.rows import ADDRESS, UNSETTLED, address_of
from db.talks import BATCH
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class Outdated:
    """A message that shows what is no longer so; without `message_id` nobody has got it."""

    quote: int
    asked_at: float
    address: Address
    language: str | None
    message_id: str | None
    is_on_its_way: bool
    is_copy: bool  # of a client's message: it is taken away
    case: Case | ClientRequest | None  # None: it is erased


def _told_in(connection: Connection, notice: int) -> Case | ClientRequest | None:
    """What a notice tells of, as it stands now; None when there is nothing left of it."""
    return request_told_in(connection, notice) or case_of(connection, notice)


def outdated(connection: Connection, bots: Collection[int], *, now: float) -> tuple[Outdated, ...]:
    """Those of these bots', with what they are to show."""
    found = connection.execute(
        select(
            quotes.c.id,
            quotes.c.rewrite_at,
            quotes.c.notice_id,
            outbox.c.message_id,
            UNSETTLED.label("is_on_its_way"),
            (outbox.c.position == COPY_PLACE).label("is_copy"),
            outbox.c.text,
            SPOKEN,
            *ADDRESS,
        )
        .join(outbox, outbox.c.id == quotes.c.outbox_id)
        .join(chats, chats.c.id == outbox.c.chat_id)
        .where(quotes.c.rewrite_at <= now, chats.c.bot_id.in_(bots))
        .order_by(quotes.c.rewrite_at)
        .limit(BATCH)
    ).all()
    return tuple(
        Outdated(
            row.id,
            row.rewrite_at,
            address_of(row),
            row.language,
            str(row.message_id) if row.message_id is not None else None,
            row.is_on_its_way,
            row.is_copy,
            _told_in(connection, row.notice_id) if row.notice_id and row.text else None,
        )
        for row in found
    )


@dataclass(frozen=True, slots=True)
class Rewritten(OneByOne[None]):
    """A message shows what is so, or never will (`again_at` None); else it is tried again then.

    What changed meanwhile is shown another time. `is_gone`: it was taken away, and quotes nobody.
    `refused`: the channel does not let it be changed, and it says what it said.
    """

    quote: int
    asked_at: float
    again_at: float | None = None
    is_gone: bool = False
    refused: bool = False

    def carry_out(self, connection: Connection) -> None:
        same = and_(quotes.c.id == self.quote, quotes.c.rewrite_at == self.asked_at)
        its = select(quotes.c.outbox_id).where(quotes.c.id == self.quote).scalar_subquery()
        shown = update(outbox).where(outbox.c.id == its)
        if self.is_gone:
            connection.execute(shown.values(text=""))
        if self.refused:
            connection.execute(shown.values(cause=REFUSED))
        connection.execute(update(quotes).where(same).values(rewrite_at=self.again_at))
