"""A function's parameters as the strict JSON schema that the model is given.

The SDK makes it of a pydantic model; what its helper leaves in that the API refuses is mended here,
and what cannot be mended is refused by the parameter's name, before anybody is answered.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args, get_origin

from openai import pydantic_responses_function_tool
from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.errors import PydanticUserError
from pydantic_core import PydanticSerializationError, to_json

# What the API takes as it is (developers.openai.com/api/docs/guides/structured-outputs).
_KEPT: Final = frozenset(
    {"type", "enum", "description", "required", "additionalProperties", "$ref"}
)
_BOUNDS: Final = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    | {"minItems", "maxItems"}
)
_FORMATS: Final = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)
_LEVELS: Final = 10
_PROPERTIES: Final = 5_000
_ENUM_VALUES: Final = 1_000
_ENUM_CHARACTERS: Final = 15_000  # of one with more than 250 values
_MANY: Final = 250
_NAME_CHARACTERS: Final = 120_000

DICT: Final = "a dict has no fixed keys: use a list of pairs, or a pydantic model"
TUPLE: Final = "a tuple cannot be told to the model: use a list, or a pydantic model"
ANY: Final = "it says nothing of what it holds: use str, int, a list of these, a pydantic model"
BYTES: Final = "bytes cannot be told to the model: use str"
UNREAD: Final = "it cannot be told to the model: use str, int, a list of these, a pydantic model"
BIG: Final = "it is larger than the model may be told: fewer values, fewer levels"

Schema = dict[str, Any]


class Untellable(ValueError):
    """A type cannot be told to the model; the text says what to use."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the model fills in: `model` reads it, by the names of `schema`.

    `optional`: those for which null stands for the function's own default.
    """

    model: type[BaseModel]
    schema: Mapping[str, Any]
    optional: frozenset[str]


def refusal(parameter: inspect.Parameter) -> str:
    """Why a parameter cannot be what it is annotated as; "" if it can."""
    try:
        parameters_of("it", [parameter])
    except Untellable as error:
        return str(error)
    except (PydanticUserError, AttributeError, NameError, RecursionError, TypeError):
        return UNREAD
    return ""


def parameters_of(name: str, given: Sequence[inspect.Parameter]) -> Parameters:
    """The schema of parameters whose annotations are not refused. Raises as `refusal` names it."""
    optional = frozenset(one.name for one in given if one.default is not inspect.Parameter.empty)
    # By number: a field may not be called as pydantic's own methods are.
    fields: dict[str, Any] = {
        f"p{number}": (_type(one), Field(alias=one.name, **_described(one)))
        for number, one in enumerate(given)
    }
    model: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
    schema: Schema = dict(pydantic_responses_function_tool(model)["parameters"] or {})
    schema = _mend(schema)
    _bound(schema)
    return Parameters(model, schema, optional)


def _type(parameter: inspect.Parameter) -> Any:
    has_default = parameter.default is not inspect.Parameter.empty
    return parameter.annotation | None if has_default else parameter.annotation


def _described(parameter: inspect.Parameter) -> dict[str, Any]:
    marks = get_args(parameter.annotation)[1:] if _is_annotated(parameter.annotation) else ()
    said = [mark for mark in marks if isinstance(mark, str)]
    fields = [mark.description for mark in marks if getattr(mark, "description", None)]
    words = [*said, *fields][:1]
    if parameter.default not in (inspect.Parameter.empty, None):
        words.append(f"Null stands for {_json(parameter.default)}.")
    return {"description": " ".join(words)} if words else {}


def _is_annotated(annotation: Any) -> bool:
    return get_origin(annotation) is Annotated


def _mend(node: Any) -> Schema:
    """A node of the schema as the API takes it. Raises Untellable.

    What only pydantic checks is said in the description, so that the model knows of it.
    """
    if not isinstance(node, dict) or not node:
        raise Untellable(ANY)
    _refuse(node)
    kept = {key: value for key, value in node.items() if key in _KEPT | _BOUNDS}
    if "const" in node:
        kept["enum"] = [node["const"]]
    if node.get("format") in _FORMATS:
        kept["format"] = node["format"]
    if variants := node.get("anyOf") or node.get("oneOf"):
        kept["anyOf"] = [_mend(one) for one in variants]
    if "items" in node:
        kept["items"] = _mend(node["items"])
    for inner in ("properties", "$defs"):
        if inner in node:
            kept[inner] = {name: _mend(one) for name, one in node[inner].items()}
    if described := " ".join(_said(node)):
        kept["description"] = described
    return kept


def _refuse(node: Schema) -> None:
    if "prefixItems" in node:
        raise Untellable(TUPLE)
    if node.get("additionalProperties", False) is not False or "patternProperties" in node:
        raise Untellable(DICT)
    if node.get("format") == "binary" or "contentMediaType" in node:
        raise Untellable(BYTES)
    if node.get("type") == "object" and "properties" not in node:
        raise Untellable(DICT)
    if node.get("type") == "array" and "items" not in node:
        raise Untellable(ANY)
    if "allOf" in node or "not" in node:
        raise Untellable(UNREAD)
    if not node.keys() & {"type", "enum", "const", "anyOf", "oneOf", "$ref"}:
        raise Untellable(ANY)


def _said(node: Schema) -> Iterator[str]:
    if "description" in node:
        yield str(node["description"])
    told = {"minLength": "At least {} characters.", "maxLength": "At most {} characters."}
    for key, words in told.items():
        if key in node:
            yield words.format(node[key])
    if "pattern" in node:
        yield f"It matches {node['pattern']}"
    if node.get("uniqueItems"):
        yield "No two are the same."
    if node.get("default") is not None:
        yield f"Usually {_json(node['default'])}."


def _bound(schema: Schema) -> None:
    """Raises Untellable for what is larger than the API takes."""
    nodes = list(_nodes(schema, schema))
    names = [name for node, _ in nodes for name in node.get("properties", ())]
    enums = [node["enum"] for node, _ in nodes if "enum" in node]
    values = [value for enum in enums for value in enum]
    small = (
        len(names) <= _PROPERTIES
        and len(values) <= _ENUM_VALUES
        and _characters(names, values, schema.get("$defs", ())) <= _NAME_CHARACTERS
        and all(len(enum) <= _MANY or _characters(enum) <= _ENUM_CHARACTERS for enum in enums)
        and all(levels <= _LEVELS for _, levels in nodes)
    )
    if not small:
        raise Untellable(BIG)


def _characters(*names: Iterable[object]) -> int:
    return sum(len(str(name)) for some in names for name in some)


def _nodes(
    node: Schema, root: Schema, above: tuple[Schema, ...] = ()
) -> Iterator[tuple[Schema, int]]:
    """Each node that can be met, and in how many objects and lists it lies."""
    if any(node is one for one in above):
        return
    inside = [one for one in above if one.get("type") in ("object", "array")]
    yield node, len(inside)
    named = node.get("$ref", "").removeprefix("#/$defs/")
    below = [
        *([root["$defs"][named]] if named else ()),
        *node.get("anyOf", ()),
        *node.get("properties", {}).values(),
        *([node["items"]] if "items" in node else ()),
    ]
    for one in below:
        yield from _nodes(one, root, (*above, node))


def _json(value: object) -> str:
    try:
        return to_json(value).decode()
    except PydanticSerializationError:
        return "the usual"
