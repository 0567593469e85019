"""An answer that holds a secret is a row like any other, but for its text."""

import pytest

from db.models import outbox
from db.records import OutboxKind, OutboxState, Settled
from db.transcript import HIDDEN, find_chats, load_transcript
from tests.db.desk import ANNA, Desk, bubble, sent

SEALED = bubble("gAAAAciphertext", kind=OutboxKind.SECRET)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (OutboxState.QUEUED, "gAAAAciphertext"),
        (OutboxState.DOUBT, "gAAAAciphertext"),
        (OutboxState.SENT, ""),
        (OutboxState.FAILED, ""),
    ],
)
async def test_its_text_is_gone_once_it_is_over(desk: Desk, state: OutboxState, text: str) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, SEALED, intend_first=True)).rows
    await desk.post(turn, settled=(Settled(row.row, state),))
    assert (await desk.row(outbox)).text == text


async def test_the_text_of_any_other_stays(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, bubble("Salve."), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 7),))
    assert (await desk.row(outbox)).text == "Salve."


async def test_a_transcript_does_not_show_it(desk: Desk) -> None:
    event = await desk.event()
    await desk.handle(event, lambda _: (SEALED,))
    ((chat, address),) = await desk.database.read(find_chats, str(ANNA))
    transcript = await desk.database.read(load_transcript, chat=chat, address=address)
    assert [said.row.text for said in transcript.said] == [HIDDEN]
