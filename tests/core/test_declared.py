"""An address that a company declares: what is filled in stays in its place."""

import json
from contextlib import suppress
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.declared import (
    DeclaredField,
    DeclaredTool,
    FieldKind,
    Method,
    Unfit,
    bare,
    filled,
)
from bot.core.declared_lines import (
    Misread,
    read_address,
    read_fields,
    read_name,
    read_values,
)

HOST = "https://booking.example"
KINDS = {"text": FieldKind.TEXT, "numero": FieldKind.NUMBER, "yes-no": FieldKind.YES_NO}


def tool(address: str, method: Method = Method.GET) -> DeclaredTool:
    return DeclaredTool(does="x", method=method, address=f"{HOST}{address}")


@given(st.text(max_size=50))
def test_whatever_is_said_stays_in_its_place_of_the_query(said: str) -> None:
    url, body = filled(tool("/free?what={what}&more=1"), {"what": said})
    parts = urlsplit(url)
    assert (parts.netloc, parts.path, body) == ("booking.example", "/free", None)
    written = said.encode(errors="replace").decode()
    assert parse_qsl(parts.query, keep_blank_values=True) == [("what", written), ("more", "1")]


@given(st.text(max_size=50))
def test_and_of_the_path(said: str) -> None:
    try:
        url, _ = filled(tool("/rooms/{room}/free"), {"room": said})
    except Unfit:
        return
    first, room, last = urlsplit(url).path.strip("/").split("/")
    assert (first, last, urlsplit(url).query) == ("rooms", "free", "")
    assert unquote(room) == said.encode(errors="replace").decode()
    assert room.strip(".")


@pytest.mark.parametrize("room", ["", ".", "..", "a/b", "..\\x", "%2e%2e", "a\nb", "x" * 1_001])
def test_what_could_lead_elsewhere_is_refused(room: str) -> None:
    with pytest.raises(Unfit, match="room"):
        filled(tool("/rooms/{room}"), {"room": room})


def test_what_is_not_in_the_address_goes_along_with_it() -> None:
    values = {"day": date(2027, 1, 31), "people": 4.0, "late": True, "note": "a&b"}
    said = "day=2027-01-31&people=4&late=true&note=a%26b"
    assert filled(tool("/free"), values) == (f"{HOST}/free?{said}", None)
    assert filled(tool("/free?x=1"), values) == (f"{HOST}/free?x=1&{said}", None)
    assert filled(tool("/free?"), values) == (f"{HOST}/free?{said}", None)
    url, body = filled(tool("/book/{people}", Method.POST), values)
    assert url == f"{HOST}/book/4"
    assert json.loads(body or b"") == {"day": "2027-01-31", "late": True, "note": "a&b"}


@pytest.mark.parametrize(
    ("address", "judged"),
    [
        (f"{HOST}/free?day={{day}}", f"{HOST}/free?day=0"),
        ("https://{host}/", ""),
        ("https://booking.example:{port}/", ""),
        (f"{HOST}/{{Day}}", ""),
        (f"{HOST}/{{day", ""),
        (f"{HOST}/day}}", ""),
        (f"{HOST}/#x", ""),
    ],
)
def test_braces_stand_behind_the_host_alone(address: str, judged: str) -> None:
    assert bare(address) == judged


def test_a_secret_is_given_for_one_place() -> None:
    before = tool("/free").model_copy(update={"header": "X-Key"})
    assert before.goes_to == tool("/other?x=1").model_copy(update={"header": "x-key"}).goes_to
    for other in ("https://booking.example.org/", "http://booking.example/", f"{HOST}:8443/"):
        assert before.goes_to != before.model_copy(update={"address": other}).goes_to
    assert before.goes_to != before.model_copy(update={"header": "Cookie"}).goes_to


def test_lines_become_fields() -> None:
    assert read_fields("day: text, the day\n\npeople? : NUMERO\n", KINDS) == (
        DeclaredField(name="day", kind=FieldKind.TEXT, does="the day"),
        DeclaredField(name="people", kind=FieldKind.NUMBER, required=False),
    )
    assert read_fields(" – ", KINDS) == ()


@pytest.mark.parametrize(
    "text", ["", "day", "day: moon", "è: text", "day: text\nday: text", "1: text", "day text"]
)
def test_what_is_no_field_is_named(text: str) -> None:
    if not text:
        assert read_fields(text, KINDS) == ()
        return
    with pytest.raises(Misread, match=text.splitlines()[-1]):
        read_fields(text, KINDS)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_name(text)
    read_address(text)
    with suppress(Misread):
        read_fields(text, KINDS)
    with suppress(Misread):
        read_values(text, (), ())


def test_values_are_read_by_their_kinds() -> None:
    fields = read_fields("day: text\npeople: numero\nlate: yes-no", KINDS)
    said = "day: 10:30\npeople: 4,5\nlate: sì"
    assert read_values(said, fields, {"sì"}) == {"day": "10:30", "people": 4.5, "late": True}
    for wrong in ("people: four", "table: 1", "day"):
        with pytest.raises(Misread, match=wrong):
            read_values(wrong, fields, ())


@pytest.mark.parametrize(
    ("text", "name"),
    [("Free tables", "free_tables"), ("a-b", "a_b"), ("1st", ""), ("è", ""), ("x" * 41, "")],
)
def test_a_name_is_one_that_the_model_may_know(text: str, name: str) -> None:
    assert read_name(text) == name


def test_an_address_may_say_how_it_is_called() -> None:
    assert read_address(" post  https://a/ ") == (Method.POST, "https://a/")
    assert read_address("https://a/") == (Method.GET, "https://a/")
