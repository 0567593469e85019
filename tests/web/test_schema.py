"""The API as its own description has it: whatever is asked, it answers, and as it says there."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

import pytest

from db.api_keys import Scope
from tests.scenarios.stage import Stage
from tests.web.conftest import Programs
from tests.web.reader import Reader

CHECKS: Final = (
    *("status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "response_headers_conformance"),
    "is_well_or_paused",
)
HOOKS: Final = "tests.web.schema_checks"
BESIDE: Final = r"^/(v1/(threads|models|chat/)|ask|api/|health$|$)"  # bot/gateways
ROOT: Final = Path(__file__).parents[2]
RUN: Final = "from schemathesis.cli import schemathesis; schemathesis()"


async def test_it_is_described_where_it_is_served(page: Reader) -> None:
    described = (await page.asks("GET", "/openapi.json")).body
    assert described["openapi"] == "3.1.0"
    assert {*described["components"]["schemas"]} > {"NewMessage", "Problem", "Event"}
    used = json.dumps(described["paths"])
    names = {name for name in described["components"]["schemas"] if f'schemas/{name}"' not in used}
    assert names == {"Message", "Event", "Key", "Proof", "SentFile"}, "those are within others"


@pytest.mark.long
@pytest.mark.parametrize("served", ["--exclude-path-regex", "--include-path-regex"])
async def test_whatever_is_asked_is_answered_as_described(
    stage: Stage, page: Reader, program: Programs, served: str, tmp_path: Path
) -> None:
    """The API, and what stands beside it. A company that pauses needs no model; nothing fails."""
    crm = await program(*Scope)
    await stage.runs("UPDATE tenants SET state = 'paused'")
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN, "run", f"{page.url}/openapi.json"),
        *(served, BESIDE),
        *("--header", f"Authorization: Bearer {crm.token}", "--checks", ",".join(CHECKS)),
        *("--max-examples", "25", "--seed", "1", "--request-timeout", "60", "--no-color"),
        cwd=tmp_path,  # what it keeps
        env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await run.communicate()
    assert run.returncode == 0, told.decode()
    stage.may_warn("too fast")
