"""A host's folder of tools, written in a test."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from bot.tools.kit.discovery import Discovered, discover

HEAD = "from bot.tools import ToolContext, ToolError, tool\n"
NOTHING: Mapping[str, str] = {}


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(dedent(text), encoding="utf-8")
    return file


def found_in(folder: Path, environment: Mapping[str, str] = NOTHING) -> Discovered:
    return discover(folder, environment)


def faults(folder: Path, environment: Mapping[str, str] = NOTHING) -> list[str]:
    """Each with its file and line, the folder left out."""
    return [str(fault).removeprefix(f"{folder}/") for fault in found_in(folder, environment).faults]
