"""What is a secret in what is typed about a company's own tool."""

import pytest

from bot.core.asked_secrets import asked_for, beside_a_header, in_an_address

RANDOM = "0a1b2c3d4e5f60718293a4b5"


def test_where_one_is_asked_for_all_is_one_but_a_command() -> None:
    assert [one.text for one in asked_for([" Bearer s3cr3t "])] == ["Bearer s3cr3t"]
    assert asked_for(["/cancel"]) == ()


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "-", " X-Token "])
def test_a_headers_name_is_none(name: str) -> None:
    assert beside_a_header([name]) == ()


@pytest.mark.parametrize("said", ["Authorization: Bearer s3cr3t", "X-Api-Key=s3cr3t", "sk_live_1"])
def test_what_is_no_headers_name_may_be_one(said: str) -> None:
    assert [one.text for one in beside_a_header([said])] == [said]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://a.example/free?day={day}&format=json", []),
        ("https://a.example/free?keyword=colazione&author=rossini", []),
        ("https://a.example/free?api_key={api_key}", []),
        ("GET https://a.example/free?api_key=s3cr3t&day={day}", ["s3cr3t"]),
        ("https://a.example/?access-token=s3cr3t#x", ["s3cr3t"]),
        ("https://a.example/?apikey=s3cr3t&password=pa55word", ["s3cr3t", "pa55word"]),
        (f"https://a.example/?appid={RANDOM}", [RANDOM]),
        ("https://anna:s3cr3t@a.example/", ["anna:s3cr3t"]),
    ],
)
def test_in_an_address(address: str, found: list[str]) -> None:
    assert [one.text for one in in_an_address([address])] == found
