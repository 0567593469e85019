"""A function under `@tool` made a tool, or what keeps it from being one."""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, get_type_hints

from bot.core.calls import TURN_SECONDS, Effect, ToolDefinition
from bot.ports.tools import ToolContext
from bot.tools.kit.declare import Function, Terms, terms_of
from bot.tools.kit.function import FunctionTool
from bot.tools.kit.schema import Untellable, parameters_of, refusal

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_SECRET: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TITLE: Final = 60  # characters
_BY_NAME: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)

Environment = Mapping[str, str]
Wrong = tuple[int, str]  # on which line, what
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class ToolFile:
    """A file: what stands in it, and what came of it."""

    file: Path
    tree: ast.Module
    module: ModuleType

    def definition(self, function: Function) -> Definition:
        """Where the function stands."""
        return [node for node in self._definitions() if node.name == function.__name__][-1]

    def defined_again(self) -> Iterator[Definition]:
        """Those that take the place of a tool above them in the file."""
        decorated = [node for node in self._definitions() if node.decorator_list]
        seen: Counter[str] = Counter()
        for node in decorated:
            seen[node.name] += 1
            if seen[node.name] > 1:
                yield node

    def _definitions(self) -> Iterator[Definition]:
        yield from (node for node in self.tree.body if isinstance(node, Definition))


def make(
    function: Function, source: ToolFile, environment: Environment
) -> FunctionTool | Sequence[Wrong]:
    """The tool that a function is declared to be, or each thing that is wrong with it."""
    node, terms = source.definition(function), terms_of(function)
    assert terms is not None  # noqa: S101 - the caller looks for those that have some
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception as error:  # whatever an annotation does
        return [(node.lineno, f"{node.name}: its annotations cannot be read: {_kind(error)}")]
    context, given = _parameters(function, hints)
    wrong = [
        *_wrong_function(function, node),
        *_wrong_context(context, node),
        *_wrong_parameters(given, node),
        *_wrong_terms(terms, function, environment, node.lineno),
    ]
    if wrong:
        return [(line, f"{node.name}: {text}") for line, text in wrong]
    try:
        parameters = parameters_of(node.name, given)
    except Untellable as error:  # each alone is fine
        return [(node.lineno, f"{node.name}: {error}")]
    effect = Effect(terms.effect)
    return FunctionTool(
        definition=ToolDefinition(
            node.name, _first_paragraph(function), parameters.schema, terms.titles or {}
        ),
        effect=effect,
        timeout=float(terms.timeout),
        confirm=effect is Effect.WRITE if terms.confirm is None else terms.confirm,
        idempotent=terms.idempotent,
        on_phone=terms.on_phone,
        function=function,
        prober=terms.probe,
        parameters=parameters,
        file=source.file,
        line=node.lineno,
        secrets={name: environment[name] for name in terms.secrets},
    )


def _parameters(
    function: Function, hints: Mapping[str, Any]
) -> tuple[inspect.Parameter | None, Sequence[inspect.Parameter]]:
    """The first and the others, with the types that their annotations name."""
    parameters = [
        one.replace(annotation=hints.get(one.name, one.empty))
        for one in inspect.signature(function).parameters.values()
    ]
    return (parameters[0] if parameters else None), parameters[1:]


def _kind(error: Exception) -> str:
    name = getattr(error, "name", None)
    return f"{type(error).__name__} of {name}" if name else type(error).__name__


def _first_paragraph(function: Function) -> str:
    paragraph, _, _ = (inspect.getdoc(function) or "").strip().partition("\n\n")
    return " ".join(paragraph.split())


def _wrong_function(function: Function, node: Definition) -> Iterator[Wrong]:
    if not _NAME.fullmatch(function.__name__):
        yield node.lineno, "a name has at most 64 of a-z, A-Z, 0-9 and _"
    if not _first_paragraph(function):
        yield node.lineno, "its docstring is missing: it tells the model when to call it"
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        yield node.lineno, "a tool returns its result, and does not yield"


def _wrong_context(context: inspect.Parameter | None, node: Definition) -> Iterator[Wrong]:
    first = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if not context or context.kind not in first or context.annotation is not ToolContext:
        yield node.lineno, "its first parameter must be a ToolContext"


def _wrong_parameters(given: Sequence[inspect.Parameter], node: Definition) -> Iterator[Wrong]:
    arguments = node.args
    written = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    stars = filter(None, (arguments.vararg, arguments.kwarg))
    lines = {one.arg: one.lineno for one in (*written, *stars)}
    for one in given:
        if why := _why_not(one):
            yield lines.get(one.name, node.lineno), f"{one.name}: {why}"


def _why_not(parameter: inspect.Parameter) -> str:
    if _is_starred(parameter):
        return "each parameter must have a name: no * and no **"
    if parameter.kind not in _BY_NAME:
        return "it must be one that can be given by name"
    if parameter.annotation is inspect.Parameter.empty:
        return "its annotation is missing"
    return refusal(parameter)


def _is_starred(parameter: inspect.Parameter) -> bool:
    return parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _wrong_terms(
    terms: Terms, function: Function, environment: Environment, line: int
) -> Iterator[Wrong]:
    if terms.effect not in tuple(Effect):
        yield line, 'its effect must be "read" or "write"'
    if not _is_seconds(terms.timeout):
        yield line, f"its timeout must be above 0 and at most {TURN_SECONDS:g} seconds"
    if terms.probe is not None and _names(terms.probe) != _names(function):
        yield line, "its probe must have the same parameters"
    for name in [terms.secrets] if isinstance(terms.secrets, str) else terms.secrets:
        if isinstance(terms.secrets, str) or not _SECRET.fullmatch(str(name)):
            yield line, 'its secrets must be names, such as ("CALENDAR_KEY",)'
        elif not environment.get(name):
            yield line, f"{name} is not set"
    yield from ((line, text) for text in _wrong_titles(terms.titles or {}, function))


def _wrong_titles(titles: object, function: Function) -> Iterator[str]:
    known = {function.__name__, *_names(function)}
    for language, words in titles.items() if isinstance(titles, Mapping) else [("", titles)]:
        if not isinstance(words, Mapping) or not all(map(_is_title, words.values())):
            yield f'its titles must be such as {{"it": {{"{function.__name__}": "..."}}}}'
        elif unknown := [str(name) for name in words if name not in known]:
            yield f"its titles in {language!r} name what it has not got: {', '.join(unknown)}"


def _is_title(words: object) -> bool:
    return isinstance(words, str) and words.isprintable() and 0 < len(words.strip()) <= _TITLE


def _is_seconds(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < float(str(value)) <= TURN_SECONDS


def _names(function: Function) -> list[str]:
    return list(inspect.signature(function).parameters)[1:]
