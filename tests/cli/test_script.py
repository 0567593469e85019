"""A transcript as a host reads it."""

import json
from datetime import UTC

from bot.cli.script import LONGEST_CALL, write_script
from db.records import (
    Message,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Outcome,
    Stated,
    UpdateKind,
)
from db.transcript import Called, HeardUpdate, Said, Transcript, TurnRow
from tests.addresses import chat_at

NOON = 1_795_176_000.0  # 2026-11-20 12:00:00 UTC
NIGHT = NOON + 12 * 3600


def heard(text: str, at: float, *, turn: int | None = 1, message_id: int = 5) -> HeardUpdate:
    payload = json.dumps({"message": {"from": {"first_name": "Giulia"}, "text": text}})
    return HeardUpdate(
        Message(1, UpdateKind.MESSAGE, str(message_id), payload), "done", turn, at, None
    )


def said(text: str, at: float, position: int = 0, *, state: OutboxState = OutboxState.SENT) -> Said:
    row = OutboxRow(1, 1, 1, OutboxKind.REPLY, position, text, None, None, state)
    return Said(
        row, str(6 + position), at, at, "forbidden" if state is OutboxState.FAILED else None
    )


def turn(**fields: object) -> TurnRow:
    known: dict[str, object] = {
        "id": 1,
        "state": "done",
        "epoch": 1,
        "cause": None,
        "model": "gpt-6-luna",
        "response_id": "resp_1",
        "profile_version": 3,
        "input_tokens": 2777,
        "cached_tokens": 1024,
        "output_tokens": 32,
        "received_at": NOON,
        "opened_at": NOON + 0.7,
        "first_delta_at": NOON + 1.2,
        "first_bubble_at": NOON + 1.5,
        "done_at": NOON + 4,
    }
    return TurnRow(**(known | fields))  # type: ignore[arg-type]  # mypy cannot follow a mapping


def script(*entries: HeardUpdate | Said | TurnRow, width: int = 80, topic: int = 0) -> list[str]:
    transcript = Transcript(
        chat=1,
        address=chat_at(4711, 1001, topic),
        heard=tuple(entry for entry in entries if isinstance(entry, HeardUpdate)),
        said=tuple(entry for entry in entries if isinstance(entry, Said)),
        turns=tuple(entry for entry in entries if isinstance(entry, TurnRow)),
    )
    return write_script(transcript, width=width, zone=UTC).splitlines()


def test_a_dialogue() -> None:
    assert script(
        heard("A che ora è il check-in?", NOON),
        said("Buongiorno!", NOON + 1.5),
        said("Dalle 14:00.", NOON + 4, 1),
        turn(),
        width=90,
    ) == [
        "Chat 1001 of bot 4711",
        "",
        "TIME      TURN  WHO            ID  TEXT",
        "2026-11-20",
        "12:00:00  1     Giulia         5   A che ora è il check-in?",
        "12:00:01  1     bubble 1 sent  6   Buongiorno!",
        "12:00:04  1     bubble 2 sent  7   Dalle 14:00.",
        "12:00:04  1     turn done          gpt-6-luna, resp_1, profile version 3; tokens 2,777 in",
        "                                   (1,024 cached), 32 out; claimed +0.70 s, first delta",
        "                                   +1.20 s, first bubble +1.50 s, done +4.00 s",
    ]


def test_what_an_answer_says_of_itself_has_a_line_of_its_own() -> None:
    stated = Stated(Outcome.ASKED, "Una camera", ("Sì", "No"), ("Listino", "Bar"), promised=True)
    lines = script(turn(stated=stated), width=200)

    assert lines[-1].strip() == (
        "asked; about: Una camera; from: Listino, Bar; promised that somebody will call or write"
    )
    assert len(script(turn(), width=200)) == len(lines) - 1


def test_messages_stand_in_the_order_of_time_and_under_their_day() -> None:
    lines = script(heard("dopo", NIGHT), heard("prima", NOON))

    assert [line.split()[-1] for line in lines[3:]] == ["2026-11-20", "prima", "2026-11-21", "dopo"]


def test_a_bubble_that_did_not_arrive_says_why() -> None:
    assert script(said("Eccomi", NOON, state=OutboxState.FAILED))[-1].endswith(
        "bubble 1 failed  6   Eccomi [forbidden]"
    )


def test_a_turn_that_is_open_or_failed_says_what_is_known() -> None:
    line = " ".join(
        script(
            turn(
                state="failed",
                cause="RetryLater",
                epoch=2,
                model=None,
                response_id=None,
                first_delta_at=None,
                first_bubble_at=None,
            ),
            width=200,
        )[-1].split()
    )

    assert line == (
        "12:00:04 1 turn failed no model, profile version 3, epoch 2; tokens 2,777 in "
        "(1,024 cached), 32 out; claimed +0.70 s, done +4.00 s [RetryLater]"
    )


def test_lines_of_a_text_stay_lines_and_long_ones_hang() -> None:
    lines = script(heard("uno\n\ndue tre quattro cinque sei sette", NOON), width=30)

    assert lines[4:] == [
        "12:00:00  1     Giulia  5   uno",
        "",
        "                            due tre quattro cinque",
        "                            sei sette",
    ]


def test_what_is_one_word_is_not_broken() -> None:
    link = "https://example.org/" + "a" * 60

    assert script(heard(link, NOON), width=40)[-1].endswith(link)


def test_a_topic_is_named() -> None:
    assert script(heard("Ciao", NOON), topic=7)[0] == "Chat 1001, topic 7 of bot 4711"


def test_a_call_stands_with_what_it_was_made_with_and_what_came_of_it() -> None:
    token = f"4711000000:{'aB3' * 11}xY"
    booked = Called(1, "book", '{"people": 2}', "done", "Booked.", NOON, NOON + 1)
    long = Called(1, "book", f"{token} {'x ' * 600}", "doubt", None, NOON, NOON + 1)
    transcript = Transcript(1, chat_at(7, 1), (), (), (), (booked, long))
    shown = write_script(transcript, width=10_000, zone=UTC)

    assert 'call done       book {"people": 2} → Booked.' in shown
    assert "call doubt" in shown
    assert token not in shown
    assert max(map(len, shown.splitlines())) < 2 * LONGEST_CALL
