"""What is sent over HTTP beside words: in pieces, for as long as somebody may read it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from db.chats import ChatWork
from db.models import upload_pieces, uploads
from db.records import Address, Draft, Turn
from db.uploads import (
    AT_ONCE,
    UNNAMED_SECONDS,
    DropUploads,
    KeepPiece,
    Upload,
    are_uploads_over,
    piece_of,
    unnamed_uploads,
)
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, incoming

HERE = chat_at(BOT, ANNA)
PHOTO = Upload(HERE, "f_photo", "picture", 8)


def piece(desk: Desk, number: int, content: bytes, *, upload: Upload = PHOTO) -> KeepPiece:
    return KeepPiece(upload, number, content, is_last=content.endswith(b"."), now=desk.now)


async def keep_piece(desk: Desk) -> KeepPiece:
    return piece(desk, 0, b"A photo.")


async def drop_uploads(desk: Desk) -> DropUploads:
    await desk.journal.do(await keep_piece(desk))
    return DropUploads(desk.now + UNNAMED_SECONDS + 1)


async def sent(desk: Desk, upload: Upload = PHOTO) -> Upload:
    assert await desk.journal.do(piece(desk, 0, b"A ph", upload=upload))
    assert await desk.journal.do(piece(desk, 1, b"oto.", upload=upload))
    return upload


async def read(desk: Desk, token: str = "f_photo", bot: int = BOT) -> list[bytes]:
    found = [await desk.database.read(piece_of, bot, token, number) for number in range(2)]
    return [one for one in found if one is not None]


async def there(desk: Desk, address: Address = HERE) -> list[str]:
    return [*await desk.database.read(unnamed_uploads, address, ["f_photo", "f_other"])]


async def over(desk: Desk) -> bool:
    return await desk.database.read(are_uploads_over, now=desk.now)


async def swept(desk: Desk) -> int:
    """In how many commits."""
    times = 0
    while await over(desk):
        await desk.journal.do(DropUploads(desk.now))
        times += 1
    return times


async def test_it_is_kept_in_pieces_and_known_in_its_chat_alone(desk: Desk) -> None:
    await sent(desk)
    assert await read(desk) == [b"A ph", b"oto."]
    assert await read(desk, bot=BOT + 1) == []
    assert await there(desk) == ["f_photo"]
    assert await there(desk, chat_at(BOT, BRUNO)) == []


async def test_how_large_it_is_is_known_at_its_end(desk: Desk) -> None:
    await desk.journal.do(piece(desk, 0, b"A ph", upload=replace(PHOTO, size=4)))
    await desk.journal.do(piece(desk, 1, b"oto."))
    found = await desk.database.read(unnamed_uploads, HERE, [PHOTO.token])
    assert found[PHOTO.token].size == len(b"A photo.")


async def test_before_all_of_it_is_there_no_message_may_name_it(desk: Desk) -> None:
    await desk.journal.do(piece(desk, 0, b"A ph"))
    assert await there(desk) == []


async def test_what_no_message_names_goes_after_an_hour(desk: Desk) -> None:
    await sent(desk)
    desk.now += UNNAMED_SECONDS
    assert not await over(desk)
    desk.now += 1
    assert await swept(desk) == 1
    assert await desk.stored(uploads) == await desk.stored(upload_pieces) == []


async def test_what_came_with_a_message_stays_until_its_turn_is_over(desk: Desk) -> None:
    await sent(desk)
    await desk.accept(incoming(1, upload="f_photo"))
    assert await there(desk) == []
    desk.now += 2 * UNNAMED_SECONDS
    assert not await over(desk)
    turn = await desk.claim(1)
    assert isinstance(turn, Turn)
    assert not await over(desk)
    assert await read(desk) == [b"A ph", b"oto."]
    await desk.complete(turn)
    assert await swept(desk) == 1
    assert await read(desk) == []


async def test_one_message_alone_has_it(desk: Desk) -> None:
    await sent(desk)
    await desk.accept(incoming(1, upload="f_photo"))
    await desk.accept(incoming(2, upload="f_photo"))
    (row,) = await desk.stored(uploads)
    assert row.update_id == 1


async def test_what_goes_goes_in_portions(desk: Desk) -> None:
    """So that nobody waits long for a commit with it."""
    for number in range(2 * AT_ONCE + 1):
        content = b"." if number == 2 * AT_ONCE else b"-"
        await desk.journal.do(piece(desk, number, content))
    desk.now += UNNAMED_SECONDS + 1
    assert await swept(desk) == 3


async def test_it_is_forgotten_with_its_chat_but_not_what_still_waits(desk: Desk) -> None:
    here, theirs = chat_at(BOT, ANNA), chat_at(BOT, BRUNO)
    for token in ("f_named", "f_unnamed", "f_waits"):
        await sent(desk, Upload(here, token, "file", 8))
    await sent(desk, Upload(theirs, "f_theirs", "file", 8))
    await desk.accept(incoming(1, upload="f_named"))
    event = await desk.event()
    await desk.accept(incoming(3, upload="f_waits"))

    def forget(chat: ChatWork) -> tuple[Draft, ...]:
        chat.forget()
        return ()

    await desk.handle(event, forget)
    kept = await desk.database.read(lambda c: c.execute(select(uploads.c.token)).scalars().all())
    assert sorted(kept) == ["f_theirs", "f_waits"]
    assert len(await desk.stored(upload_pieces)) == 4


async def test_what_comes_for_a_chat_that_was_forgotten_is_not_kept(desk: Desk) -> None:
    """Whoever sends it learns that, and sends it anew."""
    await desk.journal.do(piece(desk, 0, b"A ph"))
    await desk.database.write(lambda c: c.execute(uploads.delete()))
    assert await desk.journal.do(piece(desk, 1, b"oto.")) is False
    assert await desk.stored(upload_pieces) == []


@pytest.mark.parametrize("again", [0, 1])
async def test_a_piece_is_kept_once(desk: Desk, again: int) -> None:
    """A commit of which nobody knows is done again."""
    await sent(desk)
    pieces = [b"A ph", b"oto."]
    assert await desk.journal.do(replace(piece(desk, again, pieces[again])))
    assert await read(desk) == pieces
