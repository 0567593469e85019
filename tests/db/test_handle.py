from collections.abc import Sequence

import pytest
from sqlalchemy import update

from db.chats import ChatWork
from db.models import chats, outbox, updates
from db.records import Draft, Incoming, OutboxKind, OutboxState, UpdateKind, UpdateState
from tests.backends import on_both
from tests.db.desk import Desk, Work, bubble

ANSWER = (
    bubble("Ecco.", 0, OutboxKind.COMMAND),
    bubble("Altro?", 1, OutboxKind.COMMAND),
)

pytestmark = on_both


async def test_an_event_is_answered_and_done_in_one_commit(desk: Desk) -> None:
    event = await desk.event()
    handled = await desk.handle(event, lambda _: ANSWER)
    assert handled.fresh
    assert [(row.text, row.position) for row in handled.rows] == [("Ecco.", 0), ("Altro?", 1)]
    assert (await desk.row(updates)).state == UpdateState.DONE


async def test_an_event_is_handled_once(desk: Desk) -> None:
    event = await desk.event()
    await desk.handle(event, lambda _: ANSWER)
    again = await desk.handle(event, lambda _: ANSWER)
    assert (again.fresh, again.rows) == (False, ())
    assert len(await desk.stored(outbox)) == 2


async def test_an_event_is_handled_once_within_one_commit_too(desk: Desk) -> None:
    event = await desk.event()
    first, second = await desk.together(*(desk.handling(event, lambda _: ANSWER) for _ in range(2)))
    assert (first.fresh, second.fresh) == (True, False)


async def test_work_that_fails_leaves_nothing_behind(desk: Desk) -> None:
    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.introduce()
        raise ValueError("no")

    event = await desk.event()
    with pytest.raises(ValueError, match="no"):
        await desk.handle(event, work)
    assert (await desk.row(chats)).introduced_at is None
    assert (await desk.row(updates)).state == UpdateState.ACCEPTED


async def test_an_event_that_failed_is_kept_with_its_cause(desk: Desk) -> None:
    await desk.handle(await desk.event(), cause="unreadable")
    stored = await desk.row(updates)
    assert (stored.state, stored.cause) == (UpdateState.FAILED, "unreadable")


async def test_an_event_of_no_chat_is_done_without_work(desk: Desk) -> None:
    accepted = await desk.accept(Incoming("1", "{", UpdateKind.EVENT))

    def work(chat: ChatWork) -> Sequence[Draft]:
        raise AssertionError("there is no chat")

    assert (await desk.handle(accepted.events[0], work)).fresh
    assert (await desk.row(updates)).state == UpdateState.DONE


async def test_an_event_tells_when_its_chat_is_due(desk: Desk) -> None:
    chat = await desk.hear()
    handled = await desk.handle(await desk.event())
    assert handled.due == (await desk.row(chats, id=chat)).due_at


async def test_an_event_does_not_wait_for_the_turn_that_is_open(desk: Desk) -> None:
    await desk.open_turn()
    assert (await desk.handle(await desk.event(), lambda _: ANSWER)).fresh


# ------------------------------------------------------------------------ a flood


def saying(text: str) -> Work:
    return lambda _: (bubble(text, kind=OutboxKind.COMMAND),)


async def flood(desk: Desk, number: int, *texts: str) -> None:
    for index in range(number):
        await desk.handle(await desk.event(), saying(texts[index % len(texts)]))


async def test_of_a_flood_only_what_does_not_wait_already_is_answered(desk: Desk) -> None:
    await flood(desk, 60, "Aiuto", "Privacy")
    assert len(await desk.stored(outbox)) == 5
    assert {row.state for row in await desk.stored(updates)} == {UpdateState.DONE}
    await flood(desk, 3, "Lingua")
    assert [row.text for row in await desk.stored(outbox)][5:] == ["Lingua"]


async def test_a_few_equal_answers_are_all_given(desk: Desk) -> None:
    await flood(desk, 5, "Aiuto")
    assert len(await desk.stored(outbox)) == 5


async def test_what_a_command_does_is_done_also_in_a_flood(desk: Desk) -> None:
    await flood(desk, 6, "Nuovo")
    before = (await desk.row(chats)).thread_id

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.start_over()
        return (bubble("Nuovo", kind=OutboxKind.COMMAND),)

    await desk.handle(await desk.event(), work)
    assert (await desk.row(chats)).thread_id != before
    assert len(await desk.stored(outbox)) == 5


async def test_a_flood_of_commands_that_all_differ_is_answered_up_to_a_limit(desk: Desk) -> None:
    await flood(desk, 300, *(f"Aiuto {number}" for number in range(300)))
    assert [row.text for row in await desk.stored(outbox)] == [f"Aiuto {n}" for n in range(20)]
    assert {row.state for row in await desk.stored(updates)} == {UpdateState.DONE}


async def test_no_message_and_no_deed_is_lost_in_such_a_flood(desk: Desk) -> None:
    await flood(desk, 20, *(f"Aiuto {number}" for number in range(20)))
    before = (await desk.row(chats)).thread_id

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.start_over()
        chat.introduce()
        return bubble("Nuovo", 0, OutboxKind.COMMAND), bubble("AB12", 1, OutboxKind.SECRET)

    await desk.handle(await desk.event(), work)
    stored = await desk.row(chats)
    assert stored.thread_id != before
    assert stored.introduced_at is None  # it was not told
    assert [row.text for row in await desk.stored(outbox)][20:] == ["AB12"]
    await desk.hear("Avete posto?")
    assert (await desk.row(chats)).due_at is not None


async def test_once_answers_have_gone_out_commands_are_answered_again(desk: Desk) -> None:
    await flood(desk, 30, *(f"Aiuto {number}" for number in range(30)))
    sent = update(outbox).where(outbox.c.position == 0).values(state=OutboxState.SENT)
    await desk.database.write(lambda connection: connection.execute(sent))
    await flood(desk, 1, "Lingua")
    assert [row.text for row in await desk.stored(outbox)][20:] == ["Lingua"]
