"""Small faults of a module, made from its syntax: what could stand there by mistake."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
OTHER: Final[Mapping[type[Any], type[Any]]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult},
    **{ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd},
}
# What is only told to the log, and what no run reaches.
UNTRIED: Final = ("record", "assert_never")


@dataclass(frozen=True, slots=True)
class Fault:
    """A function with other code."""

    path: str
    line: int
    name: str  # the function's
    change: str
    first_line: int
    code: CodeType

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}: {self.change}"

    @property
    def known_as(self) -> str:
        """How the explanations name it: the lines of a file change."""
        return f"{self.path} {self.name}: {self.change}"


def faults_of(path: str) -> Iterator[Fault]:
    """Each fault of a module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for function in _functions(tree):
        made = Counter[str]()
        for holder, key, node in _nodes(function):
            for other in _others(node):
                _put(holder, key, ast.copy_location(other, node))
                ast.fix_missing_locations(tree)
                code = compile(tree, str(ROOT / path), "exec", dont_inherit=True)
                _put(holder, key, node)
                if found := _find(code, function.name, _first_line(function)):
                    change = f"{_shown(node)} -> {_shown(other)}"
                    made[change] += 1
                    if made[change] > 1:  # each has a name of its own, to be explained by
                        change = f"{change} ({made[change]})"
                    line = node.lineno
                    yield Fault(path, line, found.co_qualname, change, found.co_firstlineno, found)


def _functions(body: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those that are no other function's."""
    for node in body.body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


Key = tuple[str, int | None]


def _nodes(within: ast.AST) -> Iterator[tuple[ast.AST, Key, Any]]:
    """What a function does, each node with where it stands."""
    for name, value in ast.iter_fields(within):
        if name in {"args", "decorator_list", "returns", "annotation"} and not isinstance(
            within, ast.Call
        ):
            continue
        if isinstance(within, ast.keyword) and within.arg == "strict":  # what it zips is as long
            continue
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, ast.expr | ast.stmt):
                yield within, (name, index if isinstance(value, list) else None), one
            if isinstance(one, ast.AST):
                yield from _nodes(one)


def _put(holder: ast.AST, key: Key, node: ast.AST) -> None:
    name, index = key
    if index is None:
        setattr(holder, name, node)
    else:
        getattr(holder, name)[index] = node


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand there by mistake."""
    match node:
        case ast.Compare(left, [op], right) if type(op) in OTHER:
            yield ast.Compare(left, [OTHER[type(op)]()], right)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OTHER[type(op)](), values)
        case ast.BinOp(left, op, right) if type(op) in OTHER:
            yield ast.BinOp(left, OTHER[type(op)](), right)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.IfExp(ast.Name() | ast.Attribute() | ast.Call() | ast.Await() as test, one, other):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), one, other)
        case ast.If(ast.Name() | ast.Attribute() | ast.Call() | ast.Await() as test, body, orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call() | ast.Await()) if not _called(node.value).endswith(UNTRIED):
            yield ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _shown(node: ast.AST) -> str:
    """In one line; of a statement with others in it, what it asks."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """As code objects have it: a decorator's, where there is one."""
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def _find(code: CodeType, name: str, first_line: int) -> CodeType | None:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if (one.co_name, one.co_firstlineno) == (name, first_line):
                return one
            if found := _find(one, name, first_line):
                return found
    return None
