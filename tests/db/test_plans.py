"""What the engine does all the time finds its rows by an index."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.telegram.ids import NUMBERING, sequence_of
from db.aging import EraseRevisions, LeaveConversations
from db.attention import SeeTo, seen_to_by, untold
from db.chats import ChatWork
from db.chores import ClearUpdateNumbers
from db.companies import DeleteTenant
from db.drafts import Change
from db.duty import roles_reached
from db.engine import sqlite_path
from db.erasing import EraseTenant
from db.facts import LINK, Fact, facts_of
from db.journal import apply
from db.models import bots, talks
from db.operations import (
    Beat,
    CloseChat,
    HoldBot,
    Introduce,
    NoteResponse,
    SetConversation,
    Wait,
)
from db.outdated import Rewritten, outdated
from db.people import rooms_of
from db.reach import reachable
from db.readings import NoteReading
from db.records import Actor, Draft, Secret, UpdateKind
from db.remains import DropRows
from db.retention import Retention
from db.secrets import reveal
from db.sequence import Sequence, first_id_after, known_ids, last_ids, unsettled
from db.sqlite import driver
from db.talks import (
    last_heard,
    list_talks,
    named_talks,
    newest_talks,
    read_talk,
    talk_by_row,
)
from db.taps import judge_tap
from db.transcript import find_chats, missed, recent_lines
from db.unlocking import UseCode, look_up
from db.words import EraseWords
from tests.databases import BOT, SOMEBODY
from tests.db.aging import Aging
from tests.db.desk import ANNA, Desk, bubble, incoming, sent
from tests.db.notices import tell_people
from tests.db.test_requests import what_was_asked_for
from tests.db.test_unanswered import settle_all

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SMALL = {"CONSTANT", "workers"}  # the rest grows as long as the program is used
Statement = tuple[str, Any]


@pytest.fixture
def statements() -> Iterator[list[Statement]]:
    """What is executed, with the first of its parameters."""
    heard: list[Statement] = []

    def hear(*event: Any) -> None:
        _, _, statement, parameters, _, many = event
        heard.append((statement, parameters[0] if many else parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def plans(url: str, statements: list[Statement]) -> dict[str, list[str]]:
    """How SQLite finds the rows of each statement."""
    connection = driver.connect(str(sqlite_path(url)))
    found = {}
    for statement, parameters in statements:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            steps = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found[statement] = [step for *_, step in steps]
    connection.close()
    assert found
    return found


def is_whole_table(step: str) -> bool:
    """Whether a step reads a table from end to end, and not what an inner SELECT found."""
    scanned = re.match(r"SCAN (?!anon_)(\w+)", step)
    return bool(scanned and scanned[1] not in SMALL)


async def a_turn(desk: Desk) -> None:
    """From the client's messages to the end of the answer."""
    await desk.accept(incoming(1), incoming(2, kind=UpdateKind.EDIT, message_id=10))
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    notice = (bubble("IA"),)
    await desk.journal.do(Introduce(turn.fence, turn.chat, desk.owner, desk.now, notice))
    await desk.journal.do(Wait(turn.fence, turn.chat, desk.owner, desk.now, (bubble("..."),)))
    await desk.journal.do(NoteResponse(turn.fence, "resp_1", told="[]"))
    first, second = (
        await desk.post(turn, bubble("Uno.", 1), bubble("Due.", 2), intend_first=True)
    ).rows
    await desk.post(turn, settled=(sent(first, 42),), intend=second.row)
    await desk.post(turn, settled=(sent(second, 43),))
    ended = desk.completing(turn, last_item_id="item_1", input_tokens=1)
    await desk.journal.do(replace(ended, keys="keys"))
    corrected = incoming(3, kind=UpdateKind.EDIT, message_id=10, written_at=0.0, edited_at=1.0)
    await desk.accept(corrected, incoming(4, kind=UpdateKind.EDIT, message_id=10))


def every_command(chat: ChatWork) -> tuple[Draft, ...]:
    chat.start_over()
    chat.is_first_of_album("a")
    chat.lacks_words()
    chat.learn(Fact("start", "campaign-42", LINK))
    chat.is_first_press("9")
    chat.read(judge_tap, chat=chat.chat, event=1, turn=1, under="9")
    chat.move("-1")
    chat.close()
    chat.forget()
    return (bubble("Ecco."),)


async def the_rest(desk: Desk) -> None:
    """What commands do, and what goes on beside the turns."""
    await desk.handle(await desk.event(), every_command)
    chat = await desk.hear()
    await desk.journal.do(CloseChat(chat, desk.now))
    await desk.journal.do(Beat(desk.owner, 30.0))
    await desk.journal.do(HoldBot(BOT, desk.owner, 0.0))
    await desk.journal.do(desk.adopting(chats=(chat,)))
    await desk.journal.do(ClearUpdateNumbers(desk.now))


async def sequence_of_an_event(desk: Desk) -> Sequence:
    address = (await desk.event()).address
    assert address is not None
    return sequence_of(address)


async def what_is_read(desk: Desk) -> None:
    sequence = await sequence_of_an_event(desk)
    await desk.database.read(lambda c: known_ids(c, sequence, above=1))
    await desk.database.read(lambda c: last_ids(c, BOT, NUMBERING))
    await desk.database.read(lambda c: unsettled(c, sequence))
    await desk.database.read(lambda c: recent_lines(c, thread=1, before_turn=2, limit=40))
    await desk.database.read(lambda c: missed(c, thread=1, before_turn=2))
    await desk.database.read(lambda c: facts_of(c, chat=1, tenant=1))


async def what_people_read(desk: Desk) -> None:
    """Their list, a search, and a page of a conversation."""
    await a_turn(desk)
    await desk.database.write(
        lambda c: c.execute(talks.update().where(talks.c.id == 1).values(waiting_since=1.0))
    )
    which: dict[str, Any] = {"private": False, "limit": 8}
    (talk,) = await desk.database.read(lambda c: list_talks(c, 1, first=0, **which))
    await desk.database.read(lambda c: list_talks(c, 1, first=8, **which))
    await desk.database.read(lambda c: named_talks(c, 1, "anna", **which))
    await desk.database.read(lambda c: newest_talks(c, 1, **which))
    await desk.database.read(lambda c: talk_by_row(c, 1, talk.row, private=False))
    await desk.database.read(lambda c: last_heard(c, talk, limit=9))
    await desk.database.read(lambda c: read_talk(c, talk, limit=1, before=1))
    await desk.database.read(lambda c: read_talk(c, talk, limit=1))
    reading = NoteReading(talk.row, 1, SOMEBODY, "2026-11-20", desk.now)
    await desk.database.write(lambda c: apply(c, [reading]))
    await what_was_asked_for(desk)


async def whom_people_see_to(desk: Desk) -> None:
    """Somebody is told, sees to it, and what was told is shown anew."""
    telling = await tell_people(desk)
    await desk.journal.do(telling)
    await desk.database.read(untold)
    await desk.database.read(lambda c: seen_to_by(c, 1))
    await settle_all(desk)
    await desk.database.write(lambda c: apply(c, [SeeTo(1, SOMEBODY, desk.now)]))
    for shown in await desk.database.read(outdated, [BOT], now=desk.now + 1):
        await desk.journal.do(Rewritten(shown.quote, shown.asked_at))


async def an_access_code(desk: Desk) -> None:
    actor, secret = Actor(ANNA, "Anna"), Secret("code", "ciphertext")
    asked = incoming(1, kind=UpdateKind.EVENT, secrets=(secret,), wrong_codes=1)
    (event,) = (await desk.accept(asked)).events
    await desk.database.read(lambda c: reveal(c, event.row))
    await desk.database.read(
        lambda c: look_up(c, bot_id=BOT, clients={str(ANNA): "p"}, digests=["d"], now=desk.now)
    )

    def work(chat: ChatWork) -> tuple[Draft, ...]:
        which: dict[str, Any] = {"digests": ("d",), "assistants": frozenset({"vip"})}
        use = UseCode(tenant=1, chat=chat.chat, actor=actor, now=desk.now, **which)
        apply(chat.connection, [use])
        chat.switch(1, assistant="vip")
        chat.ask_again("{}")
        return ()

    await desk.handle(event, work)


async def people(desk: Desk) -> None:
    """Where a person can be met."""
    await desk.database.read(lambda c: reachable(c, [ANNA], bot_id=BOT))
    await desk.database.read(roles_reached, [1], now=desk.now)
    await desk.database.read(lambda c: rooms_of(c, ANNA))
    await desk.database.read(lambda c: find_chats(c, str(ANNA)))


async def a_deletion(desk: Desk) -> None:
    await desk.open_turn()
    await desk.database.write(lambda c: c.execute(bots.update().values(token="encrypted")))
    assert await desk.journal.do(DeleteTenant(1, SOMEBODY, desk.now)) == ()
    while await desk.journal.do(EraseTenant(desk.now)):
        pass


async def a_pruning(desk: Desk) -> None:
    aging = Aging(desk, Retention(words=10, records=20))
    await a_turn(desk)
    await desk.do_to_chat("start_over")
    for name in ("Aurora", "Alba"):
        await desk.journal.do(Change(1, {"company_name": name}, Actor(1, "Ada"), desk.now, ()))
    for _ in range(2):
        aging.days_later(15)
        await aging.prune()
    kinds = {type(batch.operation) for batch in aging.batches}
    assert kinds == {EraseWords, EraseRevisions, LeaveConversations, DropRows}


# Few of each, and only looked through where a company or a person is all that is known.
FEW = {
    *("admins", "bots", "codes", "company_tools", "drafts"),
    *("hands", "invites", "profiles", "tenants"),
}


@pytest.mark.parametrize("work", [people, whom_people_see_to, a_deletion, a_pruning])
async def test_no_table_that_grows_with_the_messages_is_read_from_end_to_end(
    desk: Desk, statements: list[Statement], database_url: str, work: Any
) -> None:
    await work(desk)
    found = plans(database_url, statements)
    scanned = {step for plan in found.values() for step in plan if is_whole_table(step)}
    assert {step for step in scanned if step.split()[1] not in FEW} == set()


FOREIGN = """
SELECT child.name, key."from" FROM sqlite_master AS child
JOIN pragma_foreign_key_list(child.name) AS key
WHERE child.type = 'table' AND key."table" IN ('updates', 'turns', 'threads', 'chats')
"""


async def test_what_refers_to_a_row_that_goes_is_found_by_an_index(
    desk: Desk, database_url: str
) -> None:
    """No statement of ours shows this: the database looks at each reference to a deleted row."""
    connection = driver.connect(str(sqlite_path(database_url)))
    references = connection.execute(FOREIGN).fetchall()
    assert ("updates", "thread_id") in references
    for table, column in references:
        look = f"EXPLAIN QUERY PLAN DELETE FROM {table} WHERE {column} = 1"  # noqa: S608 - the schema's names
        steps = [step for *_, step in connection.execute(look)]
        assert not any(map(is_whole_table, steps)), (table, column)
    connection.close()


@pytest.mark.parametrize("work", [a_turn, the_rest, what_is_read, what_people_read, an_access_code])
async def test_no_table_is_read_from_end_to_end(
    desk: Desk, statements: list[Statement], database_url: str, work: Any
) -> None:
    await work(desk)
    found = plans(database_url, statements)
    assert len(found) > 3
    assert {
        statement for statement, plan in found.items() if any(map(is_whole_table, plan))
    } == set()


async def test_what_is_old_is_found_among_what_still_has_words(
    desk: Desk, statements: list[Statement], database_url: str
) -> None:
    await a_pruning(desk)
    found = [step for plan in plans(database_url, statements).values() for step in plan[:1]]
    for table in ("updates", "outbox", "audit", "threads"):
        index = "ix_threads_remembered" if table == "threads" else f"ix_{table}_worded"
        assert any(index in step for step in found), (table, found)


async def test_of_all_message_ids_only_the_newest_are_looked_at(
    desk: Desk, statements: list[Statement], database_url: str
) -> None:
    sequence = await sequence_of_an_event(desk)
    statements.clear()
    await desk.database.read(lambda c: known_ids(c, sequence, above=1))
    await desk.database.read(lambda c: first_id_after(c, sequence, above=1, moment=0.0))
    for plan in plans(database_url, statements).values():
        assert "message_id>?" in plan[0]


async def test_at_a_start_each_chat_is_asked_for_its_last_id(
    desk: Desk, statements: list[Statement], database_url: str
) -> None:
    """What other bots said, and what else was said in the chat, is not gone through."""
    await desk.event()
    statements.clear()
    await desk.database.read(lambda c: last_ids(c, BOT, NUMBERING))
    found = plans(database_url, statements)
    assert len(found) == 4
    for statement, plan in found.items():
        table = "updates" if "updates" in statement else "outbox"
        assert any("(bot_id=? AND chat_id" in step for step in plan)
        index = f"COVERING INDEX ix_{table}_chat_id_message_id (chat_id=?)"
        assert f"SEARCH {table} USING {index}" in plan


async def test_a_sweep_looks_at_what_is_not_over_alone(
    desk: Desk, statements: list[Statement], database_url: str
) -> None:
    await desk.journal.do(desk.adopting())
    partial = "uq_turns_open|ix_outbox_unsettled|ix_updates_accepted|ix_chats_due_at"
    for plan in plans(database_url, statements).values():
        assert re.search(partial, plan[0])


async def test_of_many_conversations_only_those_of_a_page_are_looked_at(
    desk: Desk, statements: list[Statement], database_url: str
) -> None:
    await a_turn(desk)
    statements.clear()
    await desk.database.read(lambda c: list_talks(c, 1, private=False, first=0, limit=8))
    waiting, newest = [
        plan for said, plan in plans(database_url, statements).items() if "LIMIT" in said
    ]
    assert "ix_talks_waiting (tenant_id=?" in waiting[0]
    assert "ix_talks_tenant_id_last_at (tenant_id=?)" in newest[0]
    assert not any("TEMP B-TREE" in step for step in (*waiting, *newest))
