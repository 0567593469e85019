"""What is sent over HTTP beside words: kept in pieces until the turn that reads it is over.

A piece is a commit, so that nobody waits for more than one; it is read piece by piece as well.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)

from db.ids import as_number
from db.models import chats, updates, upload_pieces, uploads
from db.records import Address, UpdateState
from db.rows import insert
from db.transaction import OneByOne
from db.words import SAID_BY_CLIENTS

UNNAMED_SECONDS: Final = 3600.0  # for which no message needs to name it
AT_ONCE: Final = 4  # pieces that go in one commit

_PIECE: Final = select(
    uploads.c.id, bindparam("number", type_=BigInteger), bindparam("content", type_=LargeBinary)
).where(uploads.c.token == bindparam("token"))
_NAME: Final = (
    update(uploads)
    .where(uploads.c.token == bindparam("named"), uploads.c.update_id.is_(None))
    .values(update_id=bindparam("row"))
)


@dataclass(frozen=True, slots=True)
class Upload:
    """`token`: by which its chat knows it. `kind`: as its first bytes say. `size`: bytes by now."""

    address: Address
    token: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class KeepPiece(OneByOne[bool]):
    """The next bytes of an upload; False: it is not there any more, its chat was forgotten."""

    upload: Upload
    number: int
    content: bytes = field(repr=False)
    is_last: bool
    now: float

    def carry_out(self, connection: Connection) -> bool:
        if self.number == 0:
            self._begin(connection)
        add = insert(connection, upload_pieces).from_select(
            ["upload_id", "number", "content"], _PIECE
        )
        its = {"token": self.upload.token, "number": self.number, "content": self.content}
        connection.execute(add.on_conflict_do_nothing(), its)
        mine = uploads.c.token == self.upload.token
        if self.is_last:
            whole = update(uploads).where(mine).values(whole_at=self.now, size=self.upload.size)
            connection.execute(whole)
        return bool(connection.execute(select(exists().where(mine))).scalar())

    def _begin(self, connection: Connection) -> None:
        address = self.upload.address
        new = insert(connection, uploads).values(
            bot_id=address.bot_id,
            chat_id=as_number(address.chat_id),
            token=self.upload.token,
            kind=self.upload.kind,
            size=self.upload.size,
            created_at=self.now,
        )
        connection.execute(new.on_conflict_do_nothing())


def name_uploads(connection: Connection, named: Sequence[tuple[int, str]]) -> None:
    """These updates' rows came with these uploads, each of which comes with one alone."""
    connection.execute(_NAME, [{"row": row, "named": token} for row, token in named])


def unnamed_uploads(
    connection: Connection, address: Address, tokens: Collection[str]
) -> Mapping[str, Upload]:
    """Those of a chat's that are whole, and that no message has named yet."""
    found = connection.execute(
        select(uploads.c.token, uploads.c.kind, uploads.c.size)
        .where(uploads.c.bot_id == address.bot_id)
        .where(uploads.c.chat_id == as_number(address.chat_id), uploads.c.token.in_(tokens))
        .where(uploads.c.whole_at.is_not(None), uploads.c.update_id.is_(None))
    )
    return {row.token: Upload(address, *row) for row in found}


def piece_of(connection: Connection, bot_id: int, token: str, number: int) -> bytes | None:
    """The bytes of a piece; None: there is none."""
    its = upload_pieces.join(uploads, uploads.c.id == upload_pieces.c.upload_id)
    found: bytes | None = connection.execute(
        select(upload_pieces.c.content)
        .select_from(its)
        .where(uploads.c.bot_id == bot_id, uploads.c.token == token)
        .where(upload_pieces.c.number == number)
    ).scalar()
    return found


def forget_uploads(connection: Connection, chat: int) -> None:
    """Those of a chat's row, but of what still waits."""
    bot, place = (
        select(column).where(chats.c.id == chat).scalar_subquery()
        for column in (chats.c.bot_id, chats.c.chat_id)
    )
    here = (uploads.c.bot_id == bot) & (uploads.c.chat_id == place)
    its = updates.c.id == uploads.c.update_id
    waits = exists().where(its, updates.c.state == UpdateState.ACCEPTED)
    connection.execute(delete(uploads).where(here, ~waits))


def _is_over(now: float) -> ColumnElement[bool]:
    waits = exists().where(updates.c.id == uploads.c.update_id, SAID_BY_CLIENTS.waits)
    is_late = uploads.c.created_at < now - UNNAMED_SECONDS
    return or_(uploads.c.update_id.is_(None) & is_late, uploads.c.update_id.is_not(None) & ~waits)


def are_uploads_over(connection: Connection, *, now: float) -> bool:
    """Whether nobody will read one any more."""
    return bool(connection.execute(select(exists().where(_is_over(now)))).scalar())


@dataclass(frozen=True, slots=True)
class DropUploads(OneByOne[None]):
    """Delete the next pieces of what nobody will read any more, and what has none left."""

    now: float

    def carry_out(self, connection: Connection) -> None:
        over = list(connection.execute(select(uploads.c.id).where(_is_over(self.now))).scalars())
        key = upload_pieces.c.upload_id, upload_pieces.c.number
        found = select(*key).where(key[0].in_(over)).order_by(*key).limit(AT_ONCE)
        for upload, number in connection.execute(found).all():
            connection.execute(delete(upload_pieces).where(key[0] == upload, key[1] == number))
        empty = ~exists().where(key[0] == uploads.c.id)
        connection.execute(delete(uploads).where(uploads.c.id.in_(over), empty))
