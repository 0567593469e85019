"""A call of a tool: what it is given, and what the model is told of it."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls import RESULT_BYTES
from bot.errors import ToolError
from bot.ports import Tool
from bot.tools import ToolContext
from bot.tools.kit.results import output_of
from tenants.profile import Profile
from tests.tools.folder import HEAD, NOTHING, found_in, write

CONTEXT = ToolContext("aurora", 7, "it", "key-1", datetime(2026, 12, 24, 10, tzinfo=UTC), 10.0)


def tool_from(folder: Path, text: str, **environment: str) -> Tool:
    write(folder, "it.py", HEAD + text)
    found = found_in(folder, environment or NOTHING)
    assert found.faults == []
    return found.tools["it"]


def data(output: str | None) -> dict[str, Any]:
    assert output is not None
    told: dict[str, Any] = json.loads(output)["data"]
    return told


@pytest.mark.parametrize("kind", ["async def", "def"])
async def test_a_function_is_called_with_its_context_and_arguments(
    tmp_path: Path, kind: str
) -> None:
    it = tool_from(
        tmp_path,
        f"""
from datetime import date
@tool(effect="read")
{kind} it(context: ToolContext, day: date, people: int = 2) -> dict:
    \"\"\"Look.\"\"\"
    return {{"day": day, "told": f"{{type(day).__name__}} {{people}} {{context.tenant}}"}}
""",
    )
    output = await it.call(CONTEXT, '{"day": "2026-12-24", "people": null}')
    assert output == (
        '{"data":{"status":"success","message":"Done.","day":"2026-12-24","told":"date 2 aurora"}}'
    )


async def test_a_function_that_waits_holds_up_nobody_else(tmp_path: Path) -> None:
    it = tool_from(
        tmp_path,
        """
import threading
GATE = threading.Event()
@tool(effect="read")
def it(context: ToolContext, opens: bool) -> str:
    \"\"\"Wait for the other call.\"\"\"
    if opens:
        GATE.set()
    GATE.wait()
    here = threading.current_thread()
    return f"{here.name} {here.daemon}"
""",
    )
    waits = asyncio.create_task(it.call(CONTEXT, '{"opens": false}'))
    await asyncio.sleep(0)
    assert data(await it.call(CONTEXT, '{"opens": true}'))["message"] == "tool True"
    assert data(await waits)["message"] == "tool True"


@pytest.mark.parametrize("kind", ["async def", "def"])
async def test_what_a_function_raises_is_raised(tmp_path: Path, kind: str) -> None:
    it = tool_from(
        tmp_path,
        f"""
@tool(effect="write")
{kind} it(context: ToolContext, bad: bool) -> str:
    \"\"\"Fail.\"\"\"
    if bad:
        raise KeyError("x")
    raise ToolError("No table is free: offer another day.")
""",
    )
    with pytest.raises(ToolError, match=r"^No table is free: offer another day\.$"):
        await it.call(CONTEXT, '{"bad": false}')
    with pytest.raises(KeyError):
        await it.call(CONTEXT, '{"bad": true}')


async def test_arguments_that_do_not_fit_call_nothing(tmp_path: Path) -> None:
    it = tool_from(
        tmp_path,
        """
@tool(effect="write")
async def it(context: ToolContext, people: int) -> str:
    \"\"\"Fail.\"\"\"
    raise KeyError
""",
    )
    with pytest.raises(ToolError, match="people: Input should be a valid integer"):
        await it.call(CONTEXT, '{"people": "many"}')
    with pytest.raises(ToolError, match="people: Input should be a valid integer"):
        it.check('{"people": "many"}')


SECRET = 'k"7é-secret'


async def test_a_secret_reaches_its_own_tool_and_never_the_model(tmp_path: Path) -> None:
    it = tool_from(
        tmp_path,
        """
@tool(effect="read", secrets=("CALENDAR_KEY",))
async def it(context: ToolContext, fail: bool) -> dict:
    \"\"\"Look.\"\"\"
    told = f"{len(context.secrets)} {context.secrets['CALENDAR_KEY']}"
    if fail:
        raise ToolError(told)
    return {"told": told}
""",
        CALENDAR_KEY=SECRET,
        OTHER_KEY="other",
    )
    given = replace(CONTEXT, secrets={"OTHER_KEY": "other"})
    assert data(await it.call(given, '{"fail": false}'))["told"] == "1 •••"
    with pytest.raises(ToolError, match=r"^1 •••$"):
        await it.call(given, '{"fail": true}')


async def test_a_probe_says_what_was_carried_out(tmp_path: Path) -> None:
    it = tool_from(
        tmp_path,
        """
async def look(context: ToolContext, table: int) -> str | None:
    return "Booked." if table == 7 and context.key == "key-1" else None

@tool(effect="write", probe=look)
async def it(context: ToolContext, table: int) -> str:
    \"\"\"Book.\"\"\"
    return ""
""",
    )
    assert it.probes
    with pytest.raises(TypeError, match="opening_hours has no probe"):
        await found_in(tmp_path).tools["opening_hours"].probe(CONTEXT, "{}")
    assert data(await it.probe(CONTEXT, '{"table": 7}'))["message"] == "Booked."
    assert await it.probe(CONTEXT, '{"table": 8}') is None


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (None, {"status": "success", "message": "Done."}),
        ("", {"status": "success", "message": "Done."}),
        ({}, {"status": "success", "message": "Done."}),
        ("Booked.", {"status": "success", "message": "Booked."}),
        ({"table": 7}, {"status": "success", "message": "Done.", "table": 7}),
        ({"status": "failure"}, {"status": "failure", "message": "It was not done."}),
        ({"status": "failure", "message": "Full."}, {"status": "failure", "message": "Full."}),
        (
            {"data": {"status": "failure", "message": "Full.", "next": date(2026, 12, 25)}},
            {"status": "failure", "message": "Full.", "next": "2026-12-25"},
        ),
        ({"data": [1]}, {"status": "success", "message": "Done.", "data": [1]}),
        (
            {"status": "confirmed", "table": 7},
            {
                **{"status": "success", "message": "Done."},
                "result": {"status": "confirmed", "table": 7},
            },
        ),
        ("Sì \ud83d!", {"status": "success", "message": "Sì ?!"}),
        ({"x": float("nan")}, {"status": "success", "message": "Done.", "x": None}),
    ],
    ids=lambda one: str(one).encode("ascii", "replace").decode()[:40],
)
def test_what_the_model_is_told_of_a_result(result: object, told: dict[str, Any]) -> None:
    assert data(output_of(result)) == told


@pytest.mark.parametrize(
    "result", [[1], 3, True, {1}, {"x": {"y": print}}, {"x": b"\xff"}], ids=repr
)
def test_what_cannot_be_told_is_raised(result: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        output_of(result)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4_000),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values | st.dictionaries(st.sampled_from(["status", "data", "message"]), json_values))
def test_an_output_has_the_one_form_whatever_comes_back(result: object) -> None:
    try:
        output = output_of(result)
    except TypeError:
        output = output_of("nothing that can be told")
    assert len(output.encode()) <= RESULT_BYTES
    assert data(output)["status"] in ("success", "failure")
    assert data(output)["message"]


@pytest.mark.parametrize("way", ["def", "async def"])
async def test_one_that_ends_the_process_has_failed(tmp_path: Path, way: str) -> None:
    body = '    "x"\n    raise SystemExit(1)\n'
    leaves = f'@tool(effect="write")\n{way} it(c: ToolContext) -> str:\n{body}'
    tool = tool_from(tmp_path, leaves)
    with pytest.raises(RuntimeError, match="SystemExit"):
        await tool.call(CONTEXT, "{}")


def test_what_is_too_long_is_cut_and_says_so() -> None:
    told = data(output_of({"message": "Found.", "rows": ["Привет"] * 3_000}))
    assert (told["status"], told["message"]) == ("success", "Found.")
    assert told["note"].startswith("There is more than can be told")
    assert len(told["cut"].encode()) > RESULT_BYTES // 2


HOURS = Profile(opening_hours="Mon-Fri 9-13, 15-18; Sat 20-2; Sun 0-24; 25 Dec closed").hours


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"day": null}', {"message": "Open.", "open": ["09:00-13:00", "15:00-18:00"]}),
        ('{"day": "2026-12-25"}', {"message": "Closed.", "open": []}),
        ('{"day": "2026-12-26"}', {"message": "Open.", "open": ["20:00-02:00"]}),
        ('{"day": "2026-12-27"}', {"message": "Open day and night."}),
    ],
)
async def test_the_hours_of_a_date(tmp_path: Path, arguments: str, told: dict[str, Any]) -> None:
    write(tmp_path, "it.py", f'{HEAD}@tool(effect="read")\ndef it(c: ToolContext): "x"\n')
    hours = found_in(tmp_path).tools["opening_hours"]
    output = data(await hours.call(replace(CONTEXT, hours=HOURS), arguments))
    assert output.items() >= told.items()
    with pytest.raises(ToolError, match="do not guess"):
        await hours.call(CONTEXT, arguments)
