from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.llm.sse import EventSplitter, RawEvent

STREAM = (
    b": hello\n\n"
    b"event: one\ndata: {}\n\n"
    b"event: two\r\ndata: first\r\ndata: second\r\n\r\n"
    b"data:bare\n\n"
    b"id: 7\nretry: 10\n\n"
    b"event: unfinished\ndata: {"
)
EVENTS = [
    RawEvent(b"one", b"{}"),
    RawEvent(b"two", b"first\nsecond"),
    RawEvent(b"", b"bare"),
]


@given(st.sets(st.integers(0, len(STREAM))))
def test_events_are_the_same_wherever_the_chunks_end(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    splitter = EventSplitter()

    chunks = (STREAM[start:end] for start, end in pairwise(edges))

    assert [event for chunk in chunks for event in splitter.feed(chunk)] == EVENTS
