"""A bubble where text alone is shown, and a key that is said."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.plain import key_called, plain
from bot.web.letter import Press
from db.log import EntryKind, LogEntry

KEYS = json.dumps([[{"text": "Sì", "data": "k:1:0"}, {"text": "No", "data": "k:1:1"}]])


def entry(text: str, *entities: object, markup: str | None = None) -> LogEntry:
    kept = json.dumps(entities)
    return LogEntry(1, EntryKind.SAID, 0.0, message_id="9", text=text, entities=kept, markup=markup)


def link(offset: int, length: int, url: str) -> dict[str, object]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


def test_a_link_stands_behind_its_words() -> None:
    """Lengths are in UTF-16 units, as Telegram counts."""
    bold = {"type": "bold", "offset": 0, "length": 2}
    told = entry("🛎 qui e là", bold, link(3, 3, "https://a.example"), link(9, 2, "tel:1"))
    assert plain(told) == "🛎 qui (https://a.example) e là (tel:1)"


def test_keys_stand_below() -> None:
    assert plain(entry("Ha bagagli?", markup=KEYS)) == "Ha bagagli?\n[Sì] [No]"


def test_a_key_is_tapped_by_what_stands_on_it() -> None:
    asked = entry("Ha bagagli?", markup=KEYS)
    assert key_called(" sì ", asked) == Press("9", "k:1:0")
    assert key_called("[No]", asked) == Press("9", "k:1:1")
    assert key_called("Sì, due", asked) is None
    assert key_called("Sì", entry("Ha bagagli?")) is None


@given(st.text(), st.text())
def test_nothing_of_a_text_is_lost(before: str, words: str) -> None:
    text = before + words
    first, behind = (len(one.encode("utf-16-le", "surrogatepass")) // 2 for one in (before, words))
    told = plain(entry(text, link(first, behind, "https://a.example")))
    assert told == f"{text} (https://a.example)"
