"""A picture's format and size are read from its first bytes, and a broken one has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.pictures import Picture, measure
from tests.samples import gif, jpeg, png, webp

SIDES = st.integers(1, 3_000)


@given(SIDES, SIDES)
def test_each_format_says_its_size(width: int, height: int) -> None:
    assert measure(jpeg(width, height)) == Picture("jpeg", width, height)
    assert measure(webp(width, height)) == Picture("webp", width, height)
    assert measure(gif(width=width, height=height)) == Picture("gif", width, height)


def test_a_png_says_its_size_and_a_gif_that_it_moves() -> None:
    assert measure(png(7, 5)) == Picture("png", 7, 5)
    assert measure(gif(frames=2)) == Picture("gif", 3, 2, is_animated=True)


def test_a_large_webp_says_its_size() -> None:
    content = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"
    assert measure(content + b"\xff\x0f\x00\xff\x07\x00") == Picture("webp", 4096, 2048, True)
    lossy = b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00" + bytes(6) + b"\x80\x02\xe0\x01"
    assert measure(lossy) == Picture("webp", 640, 480)


@pytest.mark.parametrize("whole", [jpeg(8, 8), png(), gif(), webp()])
def test_whatever_is_cut_off_is_no_picture_and_no_trouble(whole: bytes) -> None:
    for length in range(8):
        assert measure(whole[:length]) is None
    for length in range(8, len(whole)):
        measure(whole[:length])


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a"]))
def test_rubbish_behind_a_beginning_ends(rubbish: bytes, beginning: bytes) -> None:
    measure(beginning + rubbish)
