"""A voice message of the playground is a true one, and its words are found in it."""

from struct import unpack_from

from hypothesis import given
from hypothesis import strategies as st

from bot.playground.voices import seconds_of, silence, with_words, words_in


@given(st.text())
def test_what_was_put_into_a_recording_is_heard_in_it(words: str) -> None:
    said = words.encode(errors="replace").decode()
    assert words_in(with_words(silence(1), said)) == said


def test_in_a_recording_of_somebody_nothing_was_written_down() -> None:
    assert words_in(silence(1)) is None


@given(st.integers(1, 70))
def test_silence_lasts_as_long_as_it_should_word_or_no_word(seconds: int) -> None:
    assert seconds_of(silence(seconds)) == seconds
    assert seconds_of(with_words(silence(seconds), "Buongiorno!")) == seconds


def test_a_recording_of_another_kind_lasts_as_long_as_it_is_large() -> None:
    assert seconds_of(b"\x1aE\xdf\xa3" + bytes(11_996)) == 3


def test_each_page_of_a_silence_is_whole() -> None:
    content, at, pages = silence(3), 0, 0
    while at < len(content):
        capture, _, _, _, _, number, _, segments = unpack_from("<4sBBQIIIB", content, at)
        assert (capture, number) == (b"OggS", pages)
        at += 27 + segments + sum(content[at + 27 : at + 27 + segments])
        pages += 1
    assert pages == 5
