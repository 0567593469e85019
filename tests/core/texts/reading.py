"""Reads the catalogues, and out of the code which texts are said with which values."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.core import texts
from bot.core.texts import LANGUAGES, Key

ROOT = Path(__file__).parents[3]
CATALOGUES = ROOT / "bot" / "core" / "texts" / "catalogues"
# How one person is spoken to, formally or not (English has one way): each company chooses.
ADDRESSING: Final = {
    "it": r"\w*[a-z]L[ae]|(?<=[a-z:,] )L[ae]|Lei|Su[ao]|Suoi|Sue|ti|te|tu|tu[ao]|tuoi|tue"
    r"|(?i:scusi|scriva|riscriva|riprovi|prema|chieda|ricontrolli|mostri|vuole|preferisce|può anche"
    r"|può \w+mi|può \w+la|scusa|scrivi|scrivimi|riprova|premi|allega di nuovo|chiedi|mostra|vuoi"
    r"|preferisci|puoi)",
    "ru": r"(?i:вы|вас|вам|вами|ваш\w*|ты|тебя|тебе|тобой|тво\w+|\w+[йиь]те|напиши|попробуй)",
}


@cache
def areas() -> tuple[type[Key], ...]:
    """The keys of each area, found in its module."""
    for module in pkgutil.iter_modules(texts.__path__, f"{texts.__name__}."):
        importlib.import_module(module.name)
    ours = (keys for keys in Key.__subclasses__() if keys.__module__.startswith(texts.__name__))
    return tuple(sorted(ours, key=area_of))


def area_of(keys: type[Key]) -> str:
    return next(iter(keys)).area


@cache
def catalogue(language: str, area: str) -> Catalog:
    with (CATALOGUES / language / f"{area}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def entries(language: str, area: str) -> dict[str, tuple[str, ...]]:
    """Each text by its msgid: its only form, or its plural forms."""
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue(language, area):
        if message.id:
            plural = isinstance(message.id, tuple)
            msgid = message.id[0] if plural else message.id
            found[str(msgid)] = tuple(message.string or ()) if plural else (str(message.string),)
    return found


def plurals(language: str, area: str) -> set[str]:
    """The msgids of the texts that have plural forms."""
    return {str(message.id[0]) for message in catalogue(language, area) if message.pluralizable}


def variables(form: str) -> set[str]:
    """What a text leaves to be filled in. Raises ValueError for a brace that is not closed."""
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


def addressed(language: str, text: str) -> list[str]:
    """The words of a text that speak to one person in one of the two ways."""
    return re.findall(rf"(?<!\w)(?:{ADDRESSING[language]})(?!\w)", text)


def needed(key: Key) -> set[str]:
    """The values that a text wants, in any language and form."""
    found = (entries(language, key.area).get(key.msgid, ()) for language in LANGUAGES)
    return {name for forms in found for form in forms for name in variables(form)}


@dataclass(frozen=True, slots=True)
class Call:
    """One `say` in the code; `values` is None when they cannot be told from it."""

    place: str
    keys: tuple[Key, ...]
    values: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Module:
    """A module's code, and the names that stand for areas in it."""

    place: str
    tree: ast.Module

    def used(self) -> Iterator[Key]:
        """Every text that is named; all of an area that is walked through."""
        areas_here = self._areas()
        for node in ast.walk(self.tree):
            yield from self._keys(node, areas_here)
            match node:
                case ast.For(iter=ast.Name(id=name)) | ast.comprehension(iter=ast.Name(id=name)):
                    yield from areas_here.get(name, ())
                case ast.Call(func=ast.Name(id=name), args=[_]):  # chosen by its name in the area
                    yield from areas_here.get(name, ())

    def calls(self) -> Iterator[Call]:
        """Every `say` of a text that is named."""
        areas_here = self._areas()
        for node in ast.walk(self.tree):
            match node:
                case ast.Call(func=ast.Name(id="say"), args=[text, *_], keywords=keywords):
                    keys = tuple(self._chosen(text, areas_here))
                    names = [keyword.arg for keyword in keywords]
                    known = frozenset(name for name in names if name)
                    values = None if None in names else known
                    yield Call(f"{self.place}:{node.lineno}", keys, values)

    def _areas(self) -> dict[str, type[Key]]:
        known = {keys.__name__: keys for keys in areas()}
        imported = {
            name.asname or name.name: known[name.name]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(texts.__name__)
            for name in node.names
            if name.name in known
        }
        return imported

    def _chosen(self, text: ast.expr, areas_here: dict[str, type[Key]]) -> Iterable[Key]:
        match text:
            case ast.IfExp(body=one, orelse=other):
                return [*self._chosen(one, areas_here), *self._chosen(other, areas_here)]
            case _:
                return self._keys(text, areas_here)

    @staticmethod
    def _keys(node: ast.AST, areas_here: dict[str, type[Key]]) -> Iterable[Key]:
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name in areas_here:
                found = areas_here[name].__members__.get(member)
                return () if found is None else (found,)
            case _:
                return ()


@cache
def modules() -> tuple[Module, ...]:
    """All of bot/."""
    return tuple(
        Module(str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8")))
        for path in sorted((ROOT / "bot").rglob("*.py"))
    )


@cache
def said() -> frozenset[str]:
    """The texts that bot/ names, by their msgids."""
    return frozenset(key.msgid for module in modules() for key in module.used())


@cache
def calls() -> tuple[Call, ...]:
    """Every `say` in bot/."""
    return tuple(call for module in modules() for call in module.calls())
