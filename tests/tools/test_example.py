"""The example that ships with the documentation, and the page that tells of it, as written."""

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ToolError
from bot.ports import Tool, ToolContext
from scripts.tools_page import PAGE, render
from tests.tools.folder import faults, found_in

HERE = Path(__file__).parents[2]
EXAMPLE = HERE / "docs" / "examples" / "tools"
HOW_TO = (HERE / "docs" / "how-to" / "write-a-tool.md").read_text(encoding="utf-8")
BOOKING = '{"day": "2026-12-24", "at": "20:30:00", "people": 2, "name": "Ada"}'
CONTEXT = ToolContext("gino", 7, "it", "key-1", datetime(2026, 12, 1, 10, tzinfo=UTC), 10.0)


def copied(folder: Path) -> Path:
    """The example's files in another checkout, and none of what somebody tried with it."""
    tools = folder / "docs" / "examples" / "tools"
    shutil.copytree(EXAMPLE, tools, ignore=lambda _, names: [n for n in names if n[-3:] != ".py"])
    return tools


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture
def tools(folder: Path) -> dict[str, Tool]:
    found = found_in(folder)
    assert found.faults == []
    return dict(found.tools)


def bookings(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "bookings.json").read_text()).values())


async def free(tools: dict[str, Tool]) -> list[str]:
    output = await tools["free_tables"].call(CONTEXT, '{"day": "2026-12-24", "people": null}')
    found: list[str] = json.loads(output)["data"]["free"]
    return found


async def test_a_table_is_booked_once_under_one_key(folder: Path, tools: dict[str, Tool]) -> None:
    book = tools["book_table"]
    assert await book.probe(CONTEXT, BOOKING) is None
    first = await book.call(CONTEXT, BOOKING)
    assert await book.call(CONTEXT, BOOKING) == first
    assert await book.probe(CONTEXT, BOOKING) is not None
    assert bookings(folder) == [{"day": "2026-12-24", "time": "20:30", "people": 2, "name": "Ada"}]


async def test_what_is_booked_out_is_offered_no_more(tools: dict[str, Tool]) -> None:
    for number in range(3):
        assert "20:30" in await free(tools)
        await tools["book_table"].call(replace(CONTEXT, key=f"key-{number}"), BOOKING)
    assert "20:30" not in await free(tools)
    with pytest.raises(ToolError, match="No table is free then"):
        await tools["book_table"].call(replace(CONTEXT, key="key-9"), BOOKING)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"day": "2026-12-24", "people": 7}', "A table has 6 seats"),
        ('{"day": "2026-11-30", "people": 2}', "That day is over"),
    ],
)
async def test_what_cannot_be_is_told_with_what_to_do(
    tools: dict[str, Tool], arguments: str, told: str
) -> None:
    with pytest.raises(ToolError, match=told):
        await tools["free_tables"].call(CONTEXT, arguments)


def blocks(language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", HOW_TO, re.DOTALL | re.MULTILINE)
    return [text for named, text in found if named == language]


async def test_the_ten_lines_of_the_page_book_a_table(folder: Path) -> None:
    code = blocks("python")[0]
    (folder / "book_table.py").write_text(code)
    found = found_in(folder)
    assert found.faults == []
    arguments = json.loads(BOOKING)
    await found.tools["book_table"].call(CONTEXT, json.dumps(arguments))
    assert [one["name"] for one in bookings(folder)] == ["Ada"]
    lines = [line for line in code.splitlines() if line.strip()]
    assert len([line for line in lines if not line.startswith(("from", "import"))]) <= 10


def test_the_page_of_reference_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"


def test_the_example_has_nothing_to_mend(folder: Path) -> None:
    assert faults(folder) == []
