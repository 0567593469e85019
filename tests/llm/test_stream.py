"""The events of a stream, without a network."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InDoubt, OutOfCredit, RetryLater
from bot.ports import AllSaid, Answer, AnswerState, Began, BubbleClosed, Speaking, Usage
from tests.llm.events import created, delta, ended, event, read

WHOLE = b"".join(
    [
        created(),
        event("response.in_progress", response={"id": "resp_1"}),
        event("response.output_item.added", output_index=0, item={"type": "message"}),
        *map(delta, ['{"mess', 'ages":["Sì', ' 😀","', "E lei?", '"]}']),
        event("response.output_text.done", text="..."),
        ended(usage={"input_tokens": 9, "output_tokens": 3, "input_tokens_details": None}),
    ]
)


@given(st.sets(st.integers(0, len(WHOLE)), max_size=30))
def test_an_answer_is_the_same_wherever_the_chunks_end(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(WHOLE)]

    events, answer = read(WHOLE[start:end] for start, end in pairwise(edges))

    assert events == [
        Began("resp_1"),
        Speaking(),
        BubbleClosed("Sì 😀"),
        BubbleClosed("E lei?"),
        AllSaid(),
    ]
    assert answer == Answer(
        response_id="resp_1",
        state=AnswerState.COMPLETED,
        bubbles=("Sì 😀", "E lei?"),
        last_item_id=None,
        usage=Usage(input_tokens=9, output_tokens=3),
        model="gpt-6-luna",
    )


def test_a_server_may_leave_the_events_names_out() -> None:
    nameless = (line for line in WHOLE.splitlines(keepends=True) if line[:6] != b"event:")

    events, answer = read(nameless)

    assert events[0] == Began("resp_1")
    assert answer


def test_a_server_may_send_the_text_only_at_the_end() -> None:
    text = {"type": "output_text", "text": '{"messages":["Sì."]}'}
    output = [{"type": "reasoning", "id": "rs_1"}, {"id": "msg_1", "content": [text]}]

    events, answer = read([created(), ended(output=output)])

    assert events == [Began("resp_1")]
    assert answer
    assert answer.bubbles == ("Sì.",)
    assert answer.last_item_id == "msg_1"


def test_an_emoji_may_be_cut_between_two_deltas() -> None:
    head = b'data: {"type":"response.output_text.delta","delta":'
    halves = [b'"{\\"messages\\":[\\"Ciao \\ud83d"}', b'"\\ude00\\"]}"}']

    _, answer = read([created(), *(head + half + b"\n\n" for half in halves), ended()])

    assert answer
    assert answer.bubbles == ("Ciao 😀",)


def test_a_second_text_goes_on_where_the_first_ended() -> None:
    events, answer = read(
        [
            created(),
            delta('{"messages":["Vediamo."', output=1),
            delta("]}", output=1),
            delta('{"messages":["Dalle 14:00."]}', output=2),
            ended(),
        ]
    )

    assert events[2:] == [BubbleClosed("Vediamo."), AllSaid(), BubbleClosed("Dalle 14:00.")]
    assert answer
    assert answer.bubbles == ("Vediamo.", "Dalle 14:00.")


def test_a_first_text_that_is_no_json_is_a_bubble_once_it_is_over() -> None:
    events, answer = read(
        [
            created(),
            delta("Vediamo.", output=0),
            delta('{"messages":["Dalle 14:00."]}', output=1),
            ended(),
        ]
    )

    assert events[2:] == [BubbleClosed("Vediamo."), BubbleClosed("Dalle 14:00."), AllSaid()]
    assert answer
    assert answer.bubbles == ("Vediamo.", "Dalle 14:00.")


def test_a_refusal_may_interrupt_a_reply() -> None:
    refusal = event("response.refusal.delta", output_index=0, content_index=1, delta="Non posso.")

    events, answer = read([created(), delta('{"messages":["Sì.","Anz'), refusal, ended()])

    assert events == [Began("resp_1"), Speaking(), BubbleClosed("Sì.")]
    assert answer
    assert answer.state is AnswerState.REFUSED
    assert answer.bubbles == ("Sì.", "Non posso.")


def test_a_response_that_is_cancelled_has_failed() -> None:
    _, answer = read([created(), delta('{"messages":["Sì.","Anz'), ended("cancelled")])

    assert answer
    assert answer.state is AnswerState.FAILED
    assert answer.bubbles == ("Sì.",)


def test_credit_may_run_out_after_the_beginning() -> None:
    error = {"type": "insufficient_quota", "code": "insufficient_quota", "message": "Quota."}

    with pytest.raises(OutOfCredit):
        read([created(), event("error", error=error, sequence_number=2)])


def test_a_failure_may_tell_how_long_to_wait() -> None:
    error = {"code": "rate_limit_exceeded", "message": "Please try again in 11.5s. Visit ..."}

    with pytest.raises(RetryLater) as caught:
        read([created(), ended("failed", error=error)])

    assert caught.value.after == 11.5


def test_nothing_counts_after_the_end() -> None:
    _, answer = read([created(), ended(), event("error", code="server_error", message="")])

    assert answer
    assert answer.state is AnswerState.COMPLETED


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"type":"response.created"}',
        b'{"type":"response.created","response":[]}',
        b'{"type":"error","error":"text"}',
    ],
)
def test_what_is_no_event_leaves_the_answer_in_doubt(data: bytes) -> None:
    with pytest.raises(InDoubt):
        read([b"data: " + data + b"\n\n"])


def test_the_mark_of_an_older_api_is_passed_over() -> None:
    assert read([created(), b"data: [DONE]\n\n"]) == ([Began("resp_1")], None)
