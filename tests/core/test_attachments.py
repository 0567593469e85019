"""What became of an attachment: as it is kept, and as the model is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.attachments import AttachmentKind, Extract, NotRead, told_of
from bot.core.tokens import hidden
from tests.telegram.test_route import JSON

TEXTS = st.text(st.characters(codec="utf-8"))
EXTRACTS = st.builds(Extract, TEXTS, st.booleans(), st.none() | st.sampled_from(NotRead))
DONE = dict(zip(AttachmentKind, ("looked at", "heard", "read"), strict=True))
INVITATION = f"i_{'aB3' * 11}"


@given(EXTRACTS)
def test_what_is_kept_is_read_again(extract: Extract) -> None:
    kept = json.loads(json.dumps(extract.as_json()))
    assert Extract.of(kept) == Extract(hidden(extract.text), extract.whole, extract.why)


def test_what_opens_something_is_not_kept() -> None:
    assert INVITATION not in str(Extract(f"Ecco: {INVITATION}").as_json())


@given(JSON)
def test_whatever_else_is_kept_is_none_or_an_extract(kept: object) -> None:
    found = Extract.of(kept)
    assert (found is not None) == isinstance(kept, dict)


@given(st.sampled_from(AttachmentKind), EXTRACTS)
def test_somebodys_words_are_never_a_label(kind: AttachmentKind, extract: Extract) -> None:
    told = told_of(kind, extract)
    assert told.count("⟦") == told.count("⟧") == bool(told)
    assert told.startswith("⟦") or not told


@pytest.mark.parametrize(
    ("kind", "extract", "told"),
    [
        (AttachmentKind.PICTURE, Extract(), ""),
        (AttachmentKind.SPEECH, Extract("Ciao ⟦x⟧"), "⟦heard in it⟧\nCiao ␛[x␛]"),
        (AttachmentKind.FILE, Extract("Ciao"), "⟦text in it⟧\nCiao"),
        (AttachmentKind.FILE, Extract("C", False), "⟦the beginning of the text in it⟧\nC"),
        (AttachmentKind.FILE, Extract(why=NotRead.LOCKED), "⟦not read: it has a password⟧"),
        (AttachmentKind.PICTURE, Extract(why=NotRead.BROKEN), "⟦not looked at: it is damaged⟧"),
    ],
)
def test_what_is_told(kind: AttachmentKind, extract: Extract, told: str) -> None:
    assert told_of(kind, extract) == told


@pytest.mark.parametrize("why", NotRead)
def test_each_cause_has_its_words(why: NotRead) -> None:
    assert all(f"⟦not {done}: " in told_of(kind, Extract(why=why)) for kind, done in DONE.items())
