from dataclasses import replace

from db.operations import CloseChat
from db.records import CUT, OutboxKind, OutboxState, Turn, TurnState, UpdateKind
from db.transcript import (
    Missed,
    find_chats,
    load_transcript,
    missed,
    recent_lines,
)
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, bubble, sent


async def converse(desk: Desk, question: str, *answers: str) -> Turn:
    """A turn from the question to the last bubble."""
    turn = await desk.open_turn(question)
    for position, text in enumerate(answers):
        (row,) = (await desk.post(turn, bubble(text, position), intend_first=True)).rows
        await desk.post(turn, settled=(sent(row, 1000 + row.row),))
    await desk.complete(turn)
    return turn


async def lines(desk: Desk, turn: Turn, limit: int = 40) -> list[str | None]:
    """What was said in the thread before a turn; clients' words as they were stored."""
    spoken = await desk.database.read(
        lambda connection: recent_lines(
            connection, thread=turn.thread, before_turn=turn.fence.turn, limit=limit
        )
    )
    return [line.message.payload if line.message else line.text for line in spoken]


# ----------------------------------------------------------------------- seeding


async def test_what_was_said_comes_in_the_order_of_the_turns(desk: Desk) -> None:
    await converse(desk, "Q1", "A1", "A2")
    await converse(desk, "Q2", "A3")
    turn = await desk.open_turn("Q3")
    assert await lines(desk, turn) == [
        '{"text": "Q1"}',
        "A1",
        "A2",
        '{"text": "Q2"}',
        "A3",
    ]


async def test_the_last_lines_are_kept(desk: Desk) -> None:
    await converse(desk, "Q1", "A1", "A2")
    await converse(desk, "Q2", "A3")
    assert await lines(desk, await desk.open_turn("Q3"), limit=2) == ['{"text": "Q2"}', "A3"]


async def test_what_was_said_meanwhile_belongs_to_the_next_turn(desk: Desk) -> None:
    first = await desk.open_turn("Q1")
    await desk.hear("Q2")
    await desk.complete(first)
    desk.now += 3
    second = await desk.claim(first.chat)
    assert isinstance(second, Turn)
    assert await lines(desk, second) == ['{"text": "Q1"}']


async def test_only_what_the_client_saw_was_said(desk: Desk) -> None:
    turn = await desk.open_turn("Q1")
    await desk.post(turn, bubble("mai arrivato"))
    await desk.post(turn, bubble("un momento", kind=OutboxKind.WAITING))
    await desk.journal.do(CloseChat(turn.chat, desk.now))
    await desk.complete(turn, TurnState.UNREACHABLE)
    assert await lines(desk, await desk.open_turn("Q2")) == ['{"text": "Q1"}']


async def test_commands_were_not_said_to_the_model(desk: Desk) -> None:
    await desk.handle(await desk.event(), lambda _: [bubble("Aiuto", kind=OutboxKind.COMMAND)])
    assert await lines(desk, await desk.open_turn("Q1")) == []


async def test_another_thread_was_another_conversation(desk: Desk) -> None:
    await converse(desk, "Q1", "A1")
    await desk.do_to_chat("start_over")
    assert await lines(desk, await desk.open_turn("Q2")) == []


# ----------------------------------------------------------------------- missed


async def find_missed(desk: Desk, turn: Turn) -> Missed | None:
    return await desk.database.read(
        lambda connection: missed(connection, thread=turn.thread, before_turn=turn.fence.turn)
    )


async def test_the_bubbles_that_never_arrived_are_known_to_the_next_turn(desk: Desk) -> None:
    turn = await desk.open_turn("Q1")
    drafts = [bubble(text, position) for position, text in enumerate(("A1", "A2", "A3"))]
    first, *_ = (await desk.post(turn, *drafts, intend_first=True)).rows
    await desk.post(turn, settled=(sent(first, 1000),))
    await desk.journal.do(CloseChat(turn.chat, desk.now))
    await desk.complete(turn, TurnState.UNREACHABLE)
    assert await find_missed(desk, await desk.open_turn("Q2")) == Missed(("A2", "A3"))


async def test_what_an_earlier_turn_lost_is_known_no_more(desk: Desk) -> None:
    turn = await desk.open_turn("Q1")
    await desk.post(turn, bubble("A1"))
    await desk.journal.do(CloseChat(turn.chat, desk.now))
    await desk.complete(turn, TurnState.UNREACHABLE)
    await converse(desk, "Q2", "A2")
    assert await find_missed(desk, await desk.open_turn("Q3")) == Missed()


async def test_where_a_reply_was_cut_is_known_to_the_next_turn_alone(desk: Desk) -> None:
    turn = await desk.open_turn("Q1")
    rows = (await desk.post(turn, bubble("A1"), bubble("A2", 1))).rows
    await desk.post(turn, settled=[sent(row, 1000 + at) for at, row in enumerate(rows)])
    await desk.journal.do(replace(desk.completing(turn), cause=CUT))
    second = await desk.open_turn("Q2")
    assert second.missed
    assert await find_missed(desk, second) == Missed(seen_until="A2")
    await desk.complete(second)
    assert not (await desk.open_turn("Q3")).missed


# ----------------------------------------------------------------- the transcript


async def test_the_transcript_is_what_the_tables_hold(desk: Desk) -> None:
    turn = await converse(desk, "Q1", "A1")
    await desk.handle(await desk.event("/help"), lambda _: [bubble("Aiuto")])
    address = chat_at(BOT, ANNA)
    transcript = await desk.database.read(load_transcript, chat=turn.chat, address=address)
    assert (transcript.chat, transcript.address) == (turn.chat, address)
    assert [(one.update.kind, one.state, one.turn) for one in transcript.heard] == [
        (UpdateKind.MESSAGE, "claimed", turn.fence.turn),
        (UpdateKind.EVENT, "done", None),
    ]
    assert [(one.row.text, one.row.state, one.message_id) for one in transcript.said] == [
        ("A1", OutboxState.SENT, str(1000 + transcript.said[0].row.row)),
        ("Aiuto", OutboxState.QUEUED, None),
    ]
    assert [(one.id, one.state, one.epoch) for one in transcript.turns] == [
        (turn.fence.turn, TurnState.DONE, 1)
    ]


async def test_the_transcript_is_of_one_chat(desk: Desk) -> None:
    await desk.hear(client=BRUNO)
    turn = await converse(desk, "Q1", "A1")
    transcript = await desk.database.read(
        load_transcript, chat=turn.chat, address=chat_at(BOT, ANNA)
    )
    assert len(transcript.heard) == 1


async def test_a_chat_is_found_by_its_telegram_number(desk: Desk) -> None:
    main, topic = await desk.hear(client=-5), await desk.hear(client=-5, topic=7)
    found = await desk.database.read(lambda connection: find_chats(connection, "-5"))
    assert found == ((main, chat_at(BOT, -5)), (topic, chat_at(BOT, -5, 7)))
    assert await desk.database.read(lambda connection: find_chats(connection, "6")) == ()
