from hypothesis import given
from hypothesis import strategies as st

from tenants.profile import Profile, Source
from tenants.sources import find, key_of, lengthen, named, put, without

BAR = Source(name="bar.txt", text="Caffè 2 €", added_at=1.0)
ROOMS = Source(name="camere.pdf", text="Doppia 120 €", added_at=2.0)
SPA = Source(name="spa.docx", text="Massaggio 60 €", added_at=3.0)


def test_a_new_source_comes_last() -> None:
    assert put((BAR, ROOMS), SPA) == (BAR, ROOMS, SPA)


def test_a_file_of_a_known_name_takes_the_place_of_that_source() -> None:
    newer = Source(name="Camere.PDF", text="Doppia 140 €", added_at=9.0)

    assert put((BAR, ROOMS, SPA), newer) == (BAR, newer, SPA)


def test_a_file_of_another_name_can_take_a_sources_place() -> None:
    assert put((BAR, ROOMS), SPA, instead_of=key_of(BAR)) == (SPA, ROOMS)


def test_a_source_of_that_name_elsewhere_goes() -> None:
    assert put((BAR, ROOMS, SPA), SPA, instead_of=key_of(BAR)) == (SPA, ROOMS)


def test_a_source_grows_by_a_paragraph() -> None:
    longer = lengthen(BAR, "Tè 3 €", joint="\n\n", now=7.0)

    assert longer == Source(name="bar.txt", text="Caffè 2 €\n\nTè 3 €", added_at=7.0)


def test_a_source_is_taken_away_by_its_key() -> None:
    assert without((BAR, ROOMS), key_of(ROOMS)) == (BAR,)
    assert find((BAR,), key_of(ROOMS)) is None
    assert find((BAR, ROOMS), key_of(ROOMS)) == ROOMS


@given(st.text())
def test_any_file_name_is_a_sources_name(name: str) -> None:
    source = Source(name=named(name), text="x")

    assert source.name == named(name)
    assert source.name.isprintable()


@given(st.lists(st.tuples(st.text(max_size=3), st.booleans())))
def test_whatever_is_put_names_stay_apart(names: list[tuple[str, bool]]) -> None:
    sources: tuple[Source, ...] = ()
    for name, take_away in names:
        source = Source(name=named(name), text="x")
        sources = put(sources, source)
        assert find(sources, key_of(source)) == source
        sources = without(sources, key_of(source)) if take_away else sources

    assert Profile(sources=sources).sources == sources
