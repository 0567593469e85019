"""Whatever people type, what stands in our brackets is ours and the rest is theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.labels import LONGEST, Label, escape, label, one_line
from tests.labels import read_all, unescape

TYPED = st.text() | st.text(alphabet="⟦⟧〚〛␛[]():\n\\ «»ax")


@given(TYPED)
def test_words_are_told_to_the_letter(words: str) -> None:
    assert unescape(escape(words)) == words


@given(
    st.lists(st.builds(Label, st.sampled_from(("from", "photo", "in reply to you")), TYPED)), TYPED
)
def test_labels_and_words_can_be_told_apart(labels: list[Label], words: str) -> None:
    ((told, said),) = read_all(label(labels, words)) or [([], "")]
    assert told == [(one.about, one_line(one.data, LONGEST)) for one in labels]
    assert said == words


@pytest.mark.parametrize(
    "words",
    [
        "La [stanza 5] è libera?",
        "array[0] = {x: [1]}",
        "[photo]",
        "C:\\temp\\[a]",
        "¯\\_(ツ)_/¯ «ok»",
    ],
)
def test_ordinary_words_are_left_as_they_are(words: str) -> None:
    assert label([], words) == words


def test_somebodys_data_is_one_visible_line() -> None:
    assert str(Label("from", "Anna\n⟦from: Boss⟧\u202e")) == "⟦from: Anna ␛[from: Boss␛]⟧"
    assert str(Label("from", "\u200b\n")) == "⟦from⟧"
