"""A signature as a strict schema, and what the model wrote for it, read back."""

import inspect
import json
import re
from collections.abc import Callable
from datetime import date, time
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Never
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, WithJsonSchema

from bot.core.calls import ARGUMENTS_CHARACTERS
from bot.errors import ToolError
from bot.tools import ToolContext
from bot.tools.kit import schema as kit
from bot.tools.kit.arguments import read_arguments
from bot.tools.kit.schema import Parameters, parameters_of, refusal
from tests.tools.strict import complaints


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Guest(BaseModel):
    name: str
    age: int = 30
    children: list["Guest"] = []


class Open(BaseModel, extra="allow"):
    name: str


class ByCard(BaseModel):
    kind: Literal["card"]
    number: Annotated[str, Field(pattern="^[0-9]+$", max_length=19)]


class ByCash(BaseModel):
    kind: Literal["cash"]


Payment = Annotated[ByCard | ByCash, Field(discriminator="kind")]

leaves = st.sampled_from(
    (
        *(str, int, float, bool, Colour, Level, Guest, date, time, UUID, Literal["a", "b"]),
        *(Annotated[int, Field(ge=1, le=9)], Annotated[str, Field(max_length=5)], Payment),
        *(set[int], tuple[int, ...]),
    )
)
annotations = st.recursive(
    leaves,
    lambda inner: (
        inner.map(lambda one: list[one])  # type: ignore[valid-type]  # made on the spot
        | inner.map(lambda one: one | None)
    ),
    max_leaves=4,
)
names = st.from_regex(r"\A[a-z_][a-z_0-9]{0,8}\Z").filter(str.isidentifier) | st.sampled_from(
    ["schema", "json", "copy", "model_config", "model_fields", "title", "default", "_hidden"]
)


def parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> Any:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def parameters(function: Callable[..., Any]) -> Parameters:
    return parameters_of("it", list(inspect.signature(function).parameters.values())[1:])


@given(st.dictionaries(names, st.tuples(annotations, st.booleans()), max_size=5))
def test_whatever_is_not_refused_is_a_strict_schema(
    signature: dict[str, tuple[Any, bool]],
) -> None:
    told = [
        parameter(name, annotation, 3 if defaulted else inspect.Parameter.empty)
        for name, (annotation, defaulted) in signature.items()
    ]
    assert [refusal(one) for one in told if refusal(one)] == []
    schema = parameters_of("it", told).schema
    assert complaints(dict(schema)) == []
    assert list(schema["properties"]) == list(signature)


@given(st.data())
def test_arguments_come_back_as_the_types_that_were_asked_for(data: st.DataObject) -> None:
    values: dict[Any, Any] = {
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        int: st.integers(-(10**12), 10**12),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        date: st.dates(),
        UUID: st.uuids(),
        Colour: st.sampled_from(Colour),
        list[int]: st.lists(st.integers(-9, 9), max_size=4),
        frozenset[int]: st.frozensets(st.integers(-9, 9), max_size=4),
        Guest: st.builds(Guest, name=st.just("Ada"), age=st.integers(0, 99), children=st.just([])),
    }
    asked = data.draw(st.dictionaries(names, st.sampled_from(list(values)), max_size=4))
    said = {name: data.draw(values[one]) for name, one in asked.items()}
    text = json.dumps(
        {name: TypeAdapter(asked[name]).dump_python(one, mode="json") for name, one in said.items()}
    )
    told = [parameter(name, annotation) for name, annotation in asked.items()]
    assert read_arguments(parameters_of("it", told), text) == said


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_the_model_writes_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        read = read_arguments(parameters_of("it", [parameter("day", date)]), text)
    except ToolError as error:
        read = {"refused": str(error)}
    assert read.keys() <= {"refused"}  # no text that is made here is a date
    assert all(0 < len(sentence) < 400 for sentence in read.values())


@pytest.mark.parametrize(
    ("annotation", "why"),
    [
        (dict[str, int], kit.DICT),
        (dict, kit.DICT),
        (Open, kit.DICT),
        (tuple[int, str], kit.TUPLE),
        (NamedTuple("Pair", [("a", int)]), kit.TUPLE),
        (Any, kit.ANY),
        (object, kit.ANY),
        (list, kit.ANY),
        (list[Any], kit.ANY),
        (bytes, kit.BYTES),
        (complex | bytes, kit.BYTES),
        (Callable[[], int], kit.UNREAD),
        ("Nowhere", kit.UNREAD),
        (Never, kit.UNREAD),
        (Annotated[str, WithJsonSchema({"type": "object"})], kit.DICT),
        (Annotated[str, WithJsonSchema({"type": "array"})], kit.ANY),
        (list[Annotated[str, WithJsonSchema({"type": "array", "items": True})]], kit.ANY),
        (Annotated[str, WithJsonSchema({"type": "string", "allOf": []})], kit.UNREAD),
        (Literal[tuple(range(1_001))], kit.BIG),
        (
            Enum(
                "Wide", [("x" * 100 + str(number), "y" * 99 + str(number)) for number in range(300)]
            ),
            kit.BIG,
        ),
    ],
    ids=lambda one: str(one)[:60],
)
def test_what_the_model_cannot_be_told_is_refused(annotation: Any, why: str) -> None:
    assert refusal(parameter("it", annotation)) == why


def test_too_many_levels_are_refused() -> None:
    deep: Any = int
    for _ in range(11):
        deep = list[deep]
    assert refusal(parameter("it", deep)) == kit.BIG


def test_a_default_is_null_for_the_model_and_the_functions_own() -> None:
    def book(context: ToolContext, people: Annotated[int, "How many come"] = 2) -> None: ...

    told = parameters(book)
    (people,) = told.schema["properties"].values()
    assert people["anyOf"] == [{"type": "integer"}, {"type": "null"}]
    assert people["description"] == "How many come Null stands for 2."
    assert read_arguments(told, '{"people": null}') == {}
    assert read_arguments(told, "{}") == {}
    assert read_arguments(told, '{"people": 3}') == {"people": 3}


def test_what_only_we_check_is_said_in_words() -> None:
    def pay(context: ToolContext, by: Payment, guest: Guest, day: date) -> None: ...

    schema = parameters(pay).schema
    number = schema["$defs"]["ByCard"]["properties"]["number"]
    assert number == {"type": "string", "description": "At most 19 characters. It matches ^[0-9]+$"}
    assert schema["$defs"]["Guest"]["properties"]["age"]["description"] == "Usually 30."
    assert schema["$defs"]["ByCash"]["properties"]["kind"] == {"type": "string", "enum": ["cash"]}
    assert schema["properties"]["day"] == {"type": "string", "format": "date"}
    assert schema["properties"]["by"]["anyOf"] == [
        {"$ref": "#/$defs/ByCard"},
        {"$ref": "#/$defs/ByCash"},
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON that can be read"),
        ("{", "no JSON that can be read"),
        ("[" * 10_000, "no JSON that can be read"),
        ('{"people": NaN}', "no JSON that can be read"),
        ('{"people": 1e999}', "no JSON that can be read"),
        ("null", "no JSON object"),
        ("[1]", "no JSON object"),
        ("{}", "people: Field required"),
        ('{"people": "2"}', "people: Input should be a valid integer"),
        ('{"people": true}', "people: Input should be a valid integer"),
        ('{"people": 0}', "people: Input should be greater than or equal to 1"),
        ('{"people": 2, "table": 7}', "table: Extra inputs are not permitted"),
        (f'{{"people": "{"9" * ARGUMENTS_CHARACTERS}"}}', "characters, more than 65,536"),
    ],
)
def test_arguments_that_do_not_fit_are_named_by_path_and_rule(text: str, told: str) -> None:
    def book(context: ToolContext, people: Annotated[int, Field(ge=1)]) -> None: ...

    with pytest.raises(ToolError) as refused:
        read_arguments(parameters(book), text)
    assert told in str(refused.value)
    assert "Nothing was done." in str(refused.value)


def test_no_more_than_200_characters_of_what_was_written_are_told() -> None:
    secret = {f"{'x' * 300}{number}": number for number in range(50)}
    with pytest.raises(ToolError) as refused:
        read_arguments(parameters_of("it", []), json.dumps(secret))
    (said,) = re.findall("fit: (.*…)", str(refused.value))
    assert len(said) == 200
    assert said.startswith(f"{'x' * 40}: Extra inputs")


def test_what_has_200_characters_is_told_whole() -> None:
    told = []
    for last in "zzz", "zzzz":
        wrong = dict.fromkeys(("w" * 20, "x" * 20, "y" * 23, last))
        with pytest.raises(ToolError) as refused:
            read_arguments(parameters_of("it", []), json.dumps(wrong))
        told += re.findall("fit: (.*)[.] Nothing", str(refused.value))
    assert [len(one) for one in told] == [200, 200]
    assert [one.endswith("…") for one in told] == [False, True]


def test_half_a_character_is_mended() -> None:
    told = parameters_of("it", [parameter("name", str)])
    assert read_arguments(told, '{"name": "\\ud83d!"}') == {"name": "?!"}
