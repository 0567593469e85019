"""The tools of a folder, and all that is wrong with them, each with its file and line."""

import ast
import importlib
import sys
import traceback
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from bot.tools.kit.declare import terms_of
from bot.tools.kit.function import FunctionTool
from bot.tools.kit.making import Environment, ToolFile, make

DEFAULTS: Final = Path(__file__).parents[1]
_PACKAGE: Final = "bot.tools"
_HIDDEN: Final = "_"  # a file whose name begins so holds what several tools share


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend before a start."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Discovered:
    """The tools by name, in the order of their names, and what is to be mended."""

    tools: Mapping[str, FunctionTool]
    faults: Sequence[Fault]


def discover(folder: Path | None, environment: Environment) -> Discovered:
    """Sportello's own tools, and those of the host's folder."""
    tools: dict[str, FunctionTool] = {}
    faults: list[Fault] = []
    for one in _all(folder, environment):
        if isinstance(one, Fault):
            faults.append(one)
        elif first := tools.get(one.definition.name):
            told = f"{one.definition.name}: there is one of this name in {first.file}:{first.line}"
            faults.append(Fault(one.file, one.line, told))
        else:
            tools[one.definition.name] = one
    return Discovered(dict(sorted(tools.items())), sorted(faults))


def _all(folder: Path | None, environment: Environment) -> Iterator[FunctionTool | Fault]:
    yield from _of(DEFAULTS, _PACKAGE, environment)
    if folder is None:
        return
    if not folder.is_dir():
        yield Fault(folder, 0, "it is no folder")
    elif not _files(folder):
        yield Fault(folder, 0, "it holds no tool: no file NAME.py")
    else:
        yield from _of(folder, _package(folder), environment)


def _files(folder: Path) -> Sequence[Path]:
    return sorted(file for file in folder.glob("*.py") if not file.name.startswith(_HIDDEN))


def _package(folder: Path) -> str:
    """A package for the folder: its files find each other, and hide no module of Python's."""
    name = f"tools_{zlib.crc32(str(folder.resolve()).encode()):08x}"
    for loaded in [one for one in sys.modules if one.split(".")[0] == name]:
        del sys.modules[loaded]
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    importlib.invalidate_caches()
    return name


def _of(folder: Path, package: str, environment: Environment) -> Iterator[FunctionTool | Fault]:
    for file in _files(folder):
        read = _read(file, package)
        yield from [read] if isinstance(read, Fault) else _in(read, environment)


def _read(file: Path, package: str) -> ToolFile | Fault:
    try:
        tree = ast.parse(file.read_bytes(), str(file))
        compile(tree, str(file), "exec")  # only now `return` outside of a function is seen
    except SyntaxError as error:
        return Fault(file, error.lineno or 1, f"this is no Python: {error.msg}")
    except (OSError, ValueError):
        return Fault(file, 1, "this cannot be read as Python")
    try:
        return ToolFile(file, tree, importlib.import_module(f"{package}.{file.stem}"))
    except (Exception, SystemExit) as error:
        return Fault(file, _line(error, file), f"it cannot be loaded: {_cause(error)}")


def _line(error: BaseException, file: Path) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == file.absolute()]
    return (lines[-1] or 1) if lines else 1


def _cause(error: BaseException) -> str:
    """Its kind; no other text, which could hold anything."""
    name = type(error).__name__
    return f"{name} of {error.name}" if isinstance(error, ImportError) and error.name else name


def _in(source: ToolFile, environment: Environment) -> Iterator[FunctionTool | Fault]:
    """The tools of one file, in its order."""
    functions = [
        one
        for one in vars(source.module).values()
        if terms_of(one) and one.__module__ == source.module.__name__
    ]
    if not functions:
        yield Fault(source.file, 1, "it holds no tool: a function under @tool(effect=...)")
    for node in source.defined_again():
        yield Fault(source.file, node.lineno, f"{node.name}: this file has one of this name above")
    for function in functions:
        made = make(function, source, environment)
        if isinstance(made, FunctionTool):
            yield made
        else:
            yield from _faults(source.file, made)


def _faults(file: Path, wrong: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    for line, text in wrong:
        yield Fault(file, line, text)
