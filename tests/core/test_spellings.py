"""A code is found however it is written, and ordinary words are no guesses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.secrets import redact, search
from bot.core.spellings import beginning, canonical, is_range, plain, printed, spellings
from bot.telegram.admin.codes import ALPHABET, new_code
from tests.core.sentences import SENTENCES

CODE = "AB12-CD34"
WRITTEN = [
    *(f"AB12{dash}CD34" for dash in "-‐‑‒–—―−－﹣~_.·/\\"),
    "AB12CD34",
    "ab12cd34",
    "Ab12 cD34",
    "AB12  -  CD34",
    "AB 12 CD 34",
    "A B 1 2 C D 3 4",
    "A-B-1-2-C-D-3-4",
    "AB12\nCD34",
    "AB12\u00a0CD34",
    "AB12\u200bCD34",
    "A\u200bB\u200c1\u200d2-\u2060C\ufeffD\u00ad34",
    "AB12 (CD34)",
    "«AB12» «CD34»",
    "ＡＢ１２－ＣＤ３４",
    "𝐀𝐁𝟏𝟐-𝐂𝐃𝟑𝟒",
    "ⒶⒷ①②-ⒸⒹ③④",
    "A\u0336B\u03361\u03362\u0336-\u0336C\u0336D\u03363\u03364",
    "Á́B12-ÇD34",
    "AB١٢-CD٣٤",
    "xAB12-CD34",
    "AB12-CD34y",
    "codiceAB12-CD34grazie",
    "кодAB12CD34код",
    "9AB12-CD349",
    "ab12🙂cd34",
    "https://example.com/?c=AB12CD34&x=1",
]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("around", ["{}", "Ecco il codice {}, avete posto?", "il 12 {} 34"])
def test_a_code_is_found_however_it_is_written(written: str, around: str) -> None:
    found = [one for one in spellings(around.format(written), words=True) if is_code(one)]
    assert found
    assert all(one in written for one in found)


@pytest.mark.parametrize("written", ["abio-cdef", "ABIO CDEF", "abiocdef", "a b i o c d e f"])
def test_digits_may_be_spelled_as_letters_where_the_code_stands_by_itself(written: str) -> None:
    found = list(spellings(f"è {written}, grazie", words=True))
    assert "ab10cdef" in map(plain, found)
    assert list(spellings(f"è {written}, grazie", words=False)) == []


@given(
    code=st.text(ALPHABET, min_size=8, max_size=8).filter(lambda code: not code.isdecimal()),
    between=st.lists(st.text(" -_.\n\u200b\u00ad–/", max_size=3), min_size=8, max_size=8),
    before=st.text(max_size=9),
    after=st.text(max_size=9),
)
def test_whatever_unlock_takes_is_found(
    code: str, between: list[str], before: str, after: str
) -> None:
    written = "".join(map("".join, zip(code, between, strict=True)))
    assert canonical(written) == plain(written) == code.lower()
    found = {plain(one) for one in spellings(f"{before} {written} {after}", words=True)}
    assert plain(code) in found or code.isalpha()


@pytest.mark.parametrize("key", ["first_name", "file_name", "url", "title", "username"])
def test_it_is_found_in_whatever_people_write(key: str) -> None:
    payload = json.dumps({"message": {"text": "Ciao", "from": {key: "ho AB12CD34"}}})
    found = [one for one in search(payload).others() if is_code(one.text)]
    assert "AB12" not in redact(payload, found)
    assert not any(one.spoken or one.counts for one in found)


def test_what_telegram_makes_is_not_searched() -> None:
    made = {"file_id": "AgACAgIAAxkBAAIB12CD34xx", "file_unique_id": "AQADAB12CD34"}
    assert list(search(json.dumps({"message": {"text": "Ciao", "photo": [made]}})).others()) == []


# ------------------------------------------------------------------------ ordinary words


def test_no_ordinary_sentence_holds_a_guess() -> None:
    assert len(SENTENCES) >= 1_000
    assert [(text, words) for text in SENTENCES if (words := list(printed(text)))] == []
    assert [text for text in SENTENCES if search(said(text)).secrets] == []


@pytest.mark.parametrize("word", [CODE, "xy77-88zz", "ZZ99—99XX", "0A00-B000"])
def test_a_word_of_the_printed_form_is_one(word: str) -> None:
    assert list(printed(f"Ordine {word}.")) == [word]


@pytest.mark.parametrize(
    "word",
    [
        "10am-12pm",
        "14th-16th",
        "21st-23rd",
        "7h30-9h15",
        "A101-B110",
        "101A-103C",
        "50km-80km",
        "5ago-8set",
    ],
)
def test_a_range_is_none(word: str) -> None:
    assert list(printed(f"Aperto {word}.")) == []


@pytest.mark.parametrize(
    "longer",
    ["AB12-CD34-EF56", "550e8400-e29b-41d4-a716-446655440000", "1-AB12-CD34", "AB12-CD34–5"],
)
def test_a_part_of_something_longer_is_none_but_may_be_a_code(longer: str) -> None:
    assert list(printed(f"Licenza {longer}")) == []
    assert list(spellings(f"Licenza {longer}", words=True)) != []


def test_no_code_that_is_generated_looks_like_a_range() -> None:
    assert not any(is_range(new_code()) for _ in range(20_000))


# ------------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    "letter", ["a1", "a1 ", "a-1\u200b", "ab1\n", "o", "oa ", "1", "è1", "к1a"]
)
def test_candidates_grow_with_the_length_of_the_text_alone(letter: str) -> None:
    for size in (500, 1_000, 2_000, 4_000):
        assert len(list(spellings(letter * size, words=True))) <= len(letter) * size


@pytest.mark.parametrize(
    ("argument", "start"),
    [("AB12 CD34 e la suite?", "AB12 CD34"), ("zaffiro", ""), ("«AB12-CD34»: sì", "«AB12-CD34")],
)
def test_what_unlock_was_given_begins_with_as_much_as_a_code(argument: str, start: str) -> None:
    assert beginning(argument) == start


def is_code(spelling: str) -> bool:
    return plain(spelling) == canonical(CODE)


def said(text: str) -> str:
    return json.dumps({"update_id": 1, "message": {"text": text}}, ensure_ascii=False)
