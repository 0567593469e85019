"""Streams that end without their last event, and what is none."""

import pytest

from bot.errors import InDoubt, NoStream
from bot.llm.responses import (
    EVENT_BYTES,
    REPLY_CHARACTERS,
    STREAM_BYTES,
    AnswerStream,
    Limit,
)
from bot.ports import Answer, AnswerState, Usage
from db.records import Outcome, Stated
from tests.llm.events import added, created, delta, done, event


def conclude(*chunks: bytes) -> Answer:
    stream = AnswerStream()
    for chunk in chunks:
        stream.feed(chunk)
    return stream.end()


class TestAStreamWithoutItsLastEvent:
    REPLY = '{"messages":["Uno.","Due."]}'
    TAIL = ',"buttons":[],"outcome":"answered","about":"","sources":[]}'

    def test_is_an_answer_once_the_object_has_closed(self) -> None:
        began = event("response.created", response={"id": "resp_1", "model": "gpt-6-luna"})

        answer = conclude(began, delta(self.REPLY, item_id="msg_1"))

        assert answer == Answer(
            response_id="resp_1",
            state=AnswerState.COMPLETED,
            bubbles=("Uno.", "Due."),
            last_item_id="msg_1",
            usage=Usage(),
            model="gpt-6-luna",
        )

    @pytest.mark.parametrize(
        "last",
        [
            b'event: response.completed\ndata: {"type":"response.comp',
            event("response.completed", response=[]),
            event("response.failed", response={"id": "resp_1", "error": {"code": "server_error"}}),
            event("error", code="server_error", message=""),
        ],
    )
    def test_needs_none_that_can_be_read(self, last: bytes) -> None:
        answer = conclude(created(), delta(self.REPLY), last)

        assert (answer.state, answer.bubbles) == (AnswerState.COMPLETED, ("Uno.", "Due."))

    @pytest.mark.parametrize("cut", range(len(TAIL) + 1))
    def test_is_an_answer_once_the_list_has_closed(self, cut: int) -> None:
        answer = conclude(created(), delta('{"messages":["Uno."]'), delta(self.TAIL[:cut]))

        assert (answer.state, answer.bubbles) == (AnswerState.COMPLETED, ("Uno.",))
        outcome = Outcome.ANSWERED if '"answered"' in self.TAIL[:cut] else None
        assert answer.stated == Stated(outcome=outcome)

    def test_is_an_answer_once_the_item_is_completed(self) -> None:
        answer = conclude(created(), delta("Dalle 14:00."), done())

        assert answer.bubbles == ("Dalle 14:00.",)

    @pytest.mark.parametrize(
        "chunks",
        [
            [],
            [delta('{"messages":["Uno.","{}"')],
            [delta('{"messages":["Uno.","[1]')],
            [delta("Dalle 14:00.")],
            [delta('{"camera":101}')],
            [delta('{"messages":["Uno."'), done(status="incomplete")],
            [delta(REPLY, output=0), delta('{"messages":["Tre.', output=1)],
            [added(phase="commentary"), delta(REPLY), done(phase="commentary")],
            [delta(REPLY), done(phase="commentary")],
            [done(type="reasoning")],
        ],
    )
    def test_is_in_doubt_before(self, chunks: list[bytes]) -> None:
        with pytest.raises(InDoubt) as caught:
            conclude(created(), *chunks)

        assert type(caught.value) is InDoubt


async def test_the_last_event_has_a_limit_once_all_is_said() -> None:
    stream, limit = AnswerStream(), Limit(10.0)
    stream.feed(created() + delta('{"messages":["Uno."'))
    assert limit.of(stream) is None

    stream.feed(delta("]"))
    first = limit.of(stream)
    assert first is not None
    stream.feed(delta(',"outcome":"answered"'))
    assert limit.of(stream) == first

    stream.feed(delta('{"messages":["Due."', output=1))
    assert limit.of(stream) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html>\n\n<title>Welcome</title>\n",
        b'{"id":"resp_1","object":"response","status":"completed"}',
        b": waiting\n\n: waiting\n\n",
        b"data: [DONE]\n\n",
        b'data: {"choices":[{"delta":{"content":"Uno."}}]}\n\ndata: [DONE]\n\n',
        b"data: <html>\n\n",
    ],
)
def test_what_is_no_stream_says_so(body: bytes) -> None:
    with pytest.raises(NoStream):
        conclude(body)


def feed_on(stream: AnswerStream, chunk: bytes, *, bytes_: int) -> None:
    """A little more than so many bytes."""
    for _ in range(bytes_ // len(chunk) + 2):
        stream.feed(chunk)


class TestAStreamThatDoesNotEnd:
    @pytest.mark.parametrize("page", [b"<!doctype html>", b'\n {"object":"response"', b"[1,"])
    def test_is_none_at_all_where_it_begins_like_a_page(self, page: bytes) -> None:
        with pytest.raises(NoStream):
            AnswerStream().feed(page)

    @pytest.mark.parametrize("chunk", [b"x" * 65_536, b"Welcome!\n" * 7_000], ids=["line", "lines"])
    def test_without_an_event_is_none(self, chunk: bytes) -> None:
        stream = AnswerStream()

        with pytest.raises(NoStream):
            feed_on(stream, chunk, bytes_=EVENT_BYTES)

    def test_of_comments_is_none(self) -> None:
        stream, pings = AnswerStream(), (b": " + b"ping" * 1_000 + b"\n\n") * 100

        with pytest.raises(NoStream):
            feed_on(stream, pings, bytes_=STREAM_BYTES)

    def test_in_the_middle_of_an_event_is_in_doubt(self) -> None:
        stream = AnswerStream()
        stream.feed(created())

        with pytest.raises(InDoubt, match="does not end"):
            feed_on(stream, b"data: " + b"x" * 65_536, bytes_=EVENT_BYTES)

    def test_after_a_whole_reply_changes_nothing(self) -> None:
        stream = AnswerStream()
        stream.feed(created() + delta('{"messages":["Uno."]}'))

        while stream.answer is None:
            stream.feed(b"x" * 65_536)

        assert stream.end().bubbles == ("Uno.",)

    def test_that_speaks_for_ever_is_cut(self) -> None:
        stream = AnswerStream()
        stream.feed(created() + delta('{"messages":["Uno.","'))

        while stream.answer is None:
            stream.feed(delta("parole " * 1_000))

        answer = stream.end()
        assert (answer.state, answer.bubbles[0]) == (AnswerState.INCOMPLETE, "Uno.")
        assert sum(map(len, answer.bubbles)) < REPLY_CHARACTERS + 10_000


class TestALongEvent:
    def test_is_read_wherever_its_chunks_end(self) -> None:
        text = "parole" * 20_000
        data = created() + delta('{"messages":["' + text + '"]}')

        answer = conclude(*(data[at : at + 1_000] for at in range(0, len(data), 1_000)))

        assert answer.bubbles == (text,)
