"""`sportello tools`: what there is, what is wrong with it, and a call without a model."""

import json
from pathlib import Path

import pytest
import structlog

from bot.cli.start import log_without
from bot.settings import Settings
from tests.cli.checking import Host
from tests.cli.conftest import Sportello
from tests.cli.test_clients import HEARD
from tests.cli.test_tenants import answer, change_database, complaint, meet_bot
from tests.tools.folder import HEAD, write

TOOLS = f'''{HEAD}
@tool(effect="read")
async def tides(context: ToolContext, day: int = 0) -> dict:
    """When the water is high."""
    told = (context.tenant, context.language, context.now.tzinfo, dict(context.facts))
    return {{"told": " ".join(map(str, told))}}

@tool(effect="write", timeout=0.01)
async def dredge(context: ToolContext, how: str) -> str:
    """Make the harbour deeper."""
    if how == "never":
        import asyncio
        await asyncio.Event().wait()
    if how == "fails":
        raise KeyError("the key of a client")
    if how == "no":
        raise ToolError("The harbour is deep enough.")
    return "Deeper."
'''

OURS = [
    *("hang_up", "opening_hours", "recall", "remember"),
    *("request_fields", "take_request", "transfer"),
]

ALL = sorted(["dredge", "tides", *OURS])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    write(made, "sea.py", TOOLS)
    monkeypatch.setenv("TOOLS_DIR", "mine")
    return made


@pytest.mark.usefixtures("folder")
def test_the_tools_are_listed(sportello: Sportello) -> None:
    told = sportello("tools", "list").stdout.splitlines()
    assert told[0].split() == ["NAME", "EFFECT", "ASKS", "FIRST", "FILE"]
    assert told[1].split() == ["dredge", "write", "yes", "mine/sea.py:10"]
    assert told[-2].split() == ["tides", "read", "no", "mine/sea.py:4"]
    found = answer(sportello, "tools", "list")
    assert [one["name"] for one in found] == ALL
    assert found[-2]["description"] == "When the water is high."


def test_without_a_folder_there_are_sportellos_own(sportello: Sportello) -> None:
    assert [one["name"] for one in answer(sportello, "tools", "list")] == OURS
    done = sportello("tools", "check")
    assert (done.exit_code, done.stdout) == (0, f"All can be used: {', '.join(OURS)}\n")


def test_all_that_is_wrong_is_told(sportello: Sportello, folder: Path) -> None:
    write(folder, "land.py", "x = 1\n")
    write(folder, "moon.py", "x = 1\nimport nowhere\n")
    write(folder, "sea.py", TOOLS.replace("day: int = 0", "day"))
    done = sportello("tools", "check")
    assert done.stdout.splitlines() == [
        "mine/land.py:1: it holds no tool: a function under @tool(effect=...)",
        "mine/moon.py:2: it cannot be loaded: ModuleNotFoundError of nowhere",
        "mine/sea.py:4: tides: day: its annotation is missing",
    ]
    assert (done.exit_code, done.stderr) == (1, "sportello: 3 problems\n")


@pytest.mark.parametrize("command", [("run",), ("tools", "list"), ("tools", "call", "tides")])
def test_nothing_starts_with_a_tool_that_cannot_be_used(
    sportello: Sportello, folder: Path, command: tuple[str, ...]
) -> None:
    write(folder, "land.py", "(")
    done = sportello(*command)
    assert done.exit_code == 2
    assert "mine/land.py:1: this is no Python" in done.stderr


@pytest.mark.usefixtures("folder")
def test_a_call_prints_what_the_model_would_be_told(sportello: Sportello) -> None:
    done = sportello("tools", "call", "tides", '{"day": null}')
    assert json.loads(done.stdout)["data"]["told"] == " it Europe/Rome {}"


@pytest.mark.usefixtures("folder")
def test_a_call_for_a_client_of_a_company(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    meet_bot()
    change_database(*HEARD)
    sportello("clients", "set", "-7", "room", "12")
    done = sportello("tools", "call", "tides", "--tenant", "gino", "--chat=-7")
    assert json.loads(done.stdout)["data"]["told"] == "gino it Europe/Rome {'room': '12'}"
    said = complaint(sportello, "tools", "call", "waves", "--tenant", "gino", code=1)
    assert said.endswith("What companies declare for themselves is switched off: TENANT_TOOLS")


@pytest.mark.usefixtures("folder")
def test_a_write_is_real_and_wants_a_yes(sportello: Sportello) -> None:
    said = complaint(sportello, "tools", "call", "dredge", '{"how": "well"}', code=1)
    assert said == "dredge changes something, and this would be real: say --yes to do it"
    done = sportello("tools", "call", "dredge", '{"how": "well"}', "--yes")
    assert done.stdout == '{"data":{"status":"success","message":"Deeper."}}\n'


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("no", "The harbour is deep enough."),
        ("never", "dredge took longer than 0.01 seconds"),
        ("fails", "dredge failed: KeyError in FOLDER/sea.py:16"),
    ],
)
def test_a_call_that_comes_to_nothing_says_so(
    sportello: Sportello, folder: Path, how: str, said: str
) -> None:
    given = json.dumps({"how": how})
    told = complaint(sportello, "tools", "call", "dredge", given, "--yes", code=1)
    assert told.replace(str(folder), "FOLDER") == said


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("waves",), f"there is no tool “waves”; there are {', '.join(ALL)}"),
        (("tides", "--chat", "7"), "--chat needs --tenant: of which company it is the client"),
        (("tides", "--tenant", "nobody"), "there is no tenant"),
        (("tides", '{"day": "x"}'), "day: Input should be a valid integer"),
    ],
)
def test_what_cannot_be_called_is_told(
    sportello: Sportello, arguments: tuple[str, ...], said: str
) -> None:
    sportello("tenants", "create", "gino")
    assert said in complaint(sportello, "tools", "call", *arguments, code=1)


@pytest.mark.usefixtures("folder")
async def test_the_check_of_everything_knows_the_tools(host: Host) -> None:
    line = f"ok       Tools     all can be used: {', '.join(ALL)}"
    assert line in await host.reads()


async def test_the_check_of_everything_tells_what_is_wrong(host: Host, folder: Path) -> None:
    write(folder, "land.py", "x = 1\n")
    told = "Tools     mine/land.py:1: it holds no tool: a function under @tool(effect=...)"
    assert await host.reads_of_a_problem() == told


def test_a_tool_that_a_profile_names_and_that_is_not_there_is_told(
    sportello: Sportello, tmp_path: Path
) -> None:
    file = tmp_path / "gino.toml"
    file.write_text(
        'tools = ["waves", "mcp:sea"]\n[assistants.vip]\ntools = ["opening_hours", "tides"]\n'
    )
    sportello("tenants", "apply", "gino.toml")
    told = sportello("check").stdout.splitlines()
    assert f"ok       Tools     all can be used: {', '.join(OURS)}" in told
    assert "warning  Tools     profiles name some that are not there: tides, waves" in told
    assert "warning  Tools     profiles name some that TENANT_TOOLS does not allow: mcp:sea" in told


def test_what_a_tool_keeps_secret_is_in_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    log_without(Settings(), ["calendar-secret"])
    structlog.get_logger().warning("tool failed", text="a calendar-secret here")
    assert "a *** here" in capsys.readouterr().err
