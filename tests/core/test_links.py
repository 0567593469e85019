"""Links that the company never gave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply.links import KnownLinks, leave_out

KNOWN = KnownLinks(
    (
        "Siamo su https://www.Hotel-Aurora.it/camere, info@aurora.example; t.me/aurora",
        "miosito.it? http://menu",
    )
)
INSTEAD = "(senza link)"


def sifted(text: str) -> str:
    return leave_out(text, KNOWN, instead=lambda: INSTEAD)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Il listino è in menu.pdf, la doppia costa 14.50 € dal 12.05.2026.",
        "Scriva a info@strange.com o a mario.rossi@posta.strange.it.",
        "Ore 14.00.La colazione è alle 7.30, S.p.A. e sig.na Rossi, e.g. così, т.е. так.",
        "Dalle 9 alle 18/20, 24/7, 1.000 €/notte, v2.0, @aurora, #1.",
        "Su https://hotel-aurora.it/prezzi?a=1#b, www.hotel-aurora.it e hotel-aurora.it.",
        "Prenoti qui: [il sito](https://booking.hotel-aurora.it/a_(b)).",
        "Su aurora.example/menu, t.me/aurora o sul Suo miosito.it.",
        "[chiami](tel:+390432110293), [scriva](mailto:info@aurora.example)",
        "Vedi [1] e [nota](sotto).",
        "https://ospite@hotel-aurora.it:8443/x",
        "Nella rete dell'hotel: http://menu/oggi.",
        "",
    ],
)
def test_what_is_known_or_no_link_stays_as_it_is(text: str) -> None:
    assert leave_out(text, KNOWN, instead=lambda: INSTEAD) == (text, 0)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Vedi [il menu](https://strange.com/x) ora.", "Vedi il menu ora."),
        ('[a [b] c](https://strange.com "titolo")', "a [b] c"),
        ("[scriva](mailto:info@strange.com)", "scriva"),
        ("[qui](strange.com)", "qui"),
        ("[qui](https:strange.com)", "qui"),
        ("[strange.com](https://strange.com)", INSTEAD),
        ("[hotel-aurora.it](https://strange.com)", "hotel-aurora.it"),
        ("[strange.com](https://hotel-aurora.it)", f"[{INSTEAD}](https://hotel-aurora.it)"),
        ("[](https://strange.com)", INSTEAD),
        ("![](https://strange.com/x.png)", INSTEAD),
        ("Su www.strange.com.", f"Su {INSTEAD}."),
        (
            "Su STRANGE.COM, _strange.com_ e *strange.it/a*",
            f"Su {INSTEAD}, _{INSTEAD}_ e *{INSTEAD}*",
        ),
        ("(https://strange.com/a).", f"({INSTEAD})."),
        ("<https://strange.com>", INSTEAD),
        ("HTTPS://strange.com", INSTEAD),
        ("http://10.0.0.1/x e tg://resolve?domain=x", f"{INSTEAD} e {INSTEAD}"),
        ("https://hotel-aurora.it.strange.com/", INSTEAD),
        ("https://hotel-aurora.it@strange.com/", INSTEAD),
        ("https://hotel-aurora.it:80@strange.com/", INSTEAD),
        ("https://strange.com/hotel-aurora.it", INSTEAD),
        ("https://xhotel-aurora.it", INSTEAD),
        ("https://it e http://siamo/x", f"{INSTEAD} e {INSTEAD}"),
        ("strange.me/x", INSTEAD),
        ("сайт.рф", INSTEAD),
    ],
)
def test_the_words_of_a_hidden_link_stay_and_an_address_does_not(text: str, left: str) -> None:
    assert sifted(text) == left


def test_they_are_counted() -> None:
    text = "[a](https://strange.com), strange.org e hotel-aurora.it"

    assert leave_out(text, KNOWN, instead=lambda: INSTEAD) == (f"a, {INSTEAD} e hotel-aurora.it", 2)


WORDS = st.text(st.characters(exclude_characters='.:/@[]()<>\\`"', codec="utf-8"), max_size=12)
LINKS = st.sampled_from(
    ["https://strange.com/a?b#c", "www.strange.com", "strange.it", "https://hotel-aurora.it/x"]
)


@given(st.lists(st.tuples(WORDS, LINKS), max_size=4), WORDS)
def test_nothing_else_of_a_text_changes(pairs: list[tuple[str, str]], end: str) -> None:
    text = "".join(f"{words} {link} " for words, link in pairs) + end
    expected = "".join(f"{words} {link if 'aurora' in link else INSTEAD} " for words, link in pairs)

    assert sifted(text) == expected + end


@given(
    WORDS.filter(str.strip), st.sampled_from(["https://strange.com", "strange.it/x", "http://a.b"])
)
def test_of_a_hidden_link_just_the_words_stay(words: str, link: str) -> None:
    assert sifted(f"x [{words}]({link}) y") == f"x {words} y"


@given(st.text(max_size=300))
def test_what_was_sifted_stays_as_it_is_and_is_never_empty(text: str) -> None:
    once = sifted(text)

    assert sifted(once) == once
    assert bool(once.strip()) == bool(text.strip())


@given(WORDS, LINKS, st.sampled_from(["[qui]({})", "<{}>", "({}).", "*{}*", "{}, ecco"]))
def test_a_link_is_known_that_the_model_was_told(words: str, link: str, dress: str) -> None:
    text = dress.format(link)

    assert leave_out(text, KnownLinks((f"{words} {link}.",)), instead=lambda: INSTEAD) == (text, 0)


@pytest.mark.parametrize(
    "text",
    ["a." * 20_000, "[" * 20_000, "[a](" * 9_000, "x" * 40_000, "[\\" * 9_000, "a@" * 20_000],
    ids=lambda text: text[:4],
)
def test_a_long_text_is_read_in_one_go(text: str) -> None:
    assert sifted(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (r"\[il sito](https://strange.com/a)", r"\[il sito](" + INSTEAD + ")"),
        (r"\\[il sito](https://strange.com/a)", r"\\il sito"),
        (r"\www.strange.com", "\\" + INSTEAD),
    ],
)
def test_a_bracket_that_is_escaped_begins_no_link(text: str, left: str) -> None:
    assert sifted(text) == left
