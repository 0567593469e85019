from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.names import is_name, short_name, short_names


@pytest.mark.parametrize(
    ("company", "name"),
    [
        ("Studio Dentistico Rossi", "studio-dentistico-rossi"),
        ("Hotel Aurora!", "hotel-aurora"),
        ("Caffè dell’Università", "caffe-delluniversita"),
        ("Bed & Breakfast", "bed-and-breakfast"),
        ("Гостиница «Жемчужина»", "gostinitsa-zhemchuzhina"),
        ("Ёлки-палки", "elki-palki"),
        ("hotel_aurora", "hotel_aurora"),
        ("I_Rossi", "i-rossi"),
        ("東京", "company"),
        ("7", "company"),
        ("A" * 100, "a" * 40),
    ],
)
def test_a_short_name_is_made_of_what_people_call_a_company(company: str, name: str) -> None:
    assert short_name(company) == name


@given(st.text(max_size=120))
def test_any_company_has_names_and_no_two_are_the_same(company: str) -> None:
    names = list(islice(short_names(company), 12))
    assert all(map(is_name, names))
    assert len(set(names)) == len(names)


@given(st.from_regex(r"[a-z0-9][a-z0-9_-]{1,39}", fullmatch=True).filter(is_name))
def test_what_can_be_a_name_stays_as_it_is(name: str) -> None:
    assert short_name(name) == name
